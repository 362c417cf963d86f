"""What a login that is no superuser must be able to do before a restore is begun: it would fail halfway otherwise."""

import psycopg
from django.db import connection
from psycopg import sql

from gis.accounts.scope import RUNTIME_ROLE
from gis.errors import WanggeError

#: A database that a superuser has made with the extensions in it, for owners who may not create them: PostGIS is none
#: of those that PostgreSQL trusts everybody with.
TEMPLATE = "wangge_template"

_MAY = "SELECT rolsuper, rolcreatedb, rolcreaterole, rolname FROM pg_roles WHERE rolname = current_user"
_SEES = "SELECT rolsuper OR rolbypassrls, rolname FROM pg_roles WHERE rolname = current_user"
_OWNS = "SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = %s"
_BELONGS = "SELECT pg_has_role(oid, 'MEMBER') FROM pg_roles WHERE rolname = %s"


def check_sees(outside: psycopg.Connection) -> None:
    """Whether row-level security, which binds the owner of a table, too, hides nothing. Raises WanggeError."""
    everything, name = outside.execute(_SEES).fetchone()
    if not everything:
        raise _lacks(name, "does not see every row", f"ALTER ROLE {_quoted(outside, name)} BYPASSRLS;")


def template(outside: psycopg.Connection) -> str:
    """The database to begin with: an empty one, or for who is no superuser the prepared one. Raises WanggeError."""
    superuser, databases, _roles, name = outside.execute(_MAY).fetchone()
    if superuser:
        return "template0"
    if not databases:
        raise _lacks(name, "may not create a database", f"ALTER ROLE {_quoted(outside, name)} CREATEDB;")
    if outside.execute("SELECT FROM pg_database WHERE datname = %s AND datistemplate", [TEMPLATE]).rowcount == 0:
        raise _lacks(
            name,
            "may not create the extension postgis",
            f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 ENCODING 'UTF8' IS_TEMPLATE true; and in it CREATE"
            " EXTENSION postgis; CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gist; GRANT INSERT ON"
            f" spatial_ref_sys TO {_quoted(outside, name)};",
        )
    return TEMPLATE


def check_swap(outside: psycopg.Connection) -> None:
    """Whether the usual database may be renamed. Raises WanggeError."""
    usual = connection.settings_dict["NAME"]
    owns = outside.execute(_OWNS, [usual]).fetchone()
    if owns and not owns[0]:
        *_rest, name = outside.execute(_MAY).fetchone()
        fix = f"ALTER DATABASE {_quoted(outside, usual)} OWNER TO {_quoted(outside, name)};"
        raise _lacks(name, f"does not own the database {usual}", fix)


def ensure_roles(outside: psycopg.Connection, owner: str) -> None:
    """The logins that the backup's rights name: the server's, and whoever owned it where it was made.

    Raises WanggeError where one is missing that this login may not create or act for.
    """
    superuser, _databases, roles, name = outside.execute(_MAY).fetchone()
    for role in (RUNTIME_ROLE, owner):
        belongs = outside.execute(_BELONGS, [role]).fetchone()
        if belongs is None and not (superuser or roles):
            raise _lacks(name, "may not create a role", f"CREATE ROLE {_quoted(outside, role)} NOLOGIN;")
        if belongs is None:
            outside.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
            outside.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))
        elif role == owner and not belongs[0]:
            fix = f"GRANT {_quoted(outside, role)} TO {_quoted(outside, name)};"
            raise _lacks(name, f"does not act for {role}, whose rights the backup holds", fix)


def _lacks(login: str, what: str, fix: str) -> WanggeError:
    return WanggeError(f"The login {login} {what}.", fix=f"Let a superuser of the server run: {fix}")


def _quoted(outside: psycopg.Connection, name: str) -> str:
    return sql.Identifier(name).as_string(outside)

"""The database server: there, new enough, its logins and walls as they must be."""

from collections.abc import Iterator

from django.apps import apps
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from gis.accounts.scope import RUNTIME_ROLE
from web.operation.doctor.finding import Finding
from web.start.postgres import OLDEST_POSTGIS, OLDEST_POSTGRES

_EXTENSIONS = ("postgis", "pg_trgm", "btree_gist")
#: Personal tables that no key to a person gives away.
_WALLED = (
    "attachment", "dispute", "disputelook", "disputemeeting", "disputeparty", "doornote", "gone", "hotlinerow",
    "household", "lifeevent", "lifeeventwithdrawal", "merge", "neighbour", "organisation", "organisationcheck",
    "paststays", "reading", "reporter", "resident", "retired", "sharedrow", "sheetrow", "visitwithdrawal",
)  # fmt: skip


#: Tables that the login of the server cannot read: a migration made them where no default privileges were set.
_CLOSED = """
SELECT relname FROM pg_class c JOIN pg_roles r ON rolname = %s
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT has_table_privilege(r.oid, c.oid, 'SELECT')
ORDER BY 1"""


def _rows(statement: str, params: list | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def reachable(_full: bool) -> Iterator[Finding]:
    try:
        _rows("SELECT 1")
    except DatabaseError:
        yield Finding("database", "The database does not answer.", "python3 manage.py up --no-serve")


def versions(_full: bool) -> Iterator[Finding]:
    if connection.pg_version < OLDEST_POSTGRES * 10000:
        yield Finding("versions", f"PostgreSQL is older than {OLDEST_POSTGRES}.", "upgrade the server.")
    held = dict(_rows("SELECT extname, extversion FROM pg_extension"))
    for name in _EXTENSIONS:
        if name not in held:
            yield Finding("versions", f"The extension {name} is missing.", f"in the database: CREATE EXTENSION {name};")
    if "postgis" in held and tuple(map(int, held["postgis"].split(".")[:2])) < OLDEST_POSTGIS:
        yield Finding("versions", "PostGIS is older than 3.2.", "upgrade it, then: ALTER EXTENSION postgis UPDATE;")


def login(_full: bool) -> Iterator[Finding]:
    ((sees, name),) = _rows("SELECT rolsuper OR rolbypassrls, rolname FROM pg_roles WHERE rolname = current_user")
    if not sees:
        yield Finding("login", f"{name} does not see every row.", f'ALTER ROLE "{name}" BYPASSRLS;')
    found = _rows("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [RUNTIME_ROLE])
    if not found:
        yield Finding("login", f"The login {RUNTIME_ROLE} is missing.", f"CREATE ROLE {RUNTIME_ROLE}; then migrate.")
    elif found[0][0]:
        yield Finding(
            "login",
            f"{RUNTIME_ROLE} steps over row-level security.",
            f"ALTER ROLE {RUNTIME_ROLE} NOSUPERUSER NOBYPASSRLS;",
        )
    yield from _tables_of_the_server()


def _tables_of_the_server() -> Iterator[Finding]:
    closed = _rows(_CLOSED, [RUNTIME_ROLE])
    if closed:
        yield Finding(
            "login",
            f"{RUNTIME_ROLE} may not read {len(closed)} tables, such as {closed[0][0]}.",
            "let their owner grant it, also for tables to come: README, In production.",
        )
    owned = _rows(
        "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE rolname = %s", [RUNTIME_ROLE]
    )
    if owned[0][0]:
        yield Finding(
            "login",
            f"{RUNTIME_ROLE} owns tables.",
            f"REASSIGN OWNED BY {RUNTIME_ROLE} TO CURRENT_USER;",
        )


def personal_tables() -> set[str]:
    """Tables that must carry row-level security: the named ones, and all that refer to a person."""
    referring = {
        model._meta.db_table
        for model in apps.get_app_config("grid").get_models()
        for field in model._meta.concrete_fields
        if field.related_model and field.related_model._meta.db_table == "grid_resident"
    }
    return referring | {f"grid_{name}" for name in _WALLED}


def walls(_full: bool) -> Iterator[Finding]:
    asked = "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r' AND NOT relrowsecurity ORDER BY 1"
    for (name,) in _rows(asked, [sorted(personal_tables())]):
        yield Finding(
            "walls",
            f"Row-level security does not hold on {name}.",
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;",
        )


def migrations(_full: bool) -> Iterator[Finding]:
    loader = MigrationLoader(connection)
    waiting, applied = loader.graph.nodes.keys() - loader.applied_migrations.keys(), loader.applied_migrations
    gaps = sorted(".".join(one) for one in waiting if applied.keys() & set(loader.graph.backwards_plan(one)))
    if gaps:
        yield Finding(
            "migrations",
            f"{', '.join(gaps)} is missing below others.",
            "restore a backup; or, where all it does is there, add its row to django_migrations.",
        )
    elif waiting:
        yield Finding("migrations", f"{len(waiting)} migrations are not applied.", "python3 manage.py migrate")
    if newer := sorted(name for app, name in applied if app == "grid" and (app, name) not in loader.disk_migrations):
        yield Finding(
            "migrations",
            f"The database is of a newer Wangge: {', '.join(newer)}.",
            "start the version that migrated it.",
        )

"""Who listens, and to what: the rule of `web.scope`, asked by session keys for all listeners in three statements.

The pages ask Django's models; this process has none, so the same questions stand here as SQL. A test holds the answers
of both against each other for the whole cast, ended sessions, ended postings and passwords to change included.
"""

from dataclasses import dataclass

import psycopg
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from gis.accounts.scope import Access
from web.outside import HINT
from web.second_factor import DUE

_SESSIONS = (
    "SELECT session_key, session_data FROM django_session WHERE session_key = ANY(%(keys)s) AND expire_date > now()"
)
_USERS = "SELECT id, password, must_change_password FROM grid_user WHERE id = ANY(%(users)s) AND is_active"
_POSTINGS = (
    "SELECT user_id, role, area FROM grid_posting WHERE user_id = ANY(%(users)s)"
    " AND starts <= %(today)s AND (ends IS NULL OR ends > %(today)s)"
)


@dataclass(frozen=True)
class Answer:
    """What a session opens: `access`, or why it opens nothing: signed-out, password, second-factor or no-posting."""

    access: Access | None
    refused: str = ""


_SIGNED_OUT = Answer(None, "signed-out")


class SessionStore(SessionBase):
    """Named as Django's own, because the name is part of what a session is signed with."""


@dataclass(frozen=True)
class _Posting:
    role: str
    area: str


@dataclass(frozen=True)
class _Claim:
    """Whose session it is, the hash of the password then, if it began outside, if a second step is to be set up."""

    user: int
    proof: str
    came_from_outside: bool
    owes_second_factor: bool


async def admit(connection: psycopg.AsyncConnection, keys: set[str]) -> dict[str, Answer]:
    """The answer for each session key."""
    claims = await _claims(connection, keys)
    users = {claim.user for claim in claims.values()}
    accounts = {row[0]: row[1:] for row in await _rows(connection, _USERS, {"users": list(users)})}
    held: dict[int, list[_Posting]] = {user: [] for user in users}
    for user, role, area in await _rows(connection, _POSTINGS, {"users": list(users), "today": timezone.localdate()}):
        held[user].append(_Posting(role, area))
    return {key: _answer(claims.get(key), accounts, held) for key in keys}


async def _rows(connection: psycopg.AsyncConnection, sql: str, values: dict) -> list[tuple]:
    return await (await connection.execute(sql, values)).fetchall()


async def _claims(connection: psycopg.AsyncConnection, keys: set[str]) -> dict[str, _Claim]:
    """By session key, of sessions that have not ended."""
    claims = {}
    # A quoted cookie may hold any character, and text with a NUL is an error of the database for all who listen.
    known = [key for key in keys if key.isascii() and key.isalnum()]
    for key, data in await _rows(connection, _SESSIONS, {"keys": known}):
        said = SessionStore().decode(data)
        if said.get("_auth_user_backend") in settings.AUTHENTICATION_BACKENDS and "_auth_user_id" in said:
            proof = str(said.get("_auth_user_hash", ""))
            claims[key] = _Claim(int(said["_auth_user_id"]), proof, HINT in said, DUE in said)
    return claims


def _answer(claim: _Claim | None, accounts: dict[int, tuple], held: dict[int, list[_Posting]]) -> Answer:
    if claim is None or claim.user not in accounts:
        return _SIGNED_OUT
    password, must_change = accounts[claim.user]
    if not constant_time_compare(claim.proof, _hash_of(password)):
        return _SIGNED_OUT
    access = Access.of_postings(held[claim.user])
    if must_change and not claim.came_from_outside:
        return Answer(None, "password")
    if claim.owes_second_factor:
        return Answer(None, "second-factor")
    return Answer(access) if access.which("area.read") else Answer(None, "no-posting")


def _hash_of(password: str) -> str:
    """What `AbstractBaseUser.get_session_auth_hash` makes of a stored password."""
    salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
    return salted_hmac(salt, password, algorithm="sha256").hexdigest()

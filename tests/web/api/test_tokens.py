"""Who is let in: a token that holds, within what its account may do today, so many times a minute."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from gis.accounts.token import digest_of, new_text, spend
from gis.models import Token
from tests.browsing import Browser
from tests.cast import CELL, COMMUNITY, OTHER_STREET, STREET
from tests.web.api.conftest import EVERYTHING

CASES = "/api/v1/cases"


def test_it_lets_a_token_in(program_of):
    answer = program_of("li").get(CASES)
    assert answer.status_code == 200
    assert len(answer.json()["items"]) == 50


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer wg_wrong", "Basic bGk6bGk=", "Bearer 䶮", "Bearer\t"]
)
def test_it_lets_nobody_else_in(header, db):
    answer = Browser(HTTP_AUTHORIZATION=header).get(CASES)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert set(answer.json()) == {"error", "fix", "fields"}


def test_a_session_is_no_token(client_of):
    """So no other site's page can make a signed-in browser ask."""
    assert client_of("li").get(CASES).status_code == 401
    assert client_of("li").post(CASES, {}, content_type="application/json").status_code == 401


def test_a_token_opens_no_page(program_of):
    program = program_of("li")
    for address in ("/incidents/", "/residents/", "/search/?q=1", "/admin/"):
        assert program.get(address).status_code == 401, address


def test_a_token_in_an_address_is_none(program_of):
    program = program_of("li")
    assert Browser().get(f"{CASES}?api_key={program.text}&token={program.text}").status_code == 401


@pytest.mark.parametrize("change", [
    {"revoked_at": timezone.now()},
    {"issued_at": timezone.now() - timedelta(days=2), "expires_at": timezone.now() - timedelta(seconds=1)},
])  # fmt: skip
def test_it_ends(change, program_of):
    program = program_of("li")
    Token.objects.update(**change)
    assert program.get(CASES).status_code == 401


def test_it_ends_with_the_account(program_of, cast):
    program = program_of("li")
    type(cast.li).objects.filter(pk=cast.li.pk).update(is_active=False)
    assert program.get(CASES).status_code == 403


def test_it_ends_with_the_posting(program_of, cast):
    program = program_of("li")
    cast.li.postings.update(ends=timezone.localdate(), starts=timezone.localdate() - timedelta(days=9))
    assert program.get(CASES).status_code == 403


def test_it_is_stored_as_a_digest_only(program_of):
    program = program_of("li")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t)::text FROM grid_token t")
        rows = cursor.fetchall()
    assert all(program.text not in row and program.text[3:] not in row for (row,) in rows)
    assert len({new_text() for _ in range(1000)}) == 1000


@pytest.mark.parametrize("area", [STREET, COMMUNITY, CELL])
def test_it_narrows_to_its_area(area, program_of):
    items = program_of("li", area=area).get(f"{CASES}?limit=200").json()["items"]
    assert items
    assert all(item["area"].startswith(area) for item in items)


@pytest.mark.parametrize("area", [OTHER_STREET, "110113", "11", "110113002001"])
def test_it_never_widens(area, program_of):
    """Whoever issued it: an area that the account does not hold opens nothing of it."""
    program = program_of("li", area=area)
    answer = program.get(f"{CASES}?limit=200")
    shown = {item["area"][:9] for item in answer.json().get("items", ())}
    assert shown <= {STREET}
    assert answer.status_code == (200 if STREET.startswith(area) else 403)


@pytest.mark.parametrize("capability", EVERYTHING)
def test_it_may_do_what_is_named_and_nothing_else(capability, program_of):
    access = program_of("li", (capability,)).token.access()
    assert set(access.scopes) <= {capability, "area.read"}


def test_without_reading_it_reads_nothing(program_of):
    program = program_of("li", ("incident.write",))
    for address in (CASES, f"{CASES}/20260101-000001", f"{CASES}/20260101-000001/steps"):
        assert program.get(address).status_code == 403, address


def test_it_counts_by_the_minute_and_says_how_many_are_left(program_of, monkeypatch):
    program, now = program_of("li", per_minute=3), timezone.now().replace(second=20)
    monkeypatch.setattr(timezone, "now", lambda: now)
    answers = [program.get("/api/v1/categories") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0", "0"]
    assert {answer.headers["RateLimit-Reset"] for answer in answers} == {"40"}
    assert answers[-1].headers["Retry-After"] == "40"
    assert answers[-1].json()["fix"]


def test_the_count_begins_anew_with_the_minute(program_of):
    program, now = program_of("li", per_minute=2), timezone.now().replace(second=58)
    assert [spend(program.text, now).left for _ in range(3)] == [1, 0, -1]
    assert spend(program.text, now).is_too_many
    assert spend(program.text, now + timedelta(seconds=2)).left == 1


def test_it_is_counted_even_when_it_is_refused(program_of):
    """A refusal undoes what the request wrote, not that it was made."""
    program = program_of("li")
    assert program.post_json(CASES, {"nonsense": 1}, **{"Idempotency-Key": "a"}).status_code == 422
    assert Token.objects.get().used == 1
    assert Token.objects.get().last_used_at is not None


def test_the_digest_of_anything_is_one():
    assert len({digest_of(text) for text in ("", "a", "䶮", "\ud800")}) == 4

"""Forms and addresses nobody fills in like that, at every address of a plan; and names that would like to be more."""

from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.models import Plan
from gis.planning import stepping
from tests.gis.planning.drafts import a_plan, step
from tests.web.planning.test_permissions import addresses
from tests.web.planning.test_truth import assert_true

pytestmark = pytest.mark.django_db

#: No form takes more work than this, seconds of the processor: a busy machine fails no test.
_SOON_S = 6.0
_NAMES = (
    "text",
    "act",
    "seen",
    "starts",
    "name",
    "cell",
    "worker-1",
    "cases",
    "with",
    "as",
    "revision",
    "cells",
    "day",
)
_ODD = (
    "", " ", "0", "-1", "1e9", "99999999999", "NaN", "９", "²", "today", "0001-01-01", "9999-12-31", "2026-02-30",
    "submit", "approve", "reject", "withdraw", "take_back", "publish", "cells", "buildings", "\u202e=cmd",
    "<script>alert(1)</script>", "网" * 3000, "00000000-0000-0000-0000-000000000000", "{}", "[1]", "1,2",
    "110113001006001", "'; DROP TABLE x; --",
)  # fmt: skip
_FORM = st.dictionaries(st.sampled_from(_NAMES), st.sampled_from(_ODD), max_size=6)
SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize("name", ["zhao", "li"])
def test_every_address_takes_any_form(client_of, cast, name):
    plan, client = a_plan(cast), client_of(name)
    every = [one for one in addresses(plan) if not one.endswith("/delete/")]

    @settings(
        max_examples=80, deadline=None, database=None, derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip
    @given(st.sampled_from(every), _FORM)
    def check(address, form):
        for ask in (client.get, client.post):
            before = process_time()
            answer = ask(address, form)
            assert answer.status_code < 500, (address, form)
            assert process_time() - before < _SOON_S, (address, form)

    check()
    assert_true(Plan.objects.get(pk=plan.pk))


@pytest.mark.parametrize("nul", ["\0", "a\0b"])
def test_no_form_stores_what_no_text_holds(client_of, cast, nul):
    plan, client = a_plan(cast), client_of("zhao")
    for address in addresses(plan):
        for ask in (client.get, client.post):
            assert ask(address, dict.fromkeys(_NAMES, nul)).status_code < 500, address


def test_a_name_is_only_a_name(client_of, cast):
    """On every page and in every answer that holds it."""
    plan, client = a_plan(cast), client_of("zhao")
    assert client.post(f"/plans/{plan.uuid}/rename/", {"name": SCRIPT}).status_code == 302
    rename(cast, plan, SCRIPT)
    client.post(f"/plans/{plan.uuid}/comment/", {"text": SCRIPT, "cell": "1"})
    shown = 0
    for address in ["/plans/", "/plans/new/", *addresses(plan)]:
        for who in (client, client_of("sun")):
            answer = who.get(address)
            text = b"".join(answer).decode("utf-8", "replace")
            if "html" in answer.headers.get("Content-Type", ""):
                assert SCRIPT not in text, address
                shown += "alert(1)" in text
    assert shown >= 4


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "'=1"])
def test_a_name_is_no_formula(client_of, cast, name):
    plan, client = a_plan(cast), client_of("zhao")
    rename(cast, plan, name)
    number = sorted(plan_cells(client, plan))[1]
    step(cast, plan, "merge", cells=[1, number])
    for form in ("cells", "buildings"):
        answer = client.get(f"/plans/{plan.uuid}/compare/?as={form}")
        assert answer.status_code == 200
        text = b"".join(answer).decode("utf-8-sig")
        for line in text.splitlines():
            for value in line.split(","):
                assert value.strip('"')[:1] not in ("=", "+", "@", "\t"), line
                assert not value.strip('"').startswith("-") or value.strip('"')[1:].replace(".", "").isdigit()


def rename(cast, plan: Plan, name: str) -> None:
    args = {"cell": 1, "name": name}
    stepping.step(plan.uuid, "rename", args, user=cast.zhao, access=cast.zhao.access, seen=None)


def plan_cells(client, plan) -> list[int]:
    return [int(number) for number in client.get(f"/plans/{plan.uuid}/state/").json()["cells"]]


def test_many_steps_are_gone_back_over_at_once(client_of, cast):
    """Two hundred steps undone and redone by one request each."""
    plan, client = a_plan(cast), client_of("zhao")
    for number in range(200):
        rename(cast, plan, f"第{number}次")
    assert client.get(f"/plans/{plan.uuid}/state/").status_code == 200  # the first request reads the whole product in
    for revision in (0, 200):
        before = process_time()
        body = {"revision": revision, "seen": Plan.objects.get(pk=plan.pk).revision}
        answer = client.post(f"/plans/{plan.uuid}/go-to/", body, content_type="application/json")
        assert answer.status_code == 200
        took = process_time() - before
        assert took < _SOON_S
    assert_true(Plan.objects.get(pk=plan.pk))

"""The administrator's pages: rules, their trial, and undoing a link."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from gis.models import OutsideIdentity, Posting, SignInRule
from tests.cast import DISTRICT, STREET


@pytest.fixture
def whole(cast, client_of):
    """Admin, who administers all there is."""
    Posting.objects.filter(user=cast.admin).update(area=DISTRICT[:2])
    return client_of("admin")


def fields(**changes) -> dict:
    return {
        "order": "10", "effect": "post", "is_active": "on", "claim": "groups", "value": "grid", "role": "planner",
        "account_claim": "preferred_username", "area": STREET, "area_claim": "", "department": "",
        "department_claim": "", "days": "30",
    } | changes  # fmt: skip


def test_a_rule_is_written_and_tried(whole):
    assert whole.post("/admin/grid/signinrule/add/", fields()).status_code == 302
    assert "试用规则" in whole.get("/admin/grid/signinrule/").content.decode()
    page = whole.post("/admin/grid/signinrule/trial/", {"claims": json.dumps({"groups": ["grid"], "sub": "x"})})
    assert [str(role) for _grant, role, real in page.context["found"]["grants"] if real] == ["网格规划员"]
    page = whole.post("/admin/grid/signinrule/trial/", {"claims": "{}"})
    assert page.context["found"]["rules"] == []
    assert "首次登录会被拒绝" in page.content.decode()


@pytest.mark.parametrize("text", ["", "[]", "no", '{"a":', "[" * 15_000])
def test_claims_that_are_none_are_refused_in_words(text, whole):
    page = whole.post("/admin/grid/signinrule/trial/", {"claims": text})
    assert page.status_code == 200
    assert page.context["form"].errors["claims"]


def test_a_rule_that_gives_no_ground_is_refused(whole):
    page = whole.post("/admin/grid/signinrule/add/", fields(area=""))
    assert page.status_code == 200
    assert not SignInRule.objects.exists()


def test_who_keeps_a_part_reads_rules_and_writes_none(street_admin):
    assert street_admin.get("/admin/grid/signinrule/").status_code == 200
    assert street_admin.post("/admin/grid/signinrule/add/", fields()).status_code == 403


def test_who_is_no_administrator_finds_no_trial(client_of):
    assert client_of("li").get("/admin/grid/signinrule/trial/").status_code == 404


def test_a_link_that_is_undone_ends_what_it_gave(whole, cast):
    tie = OutsideIdentity.objects.create(user=cast.wang, issuer="https://o.example", subject="n-7")
    today = timezone.localdate()
    Posting.objects.create(user=cast.wang, role="planner", area=STREET, starts=today - timedelta(days=3), given_to=tie)
    assert whole.post(f"/admin/grid/outsideidentity/{tie.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not OutsideIdentity.objects.exists()
    assert not Posting.objects.on(today).filter(user=cast.wang, role="planner").exists()
    assert Posting.objects.on(today).filter(user=cast.wang, role="grid_worker").exists()


def test_a_link_outside_ones_area_is_not_there(street_admin, cast):
    tie = OutsideIdentity.objects.create(user=cast.li, issuer="https://o.example", subject="n-7")
    assert street_admin.get("/admin/grid/outsideidentity/").context["cl"].result_count == 0
    street_admin.post(f"/admin/grid/outsideidentity/{tie.pk}/delete/", {"post": "yes"})
    assert OutsideIdentity.objects.exists()

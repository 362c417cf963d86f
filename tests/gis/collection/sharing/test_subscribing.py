"""Subscriptions: what may not be shared is refused in words, owners decide field by field, dates hold."""

import datetime as dt

import pytest

from gis.collection.sharing.subscribing import (
    Wanted,
    decide,
    draft,
    end,
    granted,
    set_lines,
    submit,
    subscription_of,
    subscriptions_of,
)
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.models import Department, Field, Posting, Subscription, User
from tests.cast import DISTRICT, OTHER_STREET, STREET

pytestmark = pytest.mark.django_db
START = dt.date(2026, 11, 1)


def officer(code: str, area: str = DISTRICT) -> User:
    """Another department's officer."""
    user = User.objects.create(username=f"x-{code}-{area}", department=Department.objects.get(code=code))
    Posting.objects.create(user=user, role="department_officer", area=area, starts=dt.date(2024, 1, 1))
    return user


def drafted(cast, *codes: str, area: str = STREET, **more) -> Subscription:
    wanted = Wanted(**({"name": "助餐核对", "area": area, "subject": "person", "starts": START} | more))
    one = draft(wanted, by=cast.he, access=cast.he.access)
    set_lines(one, dict.fromkeys(codes, "核对助餐名单"), by=cast.he, access=cast.he.access)
    return one


def asked(cast, *codes: str, **more) -> Subscription:
    return submit(drafted(cast, *codes, **more), by=cast.he, access=cast.he.access)


def in_force(cast, *codes: str, **more) -> Subscription:
    """Of civil affairs, everything granted by its owners."""
    one = asked(cast, *codes, **more)
    for line in one.lines.filter(state="asked").select_related("field__owner"):
        by = officer(line.field.owner.code) if line.field.owner else cast.sun
        one = decide(one, line.field.code, "granted", by=by, access=by.access)
        if line.field.owner:
            by.postings.all().delete()
            User.objects.filter(pk=by.pk).update(username=f"gone-{by.pk}")
    return one


def states(one: Subscription) -> dict[str, str]:
    return dict(one.lines.values_list("field__code", "state"))


def test_what_is_free_and_what_is_ones_own_is_granted_with_the_request(cast):
    one = asked(cast, "sex", "meal_help")
    assert states(one) == {"sex": "granted", "meal_help": "granted"}
    assert one.state == "approved"
    assert [step.what for step in one.steps.order_by("pk")] == ["draft", "submitted", "approved"]


def test_everything_else_waits_for_its_owner(cast):
    one = asked(cast, "sex", "employment", "name")
    assert (one.state, states(one)["employment"], states(one)["sex"]) == ("submitted", "asked", "granted")
    assert not one.is_in_force(START)
    labour = officer("labour")
    one = decide(one, "employment", "granted", by=labour, access=labour.access)
    assert one.state == "submitted"
    police = officer("police")
    one = decide(one, "name", "refused", by=police, access=police.access, reason="用途不需要姓名")
    assert one.state == "approved"
    assert [field.code for field in granted(one)] == ["sex", "employment"]


def test_what_is_not_shared_is_refused_with_words_but_for_its_owner(cast):
    with pytest.raises(Refused) as refused:
        drafted(cast, "sex", "permit_number", "identity", "landlord")
    assert set(refused.value.fields) == {"permit_number", "identity", "landlord"}
    assert "脱敏" in refused.value.fields["identity"]
    drafted(cast, "hardship")  # civil affairs' own
    with pytest.raises(Refused) as refused:
        drafted(cast, "landlord", subject="dwelling")
    assert "不予共享" in refused.value.fields["landlord"]


def test_a_field_without_a_purpose_is_refused(cast):
    one = drafted(cast, "sex")
    with pytest.raises(Refused) as refused:
        set_lines(one, {"sex": ""}, by=cast.he, access=cast.he.access)
    assert set(refused.value.fields) == {"sex"}


def test_a_field_nobody_owns_is_decided_above(cast):
    one = asked(cast, "education")
    labour = officer("labour")
    with pytest.raises(NotAllowed):
        decide(one, "education", "granted", by=labour, access=labour.access)
    assert decide(one, "education", "granted", by=cast.li, access=cast.li.access).state == "approved"


@pytest.mark.parametrize("who", ["he", "li", "sun", "wang", "zhou", "chen", "zhao", "admin"])
def test_nobody_but_the_owner_department_decides(cast, who):
    one = asked(cast, "employment")
    with pytest.raises(NotAllowed):
        decide(one, "employment", "granted", by=cast[who], access=cast[who].access)


def test_an_officer_of_another_street_does_not_decide(cast):
    one = asked(cast, "employment")
    labour = officer("labour", OTHER_STREET)
    with pytest.raises(NotAllowed):
        decide(one, "employment", "granted", by=labour, access=labour.access)
    assert not subscriptions_of(labour, labour.access).exists()


def test_a_refusal_and_a_revocation_say_why_and_nothing_is_decided_twice(cast):
    one, labour = asked(cast, "employment"), officer("labour")
    with pytest.raises(Refused):
        decide(one, "employment", "refused", by=labour, access=labour.access)
    one = decide(one, "employment", "granted", by=labour, access=labour.access)
    with pytest.raises(Conflict):
        decide(one, "employment", "refused", by=labour, access=labour.access, reason="改主意")
    decide(one, "employment", "revoked", by=labour, access=labour.access, reason="用途已结束")
    assert granted(one) == []


def test_what_becomes_unshared_is_taken_no_more(cast):
    one = in_force(cast, "employment", "sex")
    assert [field.code for field in granted(one)] == ["employment", "sex"]
    Field.objects.filter(code="employment").update(sharing="none")
    assert [field.code for field in granted(one)] == ["sex"]


def test_who_has_nothing_to_do_with_it_does_not_find_it(cast):
    one = asked(cast, "employment")
    assert subscription_of(one.uuid, cast.he, cast.he.access) == one
    assert subscription_of(one.uuid, cast.li, cast.li.access) == one
    for user in (cast.chen, cast.wang, cast.zhao, officer("fire")):
        with pytest.raises(OutOfScope):
            subscription_of(one.uuid, user, user.access)


def test_a_draft_is_its_departments_alone(cast):
    one = drafted(cast, "employment")
    labour = officer("labour")
    assert not subscriptions_of(labour, labour.access).exists()
    assert not subscriptions_of(cast.sun, cast.sun.access).exists()
    assert subscriptions_of(cast.he, cast.he.access).get() == one


@pytest.mark.parametrize("who", ["li", "sun", "wang", "zhou", "zhao", "admin"])
def test_only_an_officer_subscribes_and_only_within_their_area(cast, who):
    wanted = Wanted("名单", STREET, "person", START)
    with pytest.raises(NotAllowed):
        draft(wanted, by=cast[who], access=cast[who].access)


def test_it_is_in_force_between_its_dates(cast):
    one = asked(cast, "sex", ends=START + dt.timedelta(days=30))
    found = [one.is_in_force(START + dt.timedelta(days=day)) for day in (-1, 0, 29, 30)]
    assert found == [False, True, True, False]
    assert not end(one, by=cast.he, access=cast.he.access).is_in_force(START)

"""The life of a small wish, and who is told what."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from gis.accounts.scope import Scope, applied
from gis.commons.community_wish import CommunityWish, WishState
from gis.commons.neighbour import Neighbour
from gis.commons.wish_tending import (
    free_wish,
    fulfil_wish,
    give_wish,
    refuse_wish,
    show_thanks,
    show_wish,
    take_wish,
)
from gis.commons.wishing import KEPT_DAYS, forget_neighbours, offer_help, post_wish, take_back, thank, wish_of
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.models import Department
from gis.people.sealing import open_seal
from tests.browsing import as_server
from tests.cast import COMMUNITY, OTHER_STREET

pytestmark = pytest.mark.django_db
PHONE = "138 0013 8000"


def posted(**more) -> CommunityWish:
    with as_server():
        token = post_wish(COMMUNITY, "想学用手机挂号", name="顾奶奶", phone=PHONE, uuid=uuid4(), **more)
        return wish_of(token)


def by(user) -> dict:
    return {"user": user, "access": user.access}


@pytest.fixture
def shown(cast) -> CommunityWish:
    return show_wish(posted().pk, "想学用手机挂号", **by(cast.zhou))


def test_it_is_shown_to_nobody_until_somebody_has_looked(cast):
    wish = posted()
    assert not CommunityWish.objects.shown().exists()
    show_wish(wish.pk, "想学用手机", **by(cast.zhou))
    assert CommunityWish.objects.shown().get().text == "想学用手机"


def test_posted_twice_it_is_stored_once(db):
    uuid = uuid4()
    with as_server():
        first, second = (post_wish(COMMUNITY, "一件小事", phone=PHONE, uuid=uuid) for _ in range(2))
    assert first
    assert not second
    assert CommunityWish.objects.count() == Neighbour.objects.count() == 1


def test_the_link_cannot_be_made_from_what_is_stored(db):
    token = post_wish(COMMUNITY, "一件小事", uuid=uuid4())
    assert len(token) >= 32
    stored = CommunityWish.objects.values().get()
    assert token not in str(stored)
    for wrong in (token[:-1], token + "x", "", stored["token_digest"], str(stored["uuid"])):
        with pytest.raises(OutOfScope):
            wish_of(wrong)


def test_a_phone_is_sealed_and_hidden_by_the_database_from_others(db):
    posted()
    neighbour = Neighbour.objects.get()
    assert open_seal(neighbour.phone_sealed) == "13800138000"
    assert "13800138000" not in str(Neighbour.objects.values().get())
    for code, seen in ((COMMUNITY, 1), (OTHER_STREET, 0)):
        with as_server(), applied(Scope.of([code])):
            assert Neighbour.objects.count() == seen
    with as_server():
        assert Neighbour.objects.count() == 0


@pytest.mark.parametrize(
    ("told", "phone", "field"),
    [("", "", "told"), ("字" * 301, "", "told"), ("好", "abc", "phone"), ("好", "12", "phone")],
)
def test_nonsense_is_refused_by_field(told, phone, field, db):
    with pytest.raises(Refused) as refused:
        post_wish(COMMUNITY, told, phone=phone, uuid=uuid4())
    assert field in refused.value.fields
    assert not CommunityWish.objects.exists()


def test_a_neighbour_takes_it_up_and_it_comes_true(shown, cast):
    with as_server():
        assert offer_help(shown, name="小顾", phone=PHONE, uuid=uuid4())
    other = uuid4()
    with as_server():
        assert offer_help(shown, name="小李", phone=PHONE, uuid=other)
        assert not offer_help(shown, name="小李", phone=PHONE, uuid=other)
    first, second = Neighbour.objects.filter(part="helper").order_by("pk")
    wish = give_wish(shown.pk, department=None, helper=first.pk, **by(cast.zhou))
    assert wish.state == WishState.TAKEN
    second.refresh_from_db()
    assert second.state == Neighbour.State.DECLINED
    assert fulfil_wish(shown.pk, "教会了", **by(cast.zhou)).state == WishState.DONE


def test_nobody_offers_what_is_taken_already(shown, cast):
    give_wish(shown.pk, department=Department.objects.first().pk, helper=None, **by(cast.zhou))
    shown.refresh_from_db()
    with pytest.raises(Conflict):
        offer_help(shown, name="小顾", phone=PHONE, uuid=uuid4())
    assert free_wish(shown.pk, **by(cast.zhou)).state == WishState.OPEN


def test_an_officer_takes_it_up_for_the_department(shown, cast):
    cast.he.department = None
    with pytest.raises(NotAllowed):
        take_wish(shown.pk, **by(cast.he))
    cast.he.department = Department.objects.first()
    assert take_wish(shown.pk, **by(cast.he)).department == cast.he.department


def test_thanks_are_shown_once_somebody_has_looked(cast):
    with as_server():
        token = post_wish(COMMUNITY, "一件小事", uuid=uuid4())
    wish = show_wish(wish_of(token).pk, "一件小事", **by(cast.zhou))
    with pytest.raises(Conflict):
        thank(token, "谢谢")
    fulfil_wish(wish.pk, "", **by(cast.zhou))
    with as_server():
        assert thank(token, "谢谢王师傅").thanks == ""
    assert show_thanks(wish.pk, "谢谢师傅", **by(cast.zhou)).thanks == "谢谢师傅"


def test_the_wisher_takes_it_back(cast):
    with as_server():
        token = post_wish(COMMUNITY, "一件小事", uuid=uuid4())
    show_wish(wish_of(token).pk, "一件小事", **by(cast.zhou))
    with as_server():
        take_back(token)
    assert not CommunityWish.objects.shown().exists()
    with pytest.raises(Conflict):
        show_wish(wish_of(token).pk, "一件小事", **by(cast.zhou))


@pytest.mark.parametrize("name", ["chen", "wang", "zhao", "admin", "he"])
def test_nobody_else_decides(name, cast):
    wish = posted()
    for act in (
        lambda: show_wish(wish.pk, "字", **by(cast[name])),
        lambda: refuse_wish(wish.pk, "不行", **by(cast[name])),
        lambda: fulfil_wish(wish.pk, "", **by(cast[name])),
    ):
        with pytest.raises(OutOfScope):
            act()
    wish.refresh_from_db()
    assert wish.state == WishState.WAITING


def test_the_database_keeps_a_shown_wish_from_being_empty(cast):
    from django.db import IntegrityError, transaction

    wish = posted()
    with pytest.raises(IntegrityError), transaction.atomic():
        CommunityWish.objects.filter(pk=wish.pk).update(state=WishState.OPEN, text="")


def test_names_and_phones_are_forgotten_once_it_is_long_over(cast):
    old, fresh, open_one = posted(), posted(), posted()
    long_ago = timezone.now() - timedelta(days=KEPT_DAYS + 1)
    for wish, ended in ((old, long_ago), (fresh, timezone.now())):
        CommunityWish.objects.filter(pk=wish.pk).update(
            state=WishState.DONE, text="字", posted_at=long_ago, done_at=ended
        )
    CommunityWish.objects.filter(pk=open_one.pk).update(posted_at=long_ago)
    with as_server():
        assert forget_neighbours() == 1
    assert set(Neighbour.objects.values_list("wish", flat=True)) == {fresh.pk, open_one.pk}
    assert connection.in_atomic_block

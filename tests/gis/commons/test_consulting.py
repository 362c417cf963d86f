"""Questions to residents: what is taken in, counted and shown."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from gis.commons.announcing import read_moment, save_bulletin, save_consultation
from gis.commons.consultation import MOST_OPTIONS, Reply
from gis.commons.consulting import judge_reply, read_options, reply, tally, tell_result
from gis.errors import Conflict, OutOfScope, Refused
from gis.models import Bulletin, Consultation
from tests.browsing import as_server
from tests.cast import COMMUNITY, OTHER_STREET, STREET


@pytest.fixture
def asked(cast) -> Consultation:
    body = {"area": COMMUNITY, "title": "凉亭放哪里", "question": "选一个地方", "options": "东门\n西门\n"}
    closes = timezone.localtime() + timedelta(days=7)
    return save_consultation(
        None, body | {"closes": f"{closes:%Y-%m-%dT%H:%M}"}, user=cast.zhou, access=cast.zhou.access
    )


def test_a_choice_counts_at_once_and_words_wait(asked):
    with as_server():
        assert reply(asked, 0, "", uuid=uuid4())
        assert reply(asked, 1, "西门有树荫", uuid=uuid4())
    assert tally(asked) == [("东门", 1), ("西门", 1)]
    assert set(asked.replies.values_list("state", flat=True)) == {"kept", "waiting"}


def test_the_same_one_twice_is_one(asked):
    uuid = uuid4()
    with as_server():
        assert [reply(asked, 0, "", uuid=uuid) for _ in range(2)] == [True, False]
    assert tally(asked) == [("东门", 1), ("西门", 0)]


@pytest.mark.parametrize(("choice", "text"), [(None, ""), (2, ""), (-1, ""), (0, "字" * 501)])
def test_nonsense_is_refused(asked, choice, text):
    with pytest.raises(Refused):
        reply(asked, choice, text, uuid=uuid4())


def test_an_invalid_one_is_not_counted(asked, cast):
    reply(asked, 0, "广告", uuid=uuid4())
    judge_reply(Reply.objects.get().pk, "refused", "", user=cast.zhou, access=cast.zhou.access)
    assert tally(asked) == [("东门", 0), ("西门", 0)]


def test_after_the_end_nothing_comes_in_and_the_result_is_told(asked, cast):
    who, now = {"user": cast.zhou, "access": cast.zhou.access}, timezone.now()
    with pytest.raises(Conflict):
        tell_result(asked.pk, "东门", **who, now=now)
    Consultation.objects.filter(pk=asked.pk).update(opens=now - timedelta(days=9), closes=now - timedelta(days=1))
    asked.refresh_from_db()
    with pytest.raises(Conflict):
        reply(asked, 0, "", uuid=uuid4())
    assert tell_result(asked.pk, "放在东门", **who, now=now).result == "放在东门"


def test_options_stay_once_somebody_has_chosen(asked, cast):
    reply(asked, 0, "", uuid=uuid4())
    body = {"area": COMMUNITY, "title": "凉亭", "question": "选", "options": "南门\n北门", "closes": "2099-01-01T08:00"}
    with pytest.raises(Conflict):
        save_consultation(asked.pk, body, user=cast.zhou, access=cast.zhou.access)


@pytest.mark.parametrize("name", ["chen", "wang", "he", "zhao"])
def test_nobody_else_judges(asked, cast, name):
    reply(asked, 0, "好", uuid=uuid4())
    with pytest.raises(OutOfScope):
        judge_reply(Reply.objects.get().pk, "shown", "", user=cast[name], access=cast[name].access)


@given(st.text(max_size=80))
def test_any_text_is_options_or_refused(text):
    try:
        options = read_options(text)
    except Refused:
        return
    assert len(options) != 1
    assert len(options) <= MOST_OPTIONS
    assert len(set(options)) == len(options)
    assert all(option == " ".join(option.split()) for option in options)


@given(st.text(max_size=30))
def test_any_text_is_a_moment_with_a_zone_or_refused(text):
    try:
        moment = read_moment(text, "starts")
    except Refused:
        return
    assert moment is None or moment.tzinfo


def test_an_event_needs_a_start_and_goes_when_it_is_over(cast):
    who = {"user": cast.li, "access": cast.li.access}
    body = {"area": STREET, "kind": "event", "title": "义诊", "starts": "2030-05-01T09:00", "ends": "2030-05-01T11:00"}
    made = save_bulletin(None, body, **who)
    assert made.shown_until == made.ends
    assert Bulletin.objects.for_area(COMMUNITY).get() == made
    assert not Bulletin.objects.for_area(f"{OTHER_STREET}001").exists()
    with pytest.raises(Refused) as refused:
        save_bulletin(None, body | {"starts": ""}, **who)
    assert "starts" in refused.value.fields
    with pytest.raises(Refused):
        save_bulletin(None, body | {"ends": "2030-05-01T08:00"}, **who)


@pytest.mark.parametrize("area", [OTHER_STREET, "11", "", "x", f"{COMMUNITY}001"])
def test_it_is_told_to_areas_of_the_writer_alone(area, cast):
    with pytest.raises(Refused) as refused:
        save_bulletin(None, {"area": area, "title": "通知"}, user=cast.li, access=cast.li.access)
    assert "area" in refused.value.fields

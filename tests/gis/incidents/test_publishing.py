"""What anybody may read and see of an incident is what somebody has decided, and nothing beside it."""

import os
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from gis.errors import OutOfScope, Refused
from gis.incidents import photo_store
from gis.incidents.photo import clean_photo
from gis.incidents.photo_clearing import clear_orphans
from gis.incidents.public_case import last_done_first, latest_first, public_cases, tell
from gis.incidents.public_photo import publish_photo, withdraw_photo
from gis.incidents.publishing import Marked, publish, to_look_at
from gis.incidents.redaction import Box
from gis.incidents.step import Act
from gis.models import Attachment, Category, Incident, PublicPhoto, Step
from tests.cast import COMMUNITY
from tests.gis.incidents.photos import a_jpeg
from tests.gis.incidents.reported import report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def incident(db) -> Incident:
    return report(category=Category.objects.get(kind="community", code="C0401"), at=timezone.now())


def a_photo(incident: Incident) -> Attachment:
    step = Step.objects.create(incident=incident, at=timezone.now(), after=incident.state)
    photo = clean_photo(a_jpeg(200, 100))
    return Attachment.objects.create(
        incident=incident, step=step, position=1, name=photo_store.keep(photo), width=200, height=100, size=9
    )


def by(user) -> dict:
    return {"user": user, "access": user.access}


def test_what_was_marked_is_told(incident, cast):
    publish(incident.number, Marked("灯杆已修", "换了灯泡"), **by(cast.zhou))
    (told,) = tell([incident])
    assert (told.text, told.result) == ("灯杆已修", "换了灯泡")


def test_a_text_that_names_somebody_has_to_be_looked_at_twice(incident, cast):
    marked = Marked("王女士家门口的灯", "")
    with pytest.raises(Refused) as refused:
        publish(incident.number, marked, **by(cast.zhou))
    assert set(refused.value.fields) == {"text"}
    assert tell([incident])[0].text == ""
    publish(incident.number, Marked(marked.text, sure=True), **by(cast.zhou))
    assert tell([incident])[0].text == marked.text


def test_hidden_is_told_nowhere_whoever_asks(incident, cast):
    publish(incident.number, Marked(hidden=True), **by(cast.zhou))
    assert tell([incident]) == []
    assert not public_cases(COMMUNITY).filter(pk=incident.pk).exists()


def test_telling_leaves_out_what_a_caller_forgot_to_ask_for(incident):
    private = report(category=Category.objects.get(kind="community", code="C0601"))
    assert len(tell([incident, private])) == 1


@pytest.mark.parametrize("name", ["chen", "wang", "he", "zhao", "admin"])
def test_nobody_else_publishes(name, incident, cast):
    with pytest.raises(OutOfScope):
        publish(incident.number, Marked("字"), **by(cast[name]))


def test_only_public_notes_can_be_cleared_and_then_wait_no_more(incident, cast):
    at = timezone.now()
    made = {"incident": incident, "at": at, "after": incident.state, "act": Act.ANSWER}
    public = Step.objects.create(note="已告知张先生", is_public=True, **made)
    inside = Step.objects.create(note="张先生很着急", **made)
    scope = cast.zhou.access.which("commons.write")
    assert public in to_look_at(scope)
    kept_row = publish(incident.number, Marked(cleared=(public.pk, inside.pk)), **by(cast.zhou))
    assert kept_row.cleared == [public.pk]
    assert public not in to_look_at(scope)
    assert tell([incident])[0].answers == ("已告知张先生",)


def test_a_covered_photo_has_another_id_and_another_file(incident, cast):
    original = a_photo(incident)
    copy = publish_photo(original, [Box(0, 0, 50, 50)], shows_result=False, user=cast.zhou)
    assert copy.uuid != original.uuid
    assert copy.name != original.name
    assert copy.read("full") != original.read("full")
    assert tell([incident])[0].photos == (copy,)


def test_covered_anew_the_copy_before_loses_its_file(incident, cast, django_capture_on_commit_callbacks):
    original = a_photo(incident)
    with django_capture_on_commit_callbacks(execute=True):
        first = publish_photo(original, [], shows_result=False, user=cast.zhou)
        second = publish_photo(original, [Box(1, 1, 9, 9)], shows_result=True, user=cast.li)
    with pytest.raises(FileNotFoundError):
        first.read("full")
    assert PublicPhoto.objects.standing().get() == second
    first.refresh_from_db()
    assert first.withdrawn_by == cast.li
    with django_capture_on_commit_callbacks(execute=True):
        assert withdraw_photo(original, user=cast.zhou)
    with pytest.raises(FileNotFoundError):
        second.read("small")
    assert original.read("full")
    assert tell([incident])[0].photos == ()


def test_clearing_left_over_files_spares_both(incident, cast, settings):
    original = a_photo(incident)
    copy = publish_photo(original, [], shows_result=False, user=cast.zhou)
    left_over = photo_store.keep(clean_photo(a_jpeg(50, 50)))
    for folder in (settings.MEDIA_ROOT / "photos").iterdir():
        for file in folder.iterdir():
            os.utime(file, (time.time() - 2 * 86400,) * 2)
    assert clear_orphans() == 1
    assert original.read("full")
    assert copy.read("full")
    with pytest.raises(FileNotFoundError):
        photo_store.read(left_over, "full")


@pytest.mark.parametrize(("told", "field"), [(latest_first, "reported_at"), (last_done_first, "closed_at")])
def test_the_order_of_a_list_tells_the_half_day_and_no_minute(db, told, field):
    """Three of one morning in whatever order they came, and one of the day before."""
    category = Category.objects.get(kind="community", code="C0401")
    morning = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=2)
    cases = [report(category=category, at=morning) for _ in range(4)]
    Incident.objects.filter(pk__in=[one.pk for one in cases]).update(state="closed", closed_at=morning)

    def listed(*minutes: int) -> list[int]:
        for one, passed in zip(cases, minutes, strict=True):
            Incident.objects.filter(pk=one.pk).update(**{field: morning + timedelta(minutes=passed)})
        return [one.pk for one in told(public_cases(COMMUNITY)) if one.pk in {case.pk for case in cases}]

    before = listed(1, 2, 3, -24 * 60)
    assert before == listed(3, 2, 1, -24 * 60) == listed(90, 1, 44, -24 * 60)
    assert before[-1] == cases[3].pk

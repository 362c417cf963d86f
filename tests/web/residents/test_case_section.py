"""What staff see on the case page of those who reported it, each as far as their role does; and for how long."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gis.incidents.residents.following import open_case
from gis.incidents.residents.forgetting import forget_reporters
from gis.incidents.residents.judging import rate
from gis.models import Incident, Posting, Reporter
from tests.browsing import as_server
from tests.cast import DISTRICT, STREET
from tests.gis.incidents.loop import WAY, go
from tests.gis.incidents.residents.reporting import PHONE, reported

pytestmark = pytest.mark.django_db
#: A cell of the street that is neither Wang's nor Zhou's.
NEXT_DOOR = f"{STREET}007001"


def page(browser, number: str) -> str:
    answer = browser.get(f"/incidents/{number}/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("name", "seen", "hidden"),
    [
        ("wang", ("顾大山", PHONE), ()),
        ("zhou", ("顾大山", PHONE), ()),
        ("li", ("顾**", "***1234"), ("顾大山", PHONE)),
        ("sun", ("顾**",), ("顾大山", PHONE, "***1234")),
        ("he", ("上报的居民",), ("顾大山", "顾**", PHONE, "***1234")),
    ],
)
def test_a_name_and_phone_are_shown_as_far_as_the_role_may(client_of, name, seen, hidden):
    text = page(client_of(name), reported(name="顾大山").number)
    assert [word for word in seen if word not in text] == []
    assert [word for word in hidden if word in text] == []


def test_ratings_stand_beside_the_voices(client_of, cast):
    first = reported(name="顾大山")
    second = reported(same_as=first.number, phone="")
    incident = Incident.objects.get(number=first.number)
    for name, act in WAY:
        go(cast, name, incident, act)
    with as_server():
        rate(open_case(first.token), solved=True, content=5, words="")
        rate(open_case(second.token), solved=False, content=2, words="")
    text = page(client_of("zhou"), first.number)
    assert "5 / 5" in text
    assert "2 / 5" in text
    assert "说“解决了”的：1 / 2" in text


def test_whoever_was_merged_into_a_case_is_seen_with_it(client_of, cast):
    kept, merged = reported(), reported("C0301", name="顾大山")
    go(cast, "zhou", Incident.objects.get(number=merged.number), "duplicate", target=kept.number)
    assert "顾大山" in page(client_of("zhou"), kept.number)


def test_a_case_nobody_reported_from_outside_has_no_such_section(client_of):
    number = Incident.objects.filter(area__startswith="110113001006", follows=None).first().number
    assert 'id="residents"' not in page(client_of("zhou"), number)


def test_one_more_voice_does_not_stop_who_decides(cast):
    from gis.errors import Conflict
    from gis.incidents.moving import Wish, move

    first = reported()
    reported(same_as=first.number)
    move(first.number, Wish("file"), user=cast.zhou, access=cast.zhou.access, seen=0)
    with pytest.raises(Conflict):
        move(first.number, Wish("dispatch"), user=cast.zhou, access=cast.zhou.access, seen=0)


def test_names_and_phones_are_forgotten_a_while_after_the_end(cast, settings):
    open_one, ended = reported(name="顾大山"), reported("C0301", name="顾小山")
    go(cast, "zhou", Incident.objects.get(number=ended.number), "reject")
    now = timezone.now()
    assert forget_reporters(now + timedelta(days=settings.REPORTER_DAYS - 1)) == 0
    assert forget_reporters(now + timedelta(days=settings.REPORTER_DAYS + 1)) == 1
    assert Reporter.objects.get(incident__number=open_one.number).name == "顾大山"
    gone = Reporter.objects.get(incident__number=ended.number)
    assert (gone.name, gone.phone_sealed, gone.phone_last4) == ("", None, "")
    assert open_case(ended.token)


def merged_from_next_door(cast) -> str:
    """The number of a case in Wang's cell into which one of another community was merged that 顾大山 reported."""
    kept, merged = reported(), reported(name="顾大山")
    go(cast, "li", Incident.objects.get(number=merged.number), "duplicate", target=kept.number)
    Incident.objects.filter(number=merged.number).update(area=NEXT_DOOR)
    return kept.number


def test_whoever_reported_next_door_is_not_the_readers_to_see(client_of, cast):
    number = merged_from_next_door(cast)
    assert "2 人" in page(client_of("li"), number)
    text = page(client_of("zhou"), number)
    assert "顾大山" not in text
    assert "1 人" in text


def test_a_phone_is_shown_by_the_rules_of_where_its_own_case_lies(client_of, cast):
    number = merged_from_next_door(cast)
    assert Reporter.objects.count() == 2
    yesterday = timezone.localdate() - timedelta(days=1)
    Posting.objects.create(user=cast.wang, role="department_officer", area=DISTRICT, starts=yesterday)
    text = page(client_of("wang"), number)
    assert "2 人" in text
    assert "顾大山" not in text
    assert text.count(f"tel:{PHONE}") == 1

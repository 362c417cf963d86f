"""Two workers that ring at the same moment, and a case that is being moved just then."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction
from django.utils import timezone

from gis.incidents.reminders.ringing import ring
from gis.models import Alarm, Incident, Notice
from tests.cast import read_cast
from tests.gis.incidents.loop import a_case, go


def late_case() -> Incident:
    """A filed case whose stage is over, with nothing else to ring."""
    incident = a_case(at=timezone.now())
    go(read_cast(), "zhou", incident, "file")
    Alarm.objects.exclude(incident=incident).delete()
    Alarm.objects.filter(incident=incident).exclude(rule="late").delete()
    Alarm.objects.filter(incident=incident).update(at=timezone.now())
    return incident


def rung(_number: int) -> int:
    try:
        return ring(timezone.now())
    finally:
        connection.close()


def test_two_at_once_tell_it_once(own_town):
    incident = late_case()
    with ThreadPoolExecutor(2) as both:
        assert sum(both.map(rung, range(2))) <= 1
    rung(0)
    assert Alarm.objects.get(incident=incident).rung_at is not None
    told = list(Notice.objects.filter(incident=incident, kind="late").values_list("user", flat=True))
    assert len(told) == len(set(told)) >= 1


def test_a_case_that_is_being_moved_waits_for_the_next_minute(own_town):
    incident = late_case()
    with transaction.atomic(), ThreadPoolExecutor(1) as other:
        Incident.objects.select_for_update().get(pk=incident.pk)
        assert other.submit(rung, 0).result(timeout=60) == 0
    assert rung(0) == 1

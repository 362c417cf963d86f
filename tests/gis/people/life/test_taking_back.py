"""A wrong event is taken back: the records are as they were, and the trace stays."""

import pytest
from django.db import ProgrammingError, transaction

from gis.accounts.scope import Scope, applied
from gis.errors import NotAllowed, OutOfScope, Refused
from gis.models import LifeEvent, LifeEventWithdrawal, Need, Residence, Resident
from gis.people.due import recount_due
from gis.people.life.at_doors import note_departure
from gis.people.moving import move_in, move_out
from gis.people.newcomer import read_newcomer
from gis.people.sealing import blind_index
from gis.statistics.recounting import wrong_areas
from tests.cast import CELL, EVERYONE, OTHER_STREET
from tests.gis.people.life.conftest import NOW, SINCE, door_elsewhere, door_in

#: What each event is told with, of whom; those that need a door get one.
EVENTS = {
    "died": ("grandfather", {}),
    "left": ("grandfather", {"far": "away", "registration": "stays"}),
    "moved": ("grandfather", {"registration": "stays"}),
    "split": ("son", {}),
    "head": ("son", {}),
    "type": ("son", {"population": "floating"}),
    "named": ("son", {"name": "乙某"}),
    "registered": ("son", {}),
    "born": ("wife", {"sex": "1", "name": "甲新生"}),
}


def state(family) -> list:
    """What the records say today of everybody, without the keys of households, which come and go."""
    stays = Residence.objects.filter(resident__in=[stay.resident_id for stay in family.values()], ends=None)
    people = Resident.objects.filter(pk__in=[stay.resident_id for stay in family.values()])
    needs = Need.objects.filter(resident__in=people)
    together = list(stays.exclude(household=None).values_list("household", flat=True))
    return [
        sorted(stays.values_list("resident", "dwelling", "kind", "relation", "starts")),
        sorted(people.values_list("pk", "name", "population", "died_on", "area"), key=str),
        sorted(needs.values_list("resident", "tag", "starts", "ends"), key=str),
        sorted(together.count(one) for one in set(together)),
    ]


@pytest.mark.parametrize("kind", EVENTS)
def test_everything_is_as_it_was(kind, family, tell, back):
    who, body = EVENTS[kind]
    Need.objects.create(resident=family["grandfather"].resident, tag="elder_alone", starts=SINCE, area=CELL)
    if kind in ("moved", "registered"):
        door = door_in(room="9910")
        body = body | {"to": {"building": door.building_id, "door": door.pk}}
    before = state(family)
    tell(kind, family[who], **body)
    assert kind == "born" or state(family) != before
    event = LifeEvent.objects.filter(kind=kind).last()
    assert back(event, reason="写错了") >= 1
    assert state(family) == before
    assert LifeEventWithdrawal.objects.get(event=event).reason == "写错了"
    assert LifeEvent.objects.filter(pk=event.pk).exists()
    assert not LifeEvent.objects.standing().exists()
    assert wrong_areas() == set()
    assert recount_due(mend=False) == 0


def test_a_child_who_was_not_born_is_gone_and_the_event_keeps_the_name(family, tell, back):
    tell("born", family["wife"], sex="1", name="甲新生")
    event = LifeEvent.objects.get(kind="born")
    back(event)
    assert not Resident.objects.filter(name="甲新生").exists()
    assert LifeEvent.objects.get(pk=event.pk).name == "甲新生"


def test_a_child_of_whom_something_is_known_stays(family, tell, back):
    tell("born", family["wife"], sex="1", name="甲新生")
    event = LifeEvent.objects.get(kind="born")
    Need.objects.create(resident_id=event.resident_id, tag="disability", starts=SINCE, area=CELL)
    with pytest.raises(Refused):
        back(event)


def test_twice_takes_back_once(family, tell, back):
    tell("died", family["son"])
    event = LifeEvent.objects.get()
    assert (back(event), back(event)) == (1, 0)


def test_what_came_later_is_taken_back_first(family, tell, back):
    tell("type", family["son"], population="floating")
    tell("left", family["son"], far="away", on="2026-05-12")
    first, last = LifeEvent.objects.order_by("pk")
    with pytest.raises(Refused):
        back(first)
    back(last)
    assert back(first) == 1


def test_who_has_moved_in_again_at_a_door_meanwhile_is_not_moved_back(family, tell, back):
    tell("left", family["son"], far="away")
    door = door_in(room="9911")
    Residence.objects.create(resident=family["son"].resident, dwelling=door, starts="2026-05-12", area=CELL)
    with pytest.raises(Refused):
        back(LifeEvent.objects.get())


def test_a_family_is_taken_back_together(family, tell, back):
    door = door_in(room="9912")
    along = [family["wife"].resident_id, family["child"].resident_id]
    before = state(family)
    tell("moved", family["son"], to={"building": door.building_id, "door": door.pk}, along=along)
    assert back(LifeEvent.objects.filter(kind="came").last()) == 6
    assert state(family) == before


@pytest.mark.parametrize("name", EVERYONE)
def test_only_who_writes_people_there_may(name, family, tell, back):
    tell("died", family["son"])
    event = LifeEvent.objects.get()
    if name in ("wang", "zhou"):
        assert back(event, as_=name) == 1
        return
    with pytest.raises(NotAllowed if name in ("li", "sun") else OutOfScope):
        back(event, as_=name)


def test_the_old_office_does_not_take_back_whom_the_new_one_has(family, tell, back):
    number = "110113197801019990"
    person = family["son"].resident
    Resident.objects.filter(pk=person.pk).update(identity_index=blind_index(number), identity_last4="9990")
    tell("left", family["son"], far="area", to_area=OTHER_STREET)
    other = Scope.of([OTHER_STREET])
    newcomer = read_newcomer({"name": person.name, "number": number, "starts": "2026-05-15"}, NOW.date())
    there = door_elsewhere()
    with applied(other):
        move_in(there, newcomer, other)
    with pytest.raises(Refused):
        back(LifeEvent.objects.get(kind="left"))


def test_a_departure_told_at_the_door_is_an_event_too(family, tell, back, cast):
    stay = family["grandfather"]
    with applied(cast.wang.access.which("people.count")):
        move_out(stay, NOW.date())
        note_departure(stay, by=cast.wang, at=NOW)
    assert Residence.objects.get(pk=family["grandmother"].pk).relation == "02"
    back(LifeEvent.objects.get())
    assert Residence.objects.get(pk=stay.pk).ends is None
    assert Residence.objects.get(pk=family["grandmother"].pk).relation == "12"


def test_requests_never_rewrite_an_event(family, tell, cast):
    tell("died", family["son"])
    for forbidden in (
        lambda: LifeEvent.objects.update(on="2026-05-01"),
        lambda: LifeEvent.objects.all()._raw_delete("default"),
        lambda: LifeEventWithdrawal.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), applied(cast.li.access.which("people.count")):
            forbidden()

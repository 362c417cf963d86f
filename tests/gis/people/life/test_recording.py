"""Life events, told by whoever may write people. Everybody here is invented."""

from datetime import date

import pytest

from gis.accounts.scope import Scope, applied
from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.models import Household, LifeEvent, Need, Residence, Resident, Visit, VisitDue
from gis.people.due import recount_due
from gis.people.moving import move_in
from gis.people.newcomer import read_newcomer
from gis.people.sealing import blind_index
from gis.statistics.recounting import wrong_areas
from tests.cast import CELL, COMMUNITY, EVERYONE, OTHER_STREET, STREET
from tests.gis.people.life.conftest import NOW, SINCE, door_elsewhere, door_in, settle

DAY = date(2026, 5, 10)
OTHER_CELL = f"{COMMUNITY}002"


def to(door) -> dict:
    return {"building": door.building_id, "door": door.pk}


def relations(family) -> dict[str, str]:
    return {name: Residence.objects.get(pk=stay.pk).relation for name, stay in family.items()}


def open_stay(stay) -> Residence:
    return Residence.objects.get(resident=stay.resident_id, kind="living", ends=None)


def is_exact() -> bool:
    return wrong_areas() == set() and recount_due(mend=False) == 0


def test_a_death_ends_stays_needs_and_visits_that_were_due_and_deletes_nothing(family, tell):
    head = family["grandfather"]
    Residence.objects.create(
        resident=head.resident, dwelling=door_in(room="9902"), kind="registered", starts=SINCE, area=CELL
    )
    Need.objects.create(resident=head.resident, tag="elder_alone", starts=SINCE, area=CELL)
    assert VisitDue.objects.filter(resident=head.resident).exists()
    outcome = tell("died", head)
    assert set(Residence.objects.filter(resident=head.resident).values_list("ends", flat=True)) == {DAY}
    assert Need.objects.get(resident=head.resident).ends == DAY
    assert not VisitDue.objects.filter(resident=head.resident).exists()
    assert Resident.objects.get(pk=head.resident_id).died_on == DAY
    assert set(outcome) == {"act", "people", "asked", "alone"}
    assert is_exact()


def test_the_widow_becomes_the_head_and_everybody_is_what_they_are_to_her(family, tell):
    tell("died", family["grandfather"])
    assert relations(family) == {"grandfather": "02", "grandmother": "02", "son": "20", "wife": "38", "child": "41"}


def test_the_teller_chooses_another_head(family, tell):
    tell("died", family["grandfather"], head=family["son"].resident_id)
    assert relations(family) == {"grandfather": "02", "grandmother": "52", "son": "02", "wife": "12", "child": "20"}


def test_it_says_that_a_child_is_left_alone(db, tell):
    family = settle(door_in(), "son", "child")
    family["son"].relation = "02"
    family["son"].save()
    assert tell("died", family["son"])["alone"]


def test_a_family_moves_within_the_cell(family, tell):
    door = door_in(room="9903")
    along = [family[name].resident_id for name in ("wife", "child")]
    tell("moved", family["son"], to=to(door), along=along, reason="13")
    assert [open_stay(family[name]).relation for name in ("son", "wife", "child")] == ["02", "12", "20"]
    assert {open_stay(family[name]).household_id for name in ("son", "wife", "child")} == {
        Household.objects.get(dwelling=door).pk
    }
    assert relations(family)["grandmother"] == "12"
    assert Residence.objects.get(pk=family["son"].pk).ends == DAY
    kinds = LifeEvent.objects.filter(resident=family["son"].resident_id).order_by("pk").values_list("kind", "dwelling")
    assert list(kinds) == [("moved", family["son"].dwelling_id), ("came", door.pk)]
    assert is_exact()


def test_a_head_who_moves_away_alone_leaves_a_head_behind(family, tell):
    tell("moved", family["grandfather"], to=to(door_in(room="9903")))
    assert relations(family)["grandmother"] == "02"
    assert open_stay(family["grandfather"]).relation == "02"


def test_a_bride_is_what_was_told_in_a_home_where_others_live(family, tell):
    bride = settle(door_in(room="9904"), "wife")["wife"]
    tell("moved", bride, to=to(family["son"].dwelling), relation="38", reason="14")
    assert open_stay(bride).relation == "38"
    assert open_stay(bride).household_id == family["son"].household_id


def test_a_move_to_another_cell_takes_the_record_and_its_needs_along(family, tell):
    Need.objects.create(resident=family["son"].resident, tag="disability", starts=SINCE, area=CELL)
    door = door_in(OTHER_CELL)
    tell("moved", family["son"], as_="zhou", to=to(door))
    assert Resident.objects.get(pk=family["son"].resident_id).area == OTHER_CELL
    assert Need.objects.get(resident=family["son"].resident_id).area == OTHER_CELL
    assert set(LifeEvent.objects.filter(area=CELL).values_list("dwelling", flat=True)) == {family["son"].dwelling_id}
    assert is_exact()


def test_registration_stays_behind_or_goes_along(family, tell):
    tell("moved", family["son"], to=to(door_in(room="9903")), registration="stays")
    held = Residence.objects.get(resident=family["son"].resident_id, kind="registered")
    assert (held.dwelling_id, held.starts, held.ends) == (family["son"].dwelling_id, SINCE, None)
    tell("left", family["son"], far="away", place="河北省保定市", registration="moves", on="2026-05-11")
    held.refresh_from_db()
    assert held.ends == date(2026, 5, 11)


def test_who_returns_to_where_they_are_registered_is_separated_no_more(family, tell):
    tell("moved", family["son"], to=to(door_in(room="9903")), registration="stays")
    tell("moved", family["son"], to=to(family["son"].dwelling), relation="20", on="2026-05-12")
    assert Residence.objects.get(resident=family["son"].resident_id, kind="registered").ends == date(2026, 5, 12)


def test_who_left_comes_back(family, tell):
    tell("left", family["son"], far="abroad", place="日本")
    tell("moved", family["son"], to=to(family["son"].dwelling), relation="20", on="2026-05-12")
    stays = Residence.objects.filter(resident=family["son"].resident_id).order_by("pk").values_list("starts", "ends")
    assert list(stays) == [(SINCE, DAY), (date(2026, 5, 12), None)]
    assert is_exact()


def test_a_newborn_is_entered_from_the_mothers_record_without_a_number(family, tell):
    tell("born", family["wife"], name="甲新生", sex="2")
    child = Resident.objects.get(name="甲新生")
    stay = child.residences.get()
    assert (child.born, child.sex, child.identity_last4, child.area) == (DAY, "2", "", CELL)
    assert (stay.relation, stay.household_id, stay.starts) == ("42", family["wife"].household_id, DAY)
    assert is_exact()


def test_a_newborn_without_a_name_is_called_after_the_mother_and_named_later(family, tell):
    tell("born", family["wife"], sex="1")
    child = Resident.objects.get(name="甲wife之子")
    tell("named", child, name="甲小宝", on="2026-05-20")
    child.refresh_from_db()
    assert (child.name, child.events.get(kind="named").before) == ("甲小宝", "甲wife之子")


def test_twins_are_two_and_one_child_is_not_entered_twice(family, tell):
    tell("born", family["wife"], name="甲大", sex="1")
    tell("born", family["wife"], name="甲二", sex="1")
    with pytest.raises(Conflict):
        tell("born", family["wife"], name="甲二", sex="1")
    assert Resident.objects.filter(name__in=["甲大", "甲二"]).count() == 2


def test_a_household_splits_behind_one_door(family, tell):
    tell("split", family["son"], along=[family["wife"].resident_id, family["child"].resident_id])
    assert [open_stay(family[name]).relation for name in family] == ["02", "12", "02", "12", "20"]
    assert Household.objects.filter(dwelling=family["son"].dwelling).count() == 2
    assert Residence.objects.get(pk=family["son"].pk).ends == DAY
    tell("joined", family["son"], into=family["grandfather"].resident_id, relation="20",
         along=[family["wife"].resident_id, family["child"].resident_id], on="2026-05-12")  # fmt: skip
    assert Household.objects.filter(dwelling=family["son"].dwelling).count() == 1
    assert is_exact()


def test_the_head_is_changed_while_all_stay(family, tell):
    tell("head", family["son"])
    assert relations(family) == {"grandfather": "51", "grandmother": "52", "son": "02", "wife": "12", "child": "20"}


def test_a_type_changes_on_a_day(family, tell):
    tell("type", family["son"], population="floating", reason="01")
    event = LifeEvent.objects.get(kind="type")
    assert (event.before, event.after, event.on) == ("registered", "floating", DAY)
    assert is_exact()


def test_the_registration_moves_by_itself(family, tell):
    door = door_in(room="9905")
    tell("registered", family["son"], to=to(door))
    assert Residence.objects.get(resident=family["son"].resident_id, kind="registered").dwelling == door
    tell("registered", family["son"], far="away", place="天津市", on="2026-05-12")
    assert not Residence.objects.filter(resident=family["son"].resident_id, kind="registered", ends=None).exists()


@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [
        ("died", {"on": "1940-01-01"}, "on"),  # before birth
        ("died", {"on": "2019-12-31"}, "on"),  # before they lived here
        ("died", {"on": "2026-05-21"}, "on"),  # to come
        ("died", {"on": "2026-02-30"}, "on"),
        ("died", {"on": ""}, "on"),
        ("left", {}, "far"),
        ("left", {"far": "area", "to_area": "1"}, "to_area"),
        ("left", {"far": "area", "to_area": CELL[:12] + "'"}, "to_area"),
        ("left", {"far": "away", "along": [2**70]}, "along"),
        ("left", {"far": "away", "along": "all"}, "along"),
        ("moved", {}, "to"),
        ("moved", {"to": {"building": True, "door": [1, 2]}}, "to"),
        ("moved", {"to": {"building": 1, "door": ["1", "zzz"]}}, "to"),
        ("type", {"population": "martian"}, "population"),
        ("type", {"population": "registered"}, "population"),
        ("joined", {}, "into"),
        ("named", {"name": " "}, "name"),
        ("born", {"sex": "9"}, "sex"),
        ("born", {"sex": "1"}, "resident"),  # of a man
        ("married", {}, "kind"),
    ],
)  # fmt: skip
def test_it_refuses_what_cannot_be(kind, body, field, family, tell):
    before = list(Residence.objects.order_by("pk").values())
    with pytest.raises(Refused) as caught:
        tell(kind, family["son"], **body)
    assert field in caught.value.fields
    assert list(Residence.objects.order_by("pk").values()) == before
    assert not LifeEvent.objects.exists()


def test_nothing_happens_to_the_dead_but_the_same_again(family, tell):
    tell("died", family["son"])
    assert tell("died", family["son"])["people"] == 0
    assert LifeEvent.objects.filter(kind="died").count() == 1
    for kind, body in (("left", {"far": "away"}), ("type", {"population": "floating"}), ("named", {"name": "乙"})):
        with pytest.raises(Refused) as caught:
            tell(kind, family["son"], on="2026-05-15", **body)
        assert "resident" in caught.value.fields


def test_two_who_record_another_day_see_both_and_one_is_chosen(family, tell):
    tell("died", family["grandfather"])
    with pytest.raises(Conflict) as caught:
        tell("died", family["grandfather"], as_="zhou", on="2026-05-08")
    theirs = caught.value.theirs
    assert theirs["on"] == "2026-05-10"
    tell("died", family["grandfather"], as_="zhou", on="2026-05-08", base=theirs["base"])
    assert Resident.objects.get(pk=family["grandfather"].resident_id).died_on == date(2026, 5, 8)
    assert LifeEvent.objects.filter(kind="died", withdrawal=None).count() == 1
    assert relations(family)["grandmother"] == "02"
    assert is_exact()


def test_an_event_is_not_earlier_than_one_that_is_recorded(family, tell):
    tell("type", family["son"], population="floating", on="2026-05-12")
    with pytest.raises(Refused) as caught:
        tell("left", family["son"], far="away", on="2026-05-11")
    assert "2026-05-12" in caught.value.fields["on"]


def test_nobody_was_met_after_their_death(family, tell, cast):
    person = family["son"].resident
    Visit.objects.create(resident=person, at=NOW, day=date(2026, 5, 15), by=cast.wang, outcome="met", area=CELL)
    with pytest.raises(Refused) as caught:
        tell("died", person)
    assert "2026-05-15" in caught.value.fields["on"]


@pytest.mark.parametrize("name", EVERYONE)
def test_only_who_writes_people_there_may(name, family, tell):
    if name in ("wang", "zhou"):
        assert tell("died", family["son"], as_=name)["people"] == 1
        return
    reads = name in ("li", "sun")
    with pytest.raises(NotAllowed if reads else OutOfScope):
        tell("died", family["son"], as_=name)


def test_a_worker_lets_nobody_move_beyond_their_cell_but_says_that_they_left(family, tell):
    with pytest.raises(Refused) as caught:
        tell("moved", family["son"], to=to(door_in(OTHER_CELL)))
    assert "to" in caught.value.fields
    with pytest.raises(Refused):
        tell("left", family["son"], as_="zhou", far="area", to_area=COMMUNITY)
    tell("left", family["son"], far="area", to_area=OTHER_STREET)
    assert LifeEvent.objects.get().to_area == OTHER_STREET


def test_a_record_goes_over_to_where_the_person_was_sent(family, tell):
    number = "110113197801019990"
    person = family["son"].resident
    Resident.objects.filter(pk=person.pk).update(identity_index=blind_index(number), identity_last4="9990")
    Need.objects.create(resident=person, tag="disability", starts=SINCE, area=CELL)
    there = door_elsewhere()
    newcomer = read_newcomer({"name": person.name, "number": number, "starts": "2026-05-15"}, date(2026, 5, 20))
    other = Scope.of([OTHER_STREET])

    tell("left", family["son"], far="area", to_area=OTHER_STREET)
    with applied(other):
        assert move_in(there, newcomer, other)[0].resident_id == person.pk
    assert Resident.objects.get(pk=person.pk).area == there.area
    assert Need.objects.get(resident=person).area == there.area
    with applied(Scope.of([STREET])):  # the old street: its own time, and no new address
        assert not Resident.objects.filter(pk=person.pk).exists()
        assert [stay.area for stay in Residence.objects.filter(resident=person.pk)] == [CELL]
        event = LifeEvent.objects.get(resident=person.pk)
        assert (event.name, event.to_area, event.dwelling_id) == (person.name, OTHER_STREET, family["son"].dwelling_id)
    assert is_exact()


@pytest.mark.parametrize("said", [{"far": "away"}, {"far": "unknown"}, {"far": "area", "to_area": "110113003"}])
def test_whom_nobody_sent_here_is_written_down_anew(said, family, tell):
    number = "110113197801019990"
    person = family["son"].resident
    Resident.objects.filter(pk=person.pk).update(identity_index=blind_index(number), identity_last4="9990")
    tell("left", family["son"], **said)
    other, there = Scope.of([OTHER_STREET]), door_elsewhere()
    newcomer = read_newcomer({"name": person.name, "number": number, "starts": "2026-05-15"}, date(2026, 5, 20))
    with applied(other):
        stay, new = move_in(there, newcomer, other)
        assert new
        assert stay.resident_id != person.pk
    assert Resident.objects.get(pk=person.pk).area == CELL

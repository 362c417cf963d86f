"""A child's identity number, asked for until it is there. Everybody here is invented."""

from datetime import UTC, date, datetime

import pytest

from gis.accounts.scope import Scope, applied
from gis.errors import Refused
from gis.models import Residence, Resident
from gis.people.answering import Answering
from gis.people.call import Person
from gis.people.door_form import save_door
from gis.people.gaps import gaps_of
from gis.people.late_number import asks_number, give_number, read_late_number
from gis.people.sealing import blind_index, open_seal
from tests.cast import CELL, OTHER_STREET
from tests.gis.people.life.conftest import door_in, settle

TODAY = date(2026, 5, 20)
BORN = date(2026, 3, 1)
NUMBER = "110113202603010010"
WALL = Scope.of([CELL])


@pytest.fixture(autouse=True)
def invented(settings) -> None:
    settings.SYNTHETIC_IDS = True


@pytest.fixture
def child(db) -> Residence:
    stay = settle(door_in(), "child", "wife")["child"]
    Resident.objects.filter(pk=stay.resident_id).update(born=BORN)
    stay.resident.refresh_from_db()
    return stay


@pytest.mark.parametrize(
    ("born", "asked"),
    [
        (date(2026, 5, 1), False), (BORN, True), (date(2020, 1, 1), True), (date(2015, 1, 1), False),
        (date(1970, 1, 1), False), (None, False),
    ],
)  # fmt: skip
def test_it_is_asked_of_small_children_after_a_month(born, asked):
    assert asks_number(Resident(born=born, document="111"), TODAY) is asked
    assert not asks_number(Resident(born=born, document="111", identity_last4="0010"), TODAY)
    assert not asks_number(Resident(born=born, document="414"), TODAY)


def test_it_is_a_gap_of_a_visit_and_its_answer_is_written(child, cast):
    assert "number" in {gap.field for gap in gaps_of(child.resident, child, [], 1, TODAY)}
    with applied(cast.wang.access.which("people.count")):
        answering = Answering(cast.wang.access, TODAY, {})
        answering.take(Person(child.resident_id, {"number": NUMBER}), child)
        assert not answering.theirs
        answering.write()
    saved = Resident.objects.get(pk=child.resident_id)
    assert (saved.identity_last4, open_seal(saved.identity_sealed), saved.doubled) == ("0010", NUMBER, False)


def test_it_is_given_at_the_door(child, cast):
    body = {
        "building": child.dwelling.building_id, "door": child.dwelling_id,
        "people": [{"stay": child.pk, "number": NUMBER}],
    }  # fmt: skip
    with applied(cast.wang.access.which("people.count")):
        save_door(body, by=cast.wang, access=cast.wang.access, at=datetime(2026, 5, 20, 2, tzinfo=UTC))
    assert Resident.objects.get(pk=child.resident_id).identity_last4 == "0010"


@pytest.mark.parametrize(
    "text", ["", "1101132026030100", "110113202603020010", "110113202603010020", "x" * 18, "11011320269901001X"]
)
def test_a_number_of_somebody_else_is_refused_and_not_repeated(text, child):
    with pytest.raises(Refused) as caught:
        read_late_number(child.resident, text, TODAY, "number")
    assert not text or text not in str(caught.value.fields) + str(caught.value)


def test_a_number_known_here_is_not_given_to_another(child):
    Resident.objects.create(name="乙", area=CELL, identity_index=blind_index(NUMBER), identity_last4="0010")
    with applied(WALL), pytest.raises(Refused):
        give_number(child.resident, NUMBER, WALL, "number")


def test_a_number_known_elsewhere_is_kept_as_a_double_and_nothing_says_so(child):
    Resident.objects.create(name="乙", area=OTHER_STREET, identity_index=blind_index(NUMBER), identity_last4="0010")
    with applied(WALL):
        assert give_number(child.resident, NUMBER, WALL, "number")
    assert Resident.objects.get(pk=child.resident_id).doubled


def test_it_is_given_once(child):
    with applied(WALL):
        assert give_number(child.resident, NUMBER, WALL, "number")
        assert not give_number(child.resident, NUMBER, WALL, "number")
        with pytest.raises(Refused):
            give_number(child.resident, "110113202603010030", WALL, "number")

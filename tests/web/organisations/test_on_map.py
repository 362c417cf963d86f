"""Units on the map: who is sent which, a mark a building, narrowed by kind and by how checks stand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gis.models import Building, Organisation
from tests.cast import CELL, EVERYONE

READERS = {"wang", "zhou", "li", "sun"}


@pytest.fixture
def buildings(db) -> list[Building]:
    return list(Building.objects.filter(area=CELL).order_by("pk")[:2])


@pytest.fixture
def units(buildings) -> list[Organisation]:
    """A shop that is overdue and a firm with a hazard in one building, a school that is neither in another."""
    today = timezone.localdate()
    first, second = buildings
    Organisation.objects.all().delete()
    made = [
        Organisation(name="甲店", kind="shop", building=first, known_since=today - timedelta(days=400)),
        Organisation(name="乙公司", kind="firm", building=first, known_since=today, hazards=["gas"], person="丙丁戊"),
        Organisation(name="己学校", kind="school", building=second, known_since=today),
    ]
    for one in made:
        one.area = CELL
        one.save()
    return made


def window(buildings, wide: float = 0.002) -> str:
    boxes = [building.geometry.extent for building in buildings]
    west, south = (min(box[side] for box in boxes) for side in (0, 1))
    east, north = (max(box[side] for box in boxes) for side in (2, 3))
    return f"{west - wide},{south - wide},{east + wide},{north + wide}"


def marks(client, box: str, **wish) -> dict[int, list]:
    answer = client.get("/map/organisations/", {"bbox": box, **wish})
    assert answer["Cache-Control"] == "private, no-store"
    return {mark[2]: mark[3:] for mark in answer.json()["marks"]}


@pytest.mark.parametrize("name", EVERYONE)
def test_only_who_lists_units_is_sent_any_and_offered_the_layer(name, units, buildings, client_of):
    client, box = client_of(name), window(buildings)
    answer = client.get("/map/organisations/", {"bbox": box})
    table = client.get("/map/organisations/list/", {"bbox": box})
    if name in READERS:
        assert len(answer.json()["marks"]) == 2
        assert "己学校" in table.content.decode()
        assert 'id="units-layer"' in client.get("/").content.decode()
        return
    # Whoever reads people elsewhere is sent nothing of here, whoever reads none is refused.
    assert answer.status_code == 403 or answer.json() == {"marks": [], "more": False}
    assert "己学校" not in table.content.decode()


def test_a_building_has_one_mark_in_the_state_that_asks_for_most(units, buildings, client_of):
    first, second = buildings
    told = marks(client_of("wang"), window(buildings))
    assert told == {first.pk: ["", 2, "hazards"], second.pk: ["school", 1, "fine"]}


@pytest.mark.parametrize(
    ("wish", "first", "second"),
    [
        ({"kind": "small"}, ["shop", 1, "overdue"], None),
        ({"kind": "firm"}, ["firm", 1, "hazards"], None),
        ({"stand": "overdue"}, ["shop", 1, "overdue"], None),
        ({"stand": "hazards"}, ["firm", 1, "hazards"], None),
        ({"kind": "school", "stand": "overdue"}, None, None),
        ({"kind": "x", "stand": "closed"}, ["", 2, "hazards"], ["school", 1, "fine"]),
    ],
)
def test_they_are_narrowed_by_kind_and_by_checks(wish, first, second, units, buildings, client_of):
    told = marks(client_of("li"), window(buildings), **wish)
    assert [told.get(building.pk) for building in buildings] == [first, second]


def test_the_table_counts_by_kind_and_tells_of_no_person(units, buildings, client_of):
    text = client_of("wang").get("/map/organisations/list/", {"bbox": window(buildings)}).content.decode()
    for said in ("甲店", "乙公司", "己学校", "检查逾期", "合计"):
        assert said in text
    assert "丙丁戊" not in text
    assert text.count('<td class="number">1</td>') == 7  # of kinds and in all
    nothing = client_of("wang").get("/map/organisations/list/", {"bbox": "1,1,1.1,1.1"}).content.decode()
    assert "视野内没有符合条件的单位" in nothing


@pytest.mark.parametrize("box", ["", "nan,1,2,3", "116,40,117,41", "inf,0,inf,0", "116.7,40,116.6,40", "1,2,3"])
def test_a_window_that_is_none_is_refused(box, client_of):
    assert client_of("li").get("/map/organisations/", {"bbox": box}).status_code == 400


def test_one_that_has_closed_is_on_no_map(units, buildings, client_of):
    Organisation.objects.filter(kind="school").update(closed_on=timezone.localdate())
    assert buildings[1].pk not in marks(client_of("wang"), window(buildings))

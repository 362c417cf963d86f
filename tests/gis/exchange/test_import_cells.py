from datetime import date, timedelta

import pytest
import shapely
from django.utils import timezone

from gis.models import Building, CellVersion, Dwelling, Incident, Lineage

FIRST, SECOND = "110113001006", "110113001007"
pytestmark = pytest.mark.usefixtures("ground")

#: Four quarters of the eastern community, in no order.
QUARTERS = [
    shapely.box(116.665, 40.12, 116.67, 40.125),
    shapely.box(116.66, 40.125, 116.665, 40.13),
    shapely.box(116.66, 40.12, 116.665, 40.125),
    shapely.box(116.665, 40.125, 116.67, 40.13),
]


def file(write, name="cells.parquet", shapes=QUARTERS, **columns):
    return write(name, {"name": ["东南", "西北", "西南", "东北"]} | columns, shapes)


def test_it_numbers_cells_in_reading_order(bring, write):
    said = bring("areas", file(write), "--level", "cell")
    assert "4 new" in said
    codes = dict(CellVersion.objects.values_list("name", "code"))
    assert codes == {"西北": SECOND + "001", "东北": SECOND + "002", "西南": SECOND + "003", "东南": SECOND + "004"}
    assert "uncovered" not in said
    assert CellVersion.objects.first().valid.lower == timezone.localdate()


def test_it_changes_nothing_when_run_again(bring, write):
    bring("areas", file(write), "--level", "cell")
    assert "0 new, 0 updated, 4 unchanged" in bring("areas", file(write), "--level", "cell")


def test_it_succeeds_a_version_that_is_drawn_anew(bring, write):
    codes = [SECOND + f"00{n}" for n in range(1, 5)]
    bring("areas", file(write, code=codes), "--starts", "2024-01-01")
    moved = [
        shapely.box(116.666, 40.12, 116.67, 40.125),
        QUARTERS[1],
        shapely.box(116.66, 40.12, 116.666, 40.125),
        QUARTERS[3],
    ]
    assert "0 new, 2 updated, 2 unchanged" in bring(
        "areas", file(write, shapes=moved, code=codes), "--starts", "2026-01-01"
    )
    lives = CellVersion.objects.filter(code=SECOND + "001").order_by("valid")
    assert [(v.valid.lower, v.valid.upper) for v in lives] == [
        (date(2024, 1, 1), date(2026, 1, 1)),
        (date(2026, 1, 1), None),
    ]
    assert lives[0].cell_id == lives[1].cell_id
    assert Lineage.objects.count() == 2


def test_it_says_what_cells_leave_out_and_where_they_overlap(bring, write):
    said = bring(
        "areas",
        file(write, shapes=[QUARTERS[0], QUARTERS[1], QUARTERS[2], shapely.box(116.6649, 40.125, 116.6695, 40.13)]),
        "--level",
        "cell",
    )
    assert "1 pairs of outlines overlap" in said
    assert f"{SECOND}: its cells leave" in said


def test_it_refuses_a_code_of_another_community(bring, write):
    said = bring(
        "areas", file(write, code=[FIRST + "001", SECOND + "002", SECOND + "003", SECOND + "004"]), "--level", "cell"
    )
    assert "代码不属于" in said
    assert CellVersion.objects.count() == 3


def test_it_refuses_a_cell_outside_every_community(bring, write):
    said = bring("areas", file(write, shapes=[shapely.box(117, 41, 117.1, 41.1), *QUARTERS[1:]]), "--level", "cell")
    assert "它不在任何已知社区里" in said


def test_it_tells_what_stands_there_its_cell(bring, write):
    bring("buildings", write("b.parquet", {"id": [1]}, [shapely.box(116.661, 40.121, 116.6612, 40.1212)]))
    bring("incidents", write("i.csv", {"time": ["2026-01-01"], "lon": [116.661], "lat": [40.121]}))
    building = Building.objects.get()
    Dwelling.objects.create(building=building, room="101", area=building.area)
    said = bring("areas", file(write), "--level", "cell")
    assert "1 buildings and all in them were told their new cell" in said
    cell = SECOND + "003"
    assert (Building.objects.get().area, Dwelling.objects.get().area, Incident.objects.get().area) == (cell, cell, cell)
    assert Building.objects.get().cell is not None


def test_it_does_not_rewrite_yesterday(bring, write):
    yesterday = timezone.localdate() - timedelta(days=1)
    bring("incidents", write("i.csv", {"time": [str(yesterday)], "lon": [116.661], "lat": [40.121]}))
    bring("areas", file(write), "--level", "cell")
    assert Incident.objects.get().cell is None

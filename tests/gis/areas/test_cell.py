"""A cell's dated life, kept by the database: one version a day, one holder of a code a day, and a code of 15 digits."""

from datetime import date

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import ProtectedError

from gis.accounts.scope import Scope
from gis.models import Building, Cell, CellVersion, Lineage

pytestmark = pytest.mark.django_db
CODE, OTHER = "990001001001001", "990001001001002"
NEW_YEAR, JULY, LATER = date(2025, 1, 1), date(2026, 7, 1), date(2027, 1, 1)


def square(x: float = 116.0) -> MultiPolygon:
    return MultiPolygon(Polygon.from_bbox((x, 40.0, x + 0.01, 40.01)))


def version(cell: Cell, code: str = CODE, starts: date | None = NEW_YEAR, ends: date | None = None, **rest):
    return CellVersion.objects.create(
        cell=cell, code=code, name="第1网格", geometry=square(), valid=DateRange(starts, ends), **rest
    )


@pytest.fixture
def cell() -> Cell:
    return Cell.objects.create()


def test_it_may_be_redrawn_under_its_code_from_the_day_the_old_version_ends(cell):
    version(cell, ends=JULY)
    version(cell, starts=JULY)
    assert [found.valid.upper for found in CellVersion.objects.filter(cell=cell).on(JULY)] == [None]
    assert [found.valid.upper for found in CellVersion.objects.filter(cell=cell).on(date(2026, 6, 30))] == [JULY]


@pytest.mark.parametrize(
    ("starts", "ends"),
    [(NEW_YEAR, None), (date(2026, 6, 30), None), (None, date(2025, 1, 2)), (None, None), (JULY.replace(day=2), LATER)],
)
def test_it_has_no_two_versions_on_one_day(starts, ends, cell):
    version(cell, ends=JULY)
    version(cell, starts=JULY, code=OTHER)
    with pytest.raises(IntegrityError, match="cell_one_version_a_day"):
        version(cell, code="990001001001003", starts=starts, ends=ends)


def test_its_code_has_no_two_holders_on_one_day(cell):
    version(cell)
    with pytest.raises(IntegrityError, match="cell_code_one_holder_a_day"):
        version(Cell.objects.create(), starts=JULY)


def test_its_code_may_not_be_taken_by_moving_a_version_either(cell):
    version(cell)
    other = version(Cell.objects.create(), code=OTHER)
    with pytest.raises(IntegrityError, match="cell_code_one_holder_a_day"):
        CellVersion.objects.filter(pk=other.pk).update(code=CODE)


@pytest.mark.parametrize(
    "code", ["", "99000100100100", "99000100100100a", "９９０００１００１００１００１", "99000100100100:"]
)
def test_its_code_is_fifteen_digits(code, cell):
    with pytest.raises(IntegrityError, match="cell_code_is_15_digits"):
        version(cell, code=code)


def test_a_range_that_ends_before_it_starts_is_refused(cell):
    with pytest.raises(Exception, match="lower bound"), transaction.atomic():
        version(cell, starts=JULY, ends=NEW_YEAR)


def test_it_is_not_in_force_on_the_day_it_ends(cell):
    version(cell, ends=JULY)
    mine = CellVersion.objects.filter(cell=cell)
    assert mine.on(NEW_YEAR).exists()
    assert not mine.on(JULY).exists()
    assert not mine.on(date(2024, 12, 31)).exists()


def test_it_is_found_in_the_scope_of_its_community_and_no_other(cell):
    mine = version(cell)
    assert mine.community_code == CODE[:12]
    assert mine in CellVersion.objects.inside(Scope.of([CODE[:12]]))
    assert mine not in CellVersion.objects.inside(Scope.of(["990001001002"]))


def test_its_area_and_drawing_are_kept_by_the_database(cell):
    drawn = version(cell)
    CellVersion.objects.filter(pk=drawn.pk).update(geometry=square(117.0))
    drawn.refresh_from_db()
    # On paper: 0.01° × 0.01° at 40° N is 853.9 m × 1,110.4 m on the WGS 84 ellipsoid.
    assert drawn.area_m2 == pytest.approx(853.9 * 1110.4, rel=1e-3)
    assert drawn.drawing.srid == 3857
    assert drawn.drawing.transform(4326, clone=True).extent == pytest.approx((117.0, 40.0, 117.01, 40.01))


def test_a_cell_with_a_life_or_a_building_is_not_deleted(cell):
    version(cell)
    Building.objects.create(code="99000100100100001", geometry=square(), cell=cell, area=CODE)
    with pytest.raises(ProtectedError):
        cell.delete()


def test_its_lineage_says_once_what_became_of_it(cell):
    before, after = version(cell, ends=JULY), version(Cell.objects.create(), code=OTHER, starts=JULY)
    says = {"kind": "successor", "share_area": 1, "share_households": 1}
    Lineage.objects.create(before=before, after=after, **says)
    with pytest.raises(IntegrityError, match="lineage_once"), transaction.atomic():
        Lineage.objects.create(before=before, after=after, **says)
    with pytest.raises(ProtectedError):
        before.delete()

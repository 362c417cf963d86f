"""Incidents in memory say what the table says, and scope is the same rule in both."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis import crs
from gis.accounts.scope import Scope
from gis.models import Incident
from layers.incident_columns import PER_METRE, STATES, inside, numbers_of, range_of, read_all, read_some
from tests.gis.incidents.reported import NOON, a_category, report


def columns_of(codes: list[str]) -> np.ndarray:
    texts = "".join(code.ljust(15) for code in codes).encode()
    return numbers_of(np.frombuffer(texts, dtype=np.uint8).reshape(-1, 15))


area_codes = st.text("012349", min_size=2, max_size=15)


@given(st.lists(st.text("01289", min_size=12, max_size=15), min_size=1, max_size=30), st.lists(area_codes, max_size=4))
def test_it_covers_what_a_scope_covers(areas, posted):
    scope = Scope.of(posted)
    assert inside(columns_of(areas), scope).tolist() == [scope.covers(area) for area in areas]


@given(st.lists(area_codes, min_size=2, max_size=20, unique=True))
def test_it_orders_codes_as_texts(codes):
    assert sorted(codes) == [codes[i] for i in np.argsort(columns_of(codes))]


def test_it_keeps_a_community_and_its_cell_000_apart():
    low, high = range_of("110113001006000")
    assert not low <= columns_of(["110113001006"])[0] < high


def test_it_shows_nothing_to_an_empty_scope():
    assert not inside(columns_of(["110113001006001"]), Scope(())).any()


@pytest.mark.django_db
def test_it_reads_every_column_as_the_table_has_it(bare):
    late = report(at=NOON.replace(hour=9), state="closed", area="110113001006", category=a_category("市容", "占道"))
    early = report(lon=-73.98, lat=40.75)
    columns = read_all()
    assert columns.ids.tolist() == [early.pk, late.pk]
    assert columns.at.tolist() == [int(early.reported_at.timestamp()), int(late.reported_at.timestamp())]
    assert columns.category.tolist() == [early.category_id, late.category_id]
    assert columns.state.tolist() == [STATES["reported"], STATES["closed"]]
    assert columns.area.tolist() == columns_of([early.area, late.area]).tolist()
    drawn = crs.move(np.array([[-73.98, 40.75], [116.66, 40.13]]), crs.STORE, crs.DRAW)
    assert np.abs(np.column_stack([columns.east, columns.north]) / PER_METRE - drawn).max() < 0.01


@pytest.mark.django_db
def test_it_reads_some_by_their_ids(bare):
    kept, other = report(), report()
    assert read_some([kept.pk, other.pk + 1000]).ids.tolist() == [kept.pk]


@pytest.mark.django_db
def test_it_reads_nothing_from_an_empty_table(bare):
    assert len(read_all()) == len(Incident.objects.all()) == 0

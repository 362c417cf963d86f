"""The city for measuring is well formed: what was copied is as whole as what it was copied from."""

from collections.abc import Iterator

import pytest
from django.db import connection

from gis.models import Area, Resident
from gis.people.identity import parse_identity
from gis.people.sealing import open_seal
from gis.statistics.recounting import wrong_areas
from tests.bench.city.making import grow
from tests.bench.city.plan import Copy, Size, copies
from tests.databases import a_copy, moved_to

TINY = Size("tiny", "small", 1, range(101, 103), 3_000, 600)


@pytest.fixture(scope="module")
def streets(django_db_setup, django_db_blocker) -> Iterator[list[Copy]]:
    """A street of the generator and two copies of it in the dense centre, beside the small town."""
    with django_db_blocker.unblock(), a_copy() as name, moved_to(name):
        grow(TINY)
        yield copies(TINY)


def one(query: str):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def test_copies_are_whole(streets: list[Copy]):
    original, first, second = "110113900", *(street.code for street in streets)
    for table in ("grid_building", "grid_dwelling", "grid_resident", "grid_household", "grid_incident"):
        inside = [one(f"SELECT count(*) FROM {table} WHERE left(area, 9) = '{c}'") for c in (original, first, second)]
        assert inside[0] == inside[1] == inside[2] > 0
    assert one(
        "SELECT bool_and(ST_Intersects(b.geometry, v.geometry) AND v.cell_id = b.cell_id) FROM grid_building b"
        " JOIN grid_cellversion v ON v.code = b.area WHERE left(b.area, 4) = '9901'"
    )
    overlapping = one(
        "SELECT count(*) FROM grid_cellversion a JOIN grid_cellversion b ON a.id < b.id AND a.drawing && b.drawing"
        " WHERE ST_Area(ST_Intersection(a.geometry, b.geometry)) > 1e-12"
    )
    assert overlapping == 0
    assert wrong_areas() == set()


def test_copies_have_names_and_numbers_of_their_own(streets: list[Copy]):
    names = list(Area.objects.exclude(level="province").values_list("name", flat=True))
    assert len(set(names)) == len(names)
    for person in Resident.objects.filter(area__startswith=streets[1].code)[:50]:
        number = parse_identity(open_seal(person.identity_sealed))
        assert (number.born, number.sex, number.check_fits) == (person.born, person.sex, False)

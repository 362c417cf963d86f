"""Blocks: houses drawn together, made again when one of them changes and by nobody else's leave."""

import psycopg
import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import ProgrammingError, connection, transaction

from gis.accounts.scope import Scope, applied
from gis.models import Block, BlockChange, Building
from gis.places.blocks import gather, make_all_blocks, make_blocks
from tests.databases import address_of

AREA = "990101001001001"
#: A degree of latitude in metres, near enough.
DEGREE = 111_000


def house(north: float, side: float = 20) -> Building:
    """A square house so many metres north of the equator, where the drawing CRS measures true."""
    south, size = north / DEGREE, side / DEGREE
    outline = MultiPolygon(Polygon.from_bbox((0, south, size, south + size)), srid=4326)
    number = Building.objects.count()
    return Building.objects.create(code=f"990101001001{number:05d}", geometry=outline, area=AREA)


def parts() -> int:
    """How many shapes the area's block has, once it is made."""
    make_all_blocks()
    return Block.objects.get(area=AREA).drawing.num_geom


@pytest.mark.django_db
def test_it_joins_what_stands_close_and_nothing_else(bare):
    house(0)
    house(48)  # 28 m between them
    assert parts() == 1
    house(120)
    assert parts() == 2


@pytest.mark.django_db
def test_it_keeps_the_ground_of_a_lone_house(bare):
    alone = house(0)
    make_all_blocks()
    alone.refresh_from_db()
    assert Block.objects.get().drawing.area == pytest.approx(alone.drawing.area, rel=0.01)


@pytest.mark.django_db
def test_it_is_made_again_where_something_changed_only(bare):
    near, far = house(0), house(5000)
    Building.objects.filter(pk=far.pk).update(area="990101001001002")
    make_all_blocks()
    assert not BlockChange.objects.exists()
    near.delete()
    Building.objects.filter(pk=far.pk).update(floors=9)
    make_blocks(-100, -100, 100, 100)
    assert Block.objects.get(area=AREA).drawing.empty
    assert [change.area for change in BlockChange.objects.all()] == ["990101001001002"]


@pytest.mark.django_db
def test_its_notes_are_gathered_to_one_an_area(bare):
    house(0)
    house(500)
    gather()
    assert BlockChange.objects.count() == 1
    assert parts() == 2


@pytest.mark.django_db
def test_the_runtime_login_makes_blocks_with_its_own_rights_and_writes_no_notes(bare):
    house(0)
    with applied(Scope.of([AREA])):
        make_all_blocks()
    assert Block.objects.count() == 1
    with pytest.raises(ProgrammingError), transaction.atomic(), applied(Scope.of([AREA])):
        BlockChange.objects.create(area=AREA, touched=Block.objects.get().drawing)


def test_it_neither_waits_for_a_writer_nor_misses_one(own_town):
    make_all_blocks()
    one = Building.objects.order_by("pk").first()
    before = Block.objects.get(area=one.area).drawing
    with psycopg.connect(address_of(connection.settings_dict["NAME"])) as other:
        other.execute("UPDATE grid_building SET geometry = ST_Translate(geometry, 0.01, 0) WHERE id = %s", [one.pk])
        make_all_blocks()  # while the change is not committed
        assert Block.objects.get(area=one.area).drawing == before
        other.commit()
    make_all_blocks()
    assert Block.objects.get(area=one.area).drawing != before

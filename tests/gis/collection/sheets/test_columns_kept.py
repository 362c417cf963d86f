"""What a table says, written into the columns and needs of many people at once."""

import datetime as dt

import pytest
from django.db import connection

from gis.collection.sheets.columns_kept import Writing, write_columns
from gis.models import Fact, Field, Need
from tests.gis.collection.sheets.bringing import residents

pytestmark = pytest.mark.django_db

BEFORE, DAY = dt.date(2026, 1, 5), dt.date(2026, 3, 1)


def needs_of(*people):
    found = Need.objects.filter(resident__in=people, tag__in=("subsistence", "disability"))
    return {(need.resident_id, need.tag): (need.starts, need.ends) for need in found}


def test_needs_of_several_tags_begin_and_end_each_for_its_own_people(cast):
    one, other = residents(2)
    Need.objects.filter(resident__in=(one, other)).delete()
    Need.objects.create(resident=other, tag="subsistence", starts=BEFORE, area=other.area)
    Need.objects.create(resident=other, tag="disability", starts=DAY, area=other.area)
    said = [
        (one, "subsistence", "1"),
        (one, "disability", "1"),
        (other, "subsistence", "0"),
        (other, "disability", "0"),
    ]
    fields = {tag: Field.objects.get(code=f"need_{tag}") for tag in ("subsistence", "disability")}
    write_columns([Writing(fields[tag], person.pk, value) for person, tag, value in said], DAY)
    assert needs_of(one, other) == {
        (one.pk, "subsistence"): (DAY, None), (one.pk, "disability"): (DAY, None),
        (other.pk, "subsistence"): (BEFORE, DAY),  # the other one had not begun before that day
    }  # fmt: skip


def test_facts_of_one_person_are_noted_for_their_community_once(cast):
    (one,) = residents(1)
    fields = Field.objects.filter(code__in=("need_subsistence", "need_disability"))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM grid_sharechange")
        Fact.objects.bulk_create([Fact(field=of, resident=one, value="1", source="file", said_on=DAY) for of in fields])
        cursor.execute("SELECT areas FROM grid_sharechange")
        assert cursor.fetchall() == [(f'["{one.area[:12]}"]',)]

"""The real files beside the checkout, each brought in twice. They skip where the folder is absent."""

import pytest
from django.db.models import Sum

from gis.models import Area, Building, Incident

pytestmark = pytest.mark.usefixtures("bare")


def test_it_takes_all_townships_of_beijing(bring, real_data):
    path = real_data / "beijing_townships.gpkg"
    assert "331 new, 0 updated, 0 unchanged, 0 refused" in bring("areas", path)
    assert Area.objects.filter(level="street").count() == 331
    assert Area.objects.filter(level="district").exclude(geometry=None).count() == 16
    assert Area.objects.get(code="110106005").name == "南苑街道"
    assert Area.objects.get(name="南苑镇").code_system == "local"
    assert "331 unchanged" in bring("areas", path)


def test_it_takes_new_york_tract_by_tract_building_by_building(bring, real_data):
    tracts = real_data / "nyc_tracts_pop2010.parquet"
    assert "2,166 new, 0 updated, 0 unchanged, 0 refused" in bring("areas", tracts, "--level", "community")
    assert Area.objects.filter(level="community").aggregate(Sum("population"))["population__sum"] == 8_175_133
    assert Area.objects.filter(level="street").count() == 5

    houses = real_data / "nyc_buildings.parquet"
    said = bring("buildings", houses)
    assert "99,618 new" in said
    assert "2,416 refused" in said  # on the New Jersey side of the river
    assert Building.objects.filter(code__regex=r"^99[0-9]{15}$").count() == 99_618

    thefts = real_data / "nyc_vehicle_thefts_2014_2017.parquet"
    said = bring("incidents", thefts, "--timezone", "America/New_York")
    assert "35,746 new, 0 updated, 0 unchanged, 0 refused" in said
    assert "35,746 unchanged" in bring("incidents", thefts, "--timezone", "America/New_York")


def test_it_refuses_or_marks_the_outliers_of_houston(bring, real_data):
    path = real_data / "houston_crime_2010.parquet"
    said = bring("incidents", path, "--timezone", "UTC", "--into", "990001")
    assert "86,099 new, 0 updated, 0 unchanged, 215 refused" in said
    assert Incident.objects.exclude(doubt="").count() == 707
    area = Area.objects.get(code="990001001001")
    assert not Incident.objects.exclude(position__coveredby=area.geometry).exists()


def test_it_tells_a_repaired_map_from_the_original(bring, real_data):
    before = bring("areas", real_data / "DenverCo_precincts2020_orig.zip", "--level", "community", "--dry-run")
    after = bring("areas", real_data / "DenverCo_precincts2020_repaired.zip", "--level", "community", "--dry-run")
    assert "1 pairs of outlines overlap" in before
    assert "overlap" not in after
    assert "356 rows would go in" in after


def test_it_takes_names_without_outlines(bring, real_data):
    assert "601 new" in bring("areas", real_data / "shunyi_communities_2023.csv")
    assert Area.objects.get(code="110113001006").name == "幸福西街社区居委会"

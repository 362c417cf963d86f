"""Kept figures equal a full recount after any mix of changes."""

import random
from datetime import date

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from gis.accounts.scope import Scope, applied
from gis.models import Births, Building, Dwelling, Figures, Household, Incident, Residence, Resident
from gis.statistics.recounting import recount, wrong_areas

pytestmark = pytest.mark.django_db
_AREAS = ["110113001006001", "110113001006002", "110113001006"]


def test_it_is_right_after_the_town_was_copied_in():
    assert Figures.objects.exclude(residents=0).exists()
    assert wrong_areas() == set()


def test_it_notices_a_wrong_figure_and_mends_it():
    row = Figures.objects.exclude(residents=0).first()
    Figures.objects.filter(pk=row.pk).update(residents=row.residents + 1)
    assert wrong_areas() == {row.area}
    recount()
    assert wrong_areas() == set()


def test_it_counts_a_birth_year_once_for_a_person_with_two_stays():
    lodgers = Resident.objects.exclude(residences__kind="registered")
    resident = Residence.objects.filter(kind="living", ends=None, resident__in=lodgers).first().resident
    before = Births.objects.filter(year=resident.born.year).values_list("area", "number")
    total = sum(number for _, number in before)
    home = Dwelling.objects.first()
    Residence.objects.create(
        resident=resident, dwelling=home, kind="registered", starts=date(2020, 1, 1), area=home.area
    )
    assert (
        sum(number for _, number in Births.objects.filter(year=resident.born.year).values_list("area", "number"))
        == total
    )


@pytest.mark.parametrize("stays_first", [True, False])
def test_it_is_right_in_whichever_order_a_person_and_the_stay_go(stays_first):
    stay = Residence.objects.filter(kind="living", ends=None, resident__needs=None).first()
    statements = ["DELETE FROM grid_residence WHERE resident_id = %s", "DELETE FROM grid_resident WHERE id = %s"]
    with connection.cursor() as cursor:
        for statement in statements if stays_first else reversed(statements):
            cursor.execute(statement, [stay.resident_id])
    assert wrong_areas() == set()


def some_of(model, number: int, pick: random.Random):
    """A handful of a model's rows."""
    keys = list(model.objects.order_by("pk").values_list("pk", flat=True))
    return model.objects.filter(pk__in=pick.sample(keys, min(number, len(keys))))


def change_homes(pick: random.Random) -> None:
    some_of(Dwelling, 5, pick).update(state=pick.choice(["empty", "rented", "occupied"]), area=pick.choice(_AREAS))


def change_people(pick: random.Random) -> None:
    some_of(Resident, 5, pick).update(
        population=pick.choice(["floating", "overseas", "registered"]), born=pick.choice([None, date(1950, 5, 5)])
    )


def move_people(pick: random.Random) -> None:
    some_of(Residence, 5, pick).update(area=pick.choice(_AREAS), ends=pick.choice([None, date(2099, 1, 1)]))


def delete_people(pick: random.Random) -> None:
    some_of(Residence, 3, pick).delete()


def change_incidents(pick: random.Random) -> None:
    some_of(Incident, 5, pick).update(state=pick.choice(["closed", "reported", "rejected"]), area=pick.choice(_AREAS))


def form_households(pick: random.Random) -> None:
    home = Dwelling.objects.order_by("?").first()
    Household.objects.bulk_create(Household(dwelling=home, area=pick.choice(_AREAS)) for _ in range(3))


def redraw(pick: random.Random) -> None:
    Building.objects.filter(area=pick.choice(_AREAS)).update(area=pick.choice(_AREAS))


@pytest.mark.parametrize("seed", range(6))
def test_it_is_right_after_any_mix_of_changes(seed):
    pick = random.Random(seed)
    acts = [change_homes, change_people, move_people, delete_people, change_incidents, form_households, redraw]
    for act in pick.choices(acts, k=20):
        act(pick)
    assert wrong_areas() == set()


def test_it_writes_nothing_when_nothing_countable_changes():
    before = dict(Figures.objects.values_list("area", "changed"))
    Incident.objects.update(description="改了说明")
    assert dict(Figures.objects.values_list("area", "changed")) == before


def test_it_lets_a_request_change_a_dwelling_but_never_a_figure():
    home = Dwelling.objects.exclude(state="empty").first()
    with applied(Scope.of([home.area])):
        Dwelling.objects.filter(pk=home.pk).update(state="empty")
        with pytest.raises(ProgrammingError), transaction.atomic():
            Figures.objects.update(residents=0)
    assert wrong_areas() == set()

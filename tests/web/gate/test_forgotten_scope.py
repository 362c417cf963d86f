"""That the walk would catch a view that forgets the scope."""

import pytest
from django.http import HttpResponse, JsonResponse
from django.urls import path

from gis.models import Building, Resident
from tests.cast import STREET
from tests.web.gate.walked import SECRET, leaks, turned_away
from tests.web.walking import Page, pages, told
from web.urls import urlpatterns as every_pattern


def show_all_buildings(request):
    return HttpResponse(",".join(Building.objects.values_list("name", flat=True)))


def show_any_building(request, pk: int):
    return JsonResponse({"name": Building.objects.get(pk=pk).name if Building.objects.filter(pk=pk) else ""})


def show_all_residents(request):
    return HttpResponse(",".join(Resident.objects.values_list("name", flat=True)))


def show_all_residents_carelessly(request):
    return HttpResponse(",".join(Resident.objects.values_list("name", flat=True)))


show_all_residents_carelessly.reads_no_people = True
urlpatterns = [
    *every_pattern,
    path("forgot/buildings/", show_all_buildings, name="forgot-list"),
    path("forgot/buildings/<int:pk>/", show_any_building, name="forgot-detail"),
    path("forgot/residents/", show_all_residents, name="forgot-people"),
    path("forgot/residents/more/", show_all_residents_carelessly, name="forgot-people-more"),
]


@pytest.fixture
def forgotten(settings) -> dict[str, Page]:
    """The product with four views whose author forgot the scope."""
    settings.ROOT_URLCONF = __name__
    return {page.name: page for page in pages(__name__) if page.name.startswith("forgot")}


def test_a_new_view_is_closed_to_nobody_by_itself(forgotten, things):
    for page in forgotten.values():
        turned_away(page, things)


@pytest.mark.parametrize("name", ["forgot-list", "forgot-detail"])
def test_a_view_that_forgets_the_scope_does_not_get_through(name, forgotten, things, client_of):
    assert leaks(client_of("chen"), [forgotten[name]], things, (SECRET, STREET))


@pytest.mark.parametrize("name", ["forgot-people", "forgot-people-more"])
def test_people_are_behind_the_second_wall_even_so(name, forgotten, things, client_of):
    assert Resident.objects.filter(name__contains=SECRET).exists()
    assert not leaks(client_of("chen"), [forgotten[name]], things, (SECRET,))
    for reader in ("admin", "chen"):
        answer = client_of(reader).get(forgotten[name].template)
        assert SECRET not in told(answer)

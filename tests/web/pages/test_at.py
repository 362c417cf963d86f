"""What is at a position: it …"""

import pytest
from django.utils import timezone

from gis.models import CellVersion, User
from tests.cast import CELL


@pytest.fixture
def ask(client_of, cast):
    middle = CellVersion.objects.on(timezone.localdate()).get(code=CELL).geometry.point_on_surface

    def at(name: str, **asked):
        given = {"lat": middle.y, "lon": middle.x, **asked}
        return client_of(name, HTTP_ACCEPT="application/json").get("/map/at/", given)

    return at


def test_it_tells_the_cell_its_border_and_its_worker_with_the_work_phone(ask, cast):
    User.objects.filter(pk=cast.wang.pk).update(phone="010-5550")
    response = ask("li")
    told = response.json()
    assert told["cell"]["code"] == CELL
    assert told["border"] > 0
    assert {"cell": CELL, "name": cast.wang.name, "phone": "010-5550"} in told["workers"]
    assert "no-store" in response["Cache-Control"]


def test_a_vague_position_names_other_cells_of_ones_own_area_only(ask):
    assert ask("li", accuracy=200).json()["beside"]
    assert ask("wang", accuracy=200).json()["beside"] == []


def test_it_tells_nothing_of_a_place_out_of_scope(ask):
    told = ask("chen", accuracy=200).json()
    nothing = {"cell": None, "building": None, "area": None, "border": None, "beside": [], "workers": []}
    assert told == nothing


def test_it_refuses_what_is_no_accuracy(ask):
    assert ask("li", accuracy="wide").status_code == 400

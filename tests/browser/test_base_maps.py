"""Base maps of others. One drawn in GCJ-02 is moved under our data; our data stay where they are."""

import io
import math
import re

import numpy as np
import pytest
from PIL import Image

from gis.crs import shift
from tests.databases import a_copy
from tests.serving import a_server

_TILES = "http://127.0.0.1:1/tiles"  # never reached: the test answers


@pytest.fixture
def shifted_map(map_of, django_db_setup, django_db_blocker, tmp_path):
    """The map of a server whose settings name a base map in GCJ-02."""
    settings = {
        "BASE_MAP_URL": _TILES + "/{z}/{x}/{y}.png",
        "BASE_MAP_NAME": "某地图",
        "BASE_MAP_CRS": "gcj02",
        "BASE_MAP_ATTRIBUTION": "某图审字 000 号",
    }
    with django_db_blocker.unblock(), a_copy() as name, a_server(name, tmp_path / "log", **settings) as server:
        town = map_of("li")
        town.page.context.route(_TILES + "/**", lambda route: route.fulfill(body=_blank(), content_type="image/png"))
        town.server = server.url
        _sign_in(town)
        yield town


def _sign_in(town) -> None:
    from tests.cast import PASSWORD

    town.page.goto(town.server + "/password/")
    town.page.fill("#id_username", "li")
    town.page.fill("#id_password", PASSWORD)
    town.page.click("button.primary")
    town.page.wait_for_url(lambda address: "sign-in" not in address)
    town.go("/")


def _blank() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (256, 256), "#dddddd").save(content, "PNG")
    return content.getvalue()


def _off(town, lon: float, lat: float) -> float:
    """How many pixels the base map's picture of a place lies off the place."""
    ((east, north),) = shift(np.array([[lon, lat]]), "gcj02")
    picture = town.page.locator(".leaflet-pictures-pane img").first
    z, x, y = (int(part) for part in re.search(r"/(\d+)/(\d+)/(\d+)\.png", picture.get_attribute("src")).groups())
    box, there = picture.bounding_box(), town.spot(lon, lat)
    column = (east + 180) / 360 * 2**z
    row = (1 - math.asinh(math.tan(math.radians(north))) / math.pi) / 2 * 2**z
    drawn_x, drawn_y = box["x"] + (column - x) * box["width"], box["y"] + (row - y) * box["height"]
    return math.hypot(drawn_x - there.x, drawn_y - there.y)


def test_it_moves_a_shifted_base_map_under_our_data(shifted_map):
    town = shifted_map
    town.page.click("#layers-button")
    town.page.get_by_label("某地图").check()
    town.page.wait_for_selector(".leaflet-pictures-pane img.leaflet-tile-loaded")
    town.settle()
    at = town.view()
    assert _off(town, at["lng"], at["lat"]) < 3
    assert "某图审字 000 号" in town.page.locator(".leaflet-control-attribution").inner_text()
    town.page.locator("#map").focus()
    for _ in range(6):
        town.page.keyboard.press("ArrowRight")
        town.page.wait_for_timeout(350)
    at = town.view()
    assert _off(town, at["lng"], at["lat"]) < 3

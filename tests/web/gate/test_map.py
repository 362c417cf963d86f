"""The map: places, figures, heat and tiles are those of the posting, and no others."""

import gzip
import json

import pyogrio
import pytest
from django.contrib.gis.geos import Polygon

from gis import crs
from gis.models import Area, Block, Building, CellVersion, Incident
from gis.places.blocks import make_all_blocks
from layers.indicators import INDICATORS
from layers.packing import unpacked
from layers.places import LAYERS
from layers.tiles import HOUSES_FROM, Frame
from tests.cast import CELL, EVERYONE, OTHER_STREET, POSTINGS, STREET
from tests.web.gate.walked import SCRIPT
from tests.web.walking import tiles_of


@pytest.mark.parametrize("name", EVERYONE)
def test_the_map_lists_exactly_the_places_of_the_posting(name, client_of, cast):
    inside = POSTINGS[name][1]
    codes = {place["code"] for place in client_of(name).get("/map/places/").json()["places"]}
    assert codes
    assert all(code.startswith(inside) for code in codes)
    assert CellVersion.objects.filter(code__startswith=inside).count() == sum(len(code) == 15 for code in codes)


@pytest.mark.parametrize("name", EVERYONE)
def test_every_figure_is_of_a_place_of_the_posting_and_only_where_the_role_may(name, client_of, cast):
    browser, access = client_of(name), cast[name].access
    for layer in LAYERS:
        for code, indicator in INDICATORS.items():
            query = f"?layer={layer}&indicator={code}"
            listed, figures = (unpacked(browser.get(f"/map/{part}/{query}").content) for part in ("listed", "values"))
            told_of = listed[0]["codes"]
            assert len(figures[1]["values"]) == len(told_of)
            assert figures[0]["list"] == listed[0]["mark"]
            assert all(access.may(indicator.needs, place) for place in told_of), (layer, code)
            if not access.may_anywhere(indicator.needs):
                assert not told_of


@pytest.mark.parametrize("name", EVERYONE)
def test_the_heat_map_counts_exactly_the_incidents_of_the_posting(name, client_of, cast):
    answer = client_of(name).get("/map/heat/?bbox=116,39.5,117.5,40.8&zoom=10&side=8&from=2020-01-01&step=month")
    scope = cast[name].access.which("incident.read")
    if not scope:
        assert answer.status_code == 403
        return
    body = gzip.decompress(answer.content)
    head = json.loads(body[4 : 4 + int.from_bytes(body[:4], "little")])
    # A case that was merged into another is that other one.
    assert head["total"] == Incident.objects.inside(scope).exclude(state="duplicate").count() > 0


@pytest.mark.parametrize("name", ["li", "chen"])
def test_the_heat_map_of_another_area_is_empty_and_not_the_whole(name, client_of, cast):
    elsewhere = OTHER_STREET if name == "li" else STREET
    answer = client_of(name).get(
        f"/map/heat/?bbox=116,39.5,117.5,40.8&zoom=10&side=8&from=2020-01-01&step=month&area={elsewhere}"
    )
    body = gzip.decompress(answer.content)
    assert json.loads(body[4 : 4 + int.from_bytes(body[:4], "little")])["total"] == 0


@pytest.mark.parametrize("name", EVERYONE)
@pytest.mark.parametrize("layer", ["areas", "cells", "buildings"])
def test_every_tile_holds_places_of_the_posting_only(name, layer, client_of, tmp_path):
    inside = POSTINGS[name][1]
    model = {"areas": Area, "cells": CellVersion, "buildings": Building}[layer]
    key = "area" if layer == "buildings" else "code"
    browser, drawn = client_of(name, **SCRIPT), 0
    for z, x, y in {*tiles_of(STREET), *tiles_of(OTHER_STREET), *tiles_of(CELL)}:
        answer = browser.get(f"/tiles/{layer}/{z}/{x}/{y}.mvt")
        assert answer.status_code in (200, 204)
        if answer.status_code == 200:
            file = tmp_path / "tile.pbf"
            file.write_bytes(gzip.decompress(answer.content))
            if layer == "buildings" and z < HOUSES_FROM:
                assert len(pyogrio.read_dataframe(file, X=x, Y=y, Z=z)) == _blocks_in(Frame.of(z, x, y), inside)
                continue
            shown = pyogrio.read_dataframe(file, X=x, Y=y, Z=z)["mvt_id"].tolist()
            found = model.objects.filter(pk__in=shown).values_list(key, flat=True)
            assert len(found) == len(set(shown))
            assert all(code.startswith(inside) for code in found)
            drawn += len(shown)
    assert drawn or (layer == "areas" and len(inside) == 15)


def _blocks_in(frame: Frame, posting: str) -> int:
    """How many blocks of a posting's ground meet a tile."""
    make_all_blocks()  # a kept tile was made in another test, whose blocks went with it
    window = Polygon.from_bbox(frame.padded)
    window.srid = crs.DRAW
    return Block.objects.filter(area__startswith=posting, drawing__bboverlaps=window).count()


def test_a_tile_kept_by_the_browser_is_asked_for_again_and_not_shared(client_of):
    z, x, y = tiles_of(CELL)[-1]
    answer = client_of("li", **SCRIPT).get(f"/tiles/buildings/{z}/{x}/{y}.mvt")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    other = client_of("chen", HTTP_IF_NONE_MATCH=answer.headers["ETag"], **SCRIPT)
    assert other.get(f"/tiles/buildings/{z}/{x}/{y}.mvt").status_code in (200, 204)

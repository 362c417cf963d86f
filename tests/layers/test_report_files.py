"""The formats for readers tell what the map tells: the same figures, the same ones withheld, in their owner's scope."""

import re
from dataclasses import replace

import numpy as np
import pyogrio
import pytest
from PIL import Image
from python_calamine import CalamineWorkbook

from gis.incidents.finding import Wanted, find_incidents
from gis.models import Incident
from layers.reports import package, picture, web_map, workbook
from layers.reports.contents import Contents, gather, with_incidents
from layers.reports.tables import told_of
from layers.reports.view import View
from layers.values import HIDDEN, Question, values

needs_font = pytest.mark.skipif(picture.chinese_family() is None, reason="no Chinese font on this machine")
WITHHELD = "elders80"  # the small town has cells with fewer than five


def contents_of(user, indicator: str = "population", **wanted) -> Contents:
    view = View(Question("cells", indicator), **wanted)
    return with_incidents(gather(view, user.access, user), lambda percent: None)


@pytest.fixture
def made(tmp_path):
    def write(writer, contents, ending):
        path = tmp_path / f"report.{ending}"
        told = []
        writer.write(told_of(contents) if writer is package else contents, path, told.append)
        assert told == sorted(told)
        assert all(0 <= percent <= 100 for percent in told)
        return path

    return write


def test_it_has_the_figures_of_the_map(cast):
    contents, told = contents_of(cast.li, WITHHELD), values(Question("cells", WITHHELD), cast.li.access)
    assert contents.places["code"].tolist() == told.places.codes.tolist()
    assert np.array_equal(contents.places["figure"], told.values, equal_nan=True)
    assert contents.places["withheld"].tolist() == (told.state == HIDDEN).tolist()
    assert contents.places["withheld"].any()


def test_it_tells_what_changed_and_both_periods(cast, made):
    view = View(Question("cells", "incidents", days=90, compare=True), change="difference")
    contents = gather(view, cast.li.access, cast.li)
    frame = contents.places
    assert (frame["figure"] == frame["now"] - frame["before"]).all()
    assert frame["before"].any()
    rows = CalamineWorkbook.from_path(made(workbook, contents, "xlsx")).get_sheet_by_name("数据").to_python()
    assert all(row[3] == row[5] - row[6] for row in rows[1:])


def test_a_smaller_area_shows_no_count_that_the_whole_withholds(cast):
    whole = contents_of(cast.li, WITHHELD).places.set_index("code")
    for community in {code[:12] for code in whole.index}:
        part = contents_of(cast.li, WITHHELD, area=community).places.set_index("code")
        assert (part["withheld"] == whole.loc[part.index, "withheld"]).all()


def test_a_window_holds_the_places_and_cases_it_touches(cast):
    whole = contents_of(cast.li, incidents=Wanted())
    box = tuple(whole.places.geometry.iloc[0].bounds)
    part = contents_of(cast.li, box=box, incidents=Wanted())
    assert 0 < len(part.places) < len(whole.places)
    assert 0 < len(part.incidents) < len(whole.incidents)
    assert part.incidents.cx[box[0] : box[2], box[1] : box[3]].shape == part.incidents.shape


def test_its_cases_are_those_of_the_list(cast):
    wanted = Wanted(states=frozenset({"open"}))
    contents = contents_of(cast.li, incidents=wanted)
    listed = find_incidents(wanted, cast.li.access.which("incident.read"))
    assert set(contents.incidents["number"]) == set(listed.values_list("number", flat=True))


def test_the_workbook_keeps_codes_as_text_and_withholds(cast, made):
    contents = contents_of(cast.li, WITHHELD, incidents=Wanted())
    book = CalamineWorkbook.from_path(made(workbook, contents, "xlsx"))
    rows = book.get_sheet_by_name("数据").to_python()
    figures = dict(zip(contents.places["code"], contents.places["figure"], strict=True))
    assert {row[0] for row in rows[1:]} == set(figures)
    assert all(row[3] == figures[row[0]] or (row[3] == "" and row[4]) for row in rows[1:])
    assert len(book.get_sheet_by_name("事件").to_python()) == 1 + len(contents.incidents)


def test_the_package_opens_with_its_layers_and_crs(cast, made):
    contents = contents_of(cast.li, WITHHELD, incidents=Wanted())
    path = made(package, contents, "gpkg")
    assert {name for name, _kind in pyogrio.list_layers(path)} == {"places", "incidents", "about"}
    places = pyogrio.read_dataframe(path, layer="places")
    assert places.crs.to_epsg() == 4326
    assert places["code"].tolist() == contents.places["code"].tolist()
    assert places.loc[places["withheld"].astype(bool), "figure"].isna().all()


def test_the_web_map_names_no_outside_address_and_no_markup_of_a_name(cast, made):
    from gis.models import CellVersion

    CellVersion.objects.filter(code__startswith="110113001").update(name="<img src=x onerror=alert(1)>")
    text = made(web_map, contents_of(cast.li, incidents=Wanted()), "html").read_text(encoding="utf-8")
    assert not re.search(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", text)
    assert not re.search(r"url\((?!data:|#)", text)
    assert "<img src=x" not in text


@needs_font
@pytest.mark.parametrize("end", ["{%endraw%}", "{%- endraw -%}", "{% end{% endraw %}raw %}"])
def test_a_name_is_no_template_of_the_web_map(cast, made, end):
    contents = contents_of(cast.li)
    name = end + "{{ 7 * 191 }}{% raw %}</title><i>"
    contents.places["name"] = name
    text = made(web_map, replace(contents, title=name), "html").read_text("utf-8")
    assert text.count("7 * 191") >= 2 * len(contents.places)  # on the map and in the table
    assert "</title><i>" not in text


def test_the_picture_is_painted(cast, made):
    picture_made = Image.open(made(picture, contents_of(cast.li, incidents=Wanted()), "png"))
    assert picture_made.width > 3000
    assert len(picture_made.convert("RGB").resize((200, 120)).getcolors(24_000)) > 500


def test_a_place_without_cases_or_figures_is_still_a_report(cast, made):
    Incident.objects.all().delete()
    contents = contents_of(cast.li, "", incidents=Wanted())
    for writer, ending in ((web_map, "html"), (workbook, "xlsx"), (package, "gpkg")):
        assert made(writer, contents, ending).stat().st_size > 1000


@pytest.mark.parametrize(("width", "length"), [(1000, 200), (999, 100), (26_000, 5000), (3, 0.5)])
def test_the_scale_is_a_round_length(width, length):
    assert picture.scale_length(width) == pytest.approx(length)

"""Choosing a place: by click, by keyboard, by search, by address; and finding the way back."""

import csv
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.waiting import until


def test_it_opens_the_panel_of_the_cell_that_was_clicked(map_of):
    town = map_of("li")
    cell = town.places("cell")[0]
    town.click_ground(cell)
    expect(town.page.locator("#panel-body")).to_contain_text(cell["code"])
    assert town.chosen() == {"kind": "cell", "key": cell["code"]}
    assert town.page.url.endswith(f"/{cell['code']}")


def test_it_outlines_the_chosen_cell(map_of):
    town = map_of("li")
    blue = (20, 89, 199)
    assert blue not in town.colours()
    town.click_ground(town.places("cell")[0])
    town.settle()
    assert blue in town.colours()


def test_it_opens_a_building_before_the_cell_it_stands_in(map_of):
    town = map_of("li")
    building = town.ask("/search/?q=1号楼")["results"][0]
    west, south, east, north = building["bbox"]
    town.go(f"/#18/{(south + north) / 2}/{(west + east) / 2}")
    spot = town.spot(*building["point"])
    town.page.mouse.click(spot.x, spot.y)
    expect(town.page.locator("#panel-body")).to_contain_text(building["code"])
    assert town.page.url.endswith(f"/b{building['id']}")


def test_it_closes_with_escape_and_goes_back_with_the_browser(map_of):
    town = map_of("li")
    first, second = town.places("cell")[:2]
    town.click_ground(first)
    expect(town.page.locator("#panel-body")).to_contain_text(first["code"])
    town.page.keyboard.press("Escape")
    expect(town.page.locator("#panel")).to_be_hidden()
    town.click_ground(second)
    expect(town.page.locator("#panel-body")).to_contain_text(second["code"])
    town.page.go_back()
    expect(town.page.locator("#panel")).to_be_hidden()
    town.page.go_back()
    expect(town.page.locator("#panel-body")).to_contain_text(first["code"])
    town.page.go_forward()
    expect(town.page.locator("#panel")).to_be_hidden()


def test_it_opens_where_the_address_says(map_of, places_of):
    cell = places_of("li", "cell")[-1]
    west, south, east, north = cell["bbox"]
    town = map_of("li", f"/#17/{(south + north) / 2:.5f}/{(west + east) / 2:.5f}/{cell['code']}?show=households")
    expect(town.page.locator("#panel-body")).to_contain_text(cell["code"])
    assert town.view()["zoom"] == 17
    assert abs(town.view()["lat"] - (south + north) / 2) < 1e-4
    assert town.page.locator("#indicator").input_value() == "households"


def test_it_finds_a_place_that_the_address_only_names(map_of, places_of):
    cell = places_of("li", "cell")[-1]
    town = map_of("li", f"/#15/39.00000/115.00000/{cell['code']}")
    expect(town.page.locator("#panel-body")).to_contain_text(cell["code"])
    town.settle()
    assert cell["bbox"][0] - 0.02 < town.view()["lng"] < cell["bbox"][2] + 0.02


def test_it_is_undisturbed_by_an_address_that_makes_no_sense(map_of):
    town = map_of("li", "/#99/x/<b>/../..?by=nothing&show=nothing")
    assert town.chosen() is None
    assert town.pick(*town.empty_ground(town.places("cell")[0]))


def test_it_searches_by_keyboard_alone(map_of):
    town = map_of("li")
    cell = town.places("cell")[0]
    town.page.locator("#map").focus()
    town.page.keyboard.press("/")
    expect(town.page.locator("#search")).to_be_focused()
    town.page.keyboard.type(cell["code"])
    expect(town.page.locator("#search-results [role=option]").first).to_contain_text(cell["name"])
    town.page.keyboard.press("ArrowDown")
    expect(town.page.locator("#search-results [aria-selected=true]")).to_have_count(1)
    town.page.keyboard.press("Enter")
    expect(town.page.locator("#panel-body")).to_contain_text(cell["code"])
    expect(town.page.locator("#search-results")).to_be_hidden()


def test_it_says_when_a_search_finds_nothing(map_of):
    town = map_of("li")
    town.page.fill("#search", "不存在的地方")
    expect(town.page.locator("#search-results")).to_contain_text("没有找到")


def test_it_marks_an_incident_that_was_searched(map_of):
    town = map_of("li")
    number = town.ask("/search/?q=2026")["results"][0]["code"]
    town.page.fill("#search", number)
    town.page.locator("#search-results [role=option]").first.click()
    expect(town.page.locator(".leaflet-popup a")).to_have_attribute("href", f"/incidents/{number}/")


def a_road(town) -> str:
    """The first of the town's roads that is found: the small town of the tests has not all of them."""
    with Path("fixtures/town/roads.csv").open(encoding="utf-8") as lines:
        names = dict.fromkeys(line["name"] for line in csv.DictReader(lines) if line["name"])
    told = ((name, town.ask(f"/search/?q={name}")["results"]) for name in names)
    return next(name for name, found in told if any(one["kind"] == "road" for one in found))


def test_it_draws_the_road_that_was_searched_until_one_looks_elsewhere(map_of):
    town = map_of("li")
    town.page.fill("#search", a_road(town))
    town.page.locator("#search-results [role=option]", has_text="道路").first.click()
    expect(town.page.locator(".chosen-road").first).to_be_attached()
    town.page.locator("#map").click(position={"x": 700, "y": 400})
    expect(town.page.locator(".chosen-road")).to_have_count(0)


def test_it_moves_zooms_and_chooses_by_keyboard(map_of):
    town = map_of("li")
    cell = town.places("cell")[0]
    lon, lat = town.empty_ground(cell)
    town.go(f"/#16/{lat}/{lon}")
    town.page.locator("#map").focus()
    town.page.keyboard.press("Enter")
    expect(town.page.locator("#panel-body")).to_contain_text(cell["code"])
    before = town.view()
    town.page.keyboard.press("ArrowRight")
    until(town.page, f"wangge.view().lng > {before['lng']}")
    town.settle()
    town.page.keyboard.press("+")
    until(town.page, f"wangge.view().zoom === {before['zoom'] + 1}")


def test_it_links_the_table_and_the_map_both_ways(map_of):
    town = map_of("li")
    row = town.page.locator("#ranking tbody tr").last
    code = row.get_attribute("data-code")
    row.locator("button").click()
    expect(town.page.locator("#panel-body")).to_contain_text(code)
    town.settle()
    other = next(place for place in town.places("cell") if place["code"] != code)
    spot = town.spot(*town.empty_ground(other))
    town.page.mouse.move(spot.x, spot.y)
    expect(town.page.locator(f"#ranking tr[data-code='{other['code']}']")).to_have_class("hovered")


def test_it_shows_the_chosen_place_above_the_sheet_of_a_phone(map_of):
    town = map_of("li", phone=True)
    cell = town.places("cell")[0]
    spot = town.spot(*town.empty_ground(cell))
    town.page.touchscreen.tap(spot.x, spot.y)
    expect(town.page.locator("#panel-body")).to_contain_text(cell["code"])
    west, south, east, north = cell["bbox"]
    middle, top = f"wangge.point({(south + north) / 2}, {(west + east) / 2}).y", "getBoundingClientRect().top"
    until(town.page, f"document.querySelector('#map').{top} + {middle} < document.querySelector('#panel').{top}")
    assert town.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_it_unfolds_the_table_of_a_phone_step_by_step(map_of):
    town = map_of("li", phone=True)
    side = town.page.locator("#side")
    heights = []
    for _ in range(3):
        town.page.wait_for_timeout(300)
        heights.append(side.bounding_box()["height"])
        town.page.locator("#side-handle").click()
    assert heights == sorted(heights)
    assert heights[2] > heights[0] * 3


def test_it_is_large_enough_for_a_thumb(map_of):
    town = map_of("li", phone=True)
    for button in town.page.locator(".tool:visible, .site-nav a:visible, #search, #indicator").all():
        box = button.bounding_box()
        assert box["height"] >= 44
        assert box["width"] >= 44

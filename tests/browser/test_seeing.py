"""What a supervisor sees on opening the map."""

import pytest

from tests.browser.map_page import Spot

PAPER = (246, 243, 236)


def test_it_shows_the_town_of_the_reader(map_of):
    town = map_of("li")
    cells = town.places("cell")
    for cell in cells:
        lon, lat = town.empty_ground(cell)
        assert town.pick(lon, lat)["code"] == cell["code"]
    assert len(town.colours()) > 200
    assert town.colour(town.spot(*town.empty_ground(cells[0]))) != PAPER


def test_it_draws_neither_cell_nor_building_of_another_street(map_of, places_of):
    places = places_of("li", "cell") + places_of("li", "community")
    chen = map_of("chen")
    assert {place["code"][:9] for place in chen.places("cell")} == {"110113002"}
    for place in places:
        west, south, east, north = place["bbox"]
        for share in (0.25, 0.5, 0.75):
            found = chen.pick(west + (east - west) * share, south + (north - south) * share)
            assert found is None or not found["code"].startswith("110113001")


def test_it_tells_a_reader_of_another_street_nothing_of_a_place_in_its_address(map_of, places_of):
    cell = places_of("li", "cell")[0]
    west, south, east, north = cell["bbox"]
    chen = map_of("chen", f"/#17/{(south + north) / 2}/{(west + east) / 2}/{cell['code']}")
    chen.allow("404")
    chen.page.wait_for_selector("#panel [role=alert]")
    assert cell["name"] not in chen.page.locator("body").inner_text()


def test_it_colours_cells_and_recolours_them_without_a_new_tile(map_of):
    town = map_of("li", "/")
    spot = town.spot(*town.empty_ground(town.places("cell")[0]))
    coloured, asked = town.colour(spot), len(town.tiles)
    town.page.select_option("#indicator", "")
    town.settle()
    plain = town.colour(spot)
    town.page.select_option("#indicator", "population")
    town.settle()
    assert plain != coloured
    assert town.colour(spot) == coloured
    assert len(town.tiles) == asked


def test_it_says_in_the_table_what_the_server_counted(map_of):
    town = map_of("li")
    counted = {code: int(value) for code, value in town.figures("cells", "population").items()}
    rows = town.page.locator("#ranking tbody tr")
    shown = {row.get_attribute("data-code"): row.locator(".number").inner_text() for row in rows.all()}
    assert {code: shown[code].replace(",", "") for code in counted} == {c: str(v) for c, v in counted.items()}
    assert sorted(counted.values(), reverse=True) == [counted[code] for code in shown if code in counted]


def test_it_counts_every_cell_in_the_legend(map_of):
    town = map_of("li")
    counts = town.page.locator(".legend-count").all_inner_texts()
    assert sum(int(text.split()[0]) for text in counts) == len(town.places("cell"))


def test_it_rolls_up_to_communities(map_of):
    town = map_of("li")
    town.page.get_by_label("社区", exact=True).check()
    town.settle()
    codes = [row.get_attribute("data-code") for row in town.page.locator("#ranking tbody tr").all()]
    assert sorted(codes) == sorted(place["code"] for place in town.places("community"))
    assert "by=community" in town.page.url


@pytest.mark.parametrize(("layer", "kind"), [("buildings", "building"), ("cells", "cell")])
def test_it_hides_a_layer_and_remembers_it(map_of, layer, kind):
    town = map_of("li", "/")
    building = town.ask("/search/?q=1号楼")["results"][0]
    at = building["point"] if kind == "building" else town.empty_ground(town.places("cell")[0])
    assert town.pick(*at)["kind"] == kind
    town.page.click("#layers-button")
    town.page.uncheck(f"[name=layer][value={layer}]")
    town.settle()
    assert town.pick(*at)["kind"] != kind
    town.go("/")
    assert town.pick(*at)["kind"] != kind


def test_it_writes_names_on_the_map(map_of):
    town = map_of("li", "/")
    written = town.page.evaluate("window.wangge.labels()")
    short = {cell["name"][-4:] for cell in town.places("cell")}
    assert short & set(written)


def test_it_speaks_english_and_keeps_the_view(map_of):
    town = map_of("li", "/")
    before = town.view()
    town.page.click("#zoom-in")
    town.page.wait_for_url(lambda address: f"/#{before['zoom'] + 1:g}/" in address)
    town.page.click("form.language button")
    town.page.wait_for_selector("html[lang=en]")
    town.settle()
    assert town.view()["zoom"] == before["zoom"] + 1
    assert town.page.get_by_role("button", name="Zoom in").is_visible()
    assert town.page.get_by_label("Cell", exact=True).count() == 1


def test_it_colours_every_square_whenever_figures_come(map_of):
    """Figures that arrive while a square is being painted must not be missing from it."""
    town = map_of("li", "/")
    town.page.click("#layers-button")
    town.page.uncheck("[name=layer][value=labels]")  # they keep their places while the map is moved
    for indicator in ("", "population", "households", "", "population"):
        town.page.click("#zoom-in" if indicator else "#zoom-out")
        town.page.select_option("#indicator", indicator)  # at once, while squares of the new zoom are on their way
    town.settle()
    spots = [Spot(x, y) for x in (480, 740, 1000) for y in (260, 480, 700)]
    seen = [town.colour(spot) for spot in spots]
    for indicator in ("households", "population"):  # painted again, one after the other
        town.page.select_option("#indicator", indicator)
        town.settle()
    assert [town.colour(spot) for spot in spots] == seen

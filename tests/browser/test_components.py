"""Components of the city on the map: shown from near, chosen by click, key, address and search; and a table."""

import time

from playwright.sync_api import expect


def _lamp(town) -> dict:
    """A component somewhere in the middle of the reader's ground."""
    west, south, east, north = town.places("cell")[0]["bbox"]
    answer = town.ask(f"/map/components/?bbox={west},{south},{east},{north}")
    lon, lat, code, _kind, condition = answer["components"][0]
    return {"lon": lon, "lat": lat, "code": code, "condition": condition}


def _rest(town) -> None:
    _until(town, "Boolean(window['wangge-components']) && !window['wangge-components'].busy()")


def _until(town, said: str) -> None:
    deadline = time.monotonic() + 60
    while not town.page.evaluate(said):
        assert time.monotonic() < deadline, said
        town.page.wait_for_timeout(25)


def test_it_shows_them_from_near_and_says_so_from_afar(map_of):
    town = map_of("li")
    lamp = _lamp(town)
    town.go(f"/#15/{lamp['lat']}/{lamp['lon']}")
    town.page.click("#layers-button")
    town.page.check("input[value=components]")
    expect(town.page.locator("#components-layer")).to_contain_text("17 级后显示")
    assert town.page.evaluate("window['wangge-components'].drawn().length") == 0
    assert "parts=1" in town.page.url
    town.go(f"/#18/{lamp['lat']}/{lamp['lon']}?parts=1")
    _rest(town)
    drawn = town.page.evaluate("window['wangge-components'].drawn()")
    assert {"code": lamp["code"], "condition": lamp["condition"]} in drawn


def test_a_click_and_a_key_open_the_card_of_one(map_of):
    town = map_of("li")
    lamp = _lamp(town)
    town.go(f"/#20/{lamp['lat']}/{lamp['lon']}?parts=1")
    _rest(town)
    spot = town.spot(lamp["lon"], lamp["lat"])
    town.page.mouse.click(spot.x, spot.y)
    card = town.page.locator("#panel-body [data-kind=component]")
    expect(card).to_be_visible()
    assert town.chosen()["kind"] == "component"
    town.page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    town.page.locator("#map").focus()
    town.page.keyboard.press("Enter")
    expect(card).to_be_visible()


def test_an_address_chooses_one_and_the_table_leads_to_each(map_of):
    town = map_of("li")
    lamp = _lamp(town)
    town.go(f"/#20/{lamp['lat']}/{lamp['lon']}/p{lamp['code']}?parts=1")
    expect(town.page.locator("#panel-body")).to_contain_text(lamp["code"])
    _until(town, f"window['wangge-components'].chosen() === '{lamp['code']}'")
    town.page.click("#layers-button")
    town.page.click("#components-table")
    row = town.page.locator(f"#panel-body [data-component='{lamp['code']}']")
    row.click()
    expect(town.page.locator(f"#panel-body [data-code='{lamp['code']}']").first).to_be_visible()


def test_the_search_box_leads_to_one_by_its_code(map_of):
    town = map_of("li")
    lamp = _lamp(town)
    town.page.fill("#search", lamp["code"])
    town.page.locator("#search-results [data-index='0']").click()
    expect(town.page.locator("#panel-body [data-kind=component]")).to_contain_text(lamp["code"])
    assert f"/p{lamp['code']}" in town.page.url

"""Bad days: no network, a lost session, a server that fails. A clear sentence each time, and no reload to recover."""

from playwright.sync_api import expect


def test_it_says_that_it_is_offline_and_goes_on_by_itself_when_it_is_not(map_of):
    town = map_of("li")
    town.allow("ERR_INTERNET_DISCONNECTED")
    town.page.context.set_offline(True)
    town.page.select_option("#indicator", "households")
    notice = town.page.locator(".map-notice[data-part=figures]")
    expect(notice).to_contain_text("没有网络连接")
    town.page.context.set_offline(False)
    expect(notice).to_have_count(0)
    town.settle()
    assert town.page.locator("#ranking tbody tr").count() == len(town.places("cell"))


def test_it_asks_to_sign_in_again_and_comes_back_to_the_same_view(map_of):
    town = map_of("li")
    town.allow("401")
    town.page.context.clear_cookies(name="sessionid")
    town.page.select_option("#indicator", "households")
    link = town.page.locator(".map-notice[data-part=figures] a")
    expect(link).to_have_text("去登录")
    assert "next=%2F%23" in link.get_attribute("href")


def test_it_says_that_tiles_are_missing_and_fetches_only_those_again_by_itself(map_of):
    town = map_of("li")
    town.allow("500")
    town.page.context.route("**/tiles/buildings/**", lambda route: route.fulfill(status=500, body=""))
    town.go("/")
    notice = town.page.locator(".map-notice[data-part=tiles]")
    expect(notice).to_contain_text("服务器出错")
    cell = town.places("cell")[0]
    assert town.pick(*town.empty_ground(cell))["code"] == cell["code"]
    town.page.context.unroute("**/tiles/buildings/**")
    town.tiles.clear()
    expect(notice).to_have_count(0)
    town.settle()
    assert town.tiles
    assert all("/tiles/buildings/" in address for address in town.tiles)


def test_it_survives_a_tile_that_is_no_tile(map_of):
    town = map_of("li")
    town.page.context.route("**/tiles/base/**", lambda route: route.fulfill(status=200, body=b"\xff\xfe not a tile"))
    town.go("/")
    cell = town.places("cell")[0]
    assert town.pick(*town.empty_ground(cell))["code"] == cell["code"]
    expect(town.page.locator(".map-notice[data-part=tiles]")).to_have_count(1)


def test_it_says_in_the_panel_what_went_wrong(map_of):
    town = map_of("li")
    town.allow("500")
    town.page.context.route("**/map/panel/**", lambda route: route.fulfill(status=500, body=""))
    town.click_ground(town.places("cell")[0])
    panel = town.page.locator("#panel [role=alert]")
    expect(panel).to_contain_text("服务器出错")
    town.page.context.unroute("**/map/panel/**")
    panel.get_by_role("button", name="重试").click()
    expect(town.page.locator("#panel-body")).to_contain_text(town.chosen()["key"])

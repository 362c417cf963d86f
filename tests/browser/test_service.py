"""Where service is missing, as it is used: read, looked into, sites found, dragged, undone, kept; points kept."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_heat import wait_for


@pytest.fixture
def service_of(map_of):
    """The page of a member of the cast with the tool open and at rest, on short walks: the small town is small."""

    def open_tool(name: str, minutes: int = 3, address: str = "/", **options):
        town = map_of(name, address, **options)
        if town.page.locator("#service-button").get_attribute("aria-expanded") == "false":
            town.page.click("#service-button")
        wait_for(town.page, "wanggeService.ready()")
        town.page.get_by_label("步行分钟").fill(str(minutes))
        town.page.get_by_label("步行分钟").press("Tab")
        wait_for(town.page, f"wanggeService.ready() && wanggeService.state().answer.minutes === {minutes}")
        return town

    return open_tool


def state(page, path: str):
    return page.evaluate(f"wanggeService.state().{path}")


def at_rest(page) -> None:
    wait_for(page, "wanggeService.ready()")


def test_it_says_who_is_beyond_and_colours_buildings_by_minutes(service_of):
    town = service_of("li")
    page = town.page
    total = state(page, "answer.beyond.total")
    expect(page.locator(".service-summary")).to_contain_text(f"共 {total['people']:,} 人")
    counts = page.locator(".service-legend .number").all_inner_texts()
    assert sum(int(text.replace(",", "")) for text in counts) == len(state(page, "answer.homes.ids"))
    homes = state(page, "answer.homes")
    beyond = [i for i, tenths in enumerate(homes["tenths"]) if tenths > 30]
    assert beyond, "somebody should live beyond three minutes"
    lon, lat = homes["at"][2 * beyond[0]] / 1e5, homes["at"][2 * beyond[0] + 1] / 1e5
    red, _green, blue = town.colour(town.spot(lon, lat))
    assert red > blue + 40  # one of the orange shades


def test_sites_are_found_dragged_with_the_figures_following_and_undone(service_of):
    page = service_of("li").page
    page.get_by_role("tab", name="选址").click()
    page.get_by_role("button", name="找最佳位置").click()
    wait_for(page, "Boolean(wanggeService.state().best)")
    expect(page.locator("#service-sites")).to_contain_text("这是最好的")
    best = state(page, "effect.together.people")
    assert best > 0
    site = page.locator(".service-site").first
    box = site.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y - 50, steps=4)
    wait_for(page, "wanggeService.ready() && Boolean(wanggeService.state().effect)")
    assert state(page, "effect.together.people") <= best
    page.mouse.up()
    at_rest(page)
    moved = state(page, "sites[0].at")
    site.focus()
    page.keyboard.press("ArrowRight")
    at_rest(page)
    assert state(page, "sites[0].at")[0] > moved[0]
    for _ in range(2):
        page.get_by_role("button", name="撤销").click()
    at_rest(page)
    assert state(page, "effect.together.people") == best


def test_a_proposal_is_kept_and_opened_by_its_link_by_a_colleague(service_of, map_of):
    page = service_of("li").page
    page.get_by_role("tab", name="选址").click()
    page.get_by_role("button", name="在地图上放一处").click()
    page.locator("#map").click(position={"x": 900, "y": 400})
    wait_for(page, "wanggeService.state().sites.length === 1")
    page.get_by_label("方案名称").fill("试一处")
    page.get_by_role("button", name="保存方案").click()
    expect(page.locator(".service-note")).to_contain_text("方案已保存")
    kept = state(page, "proposals[0]")
    colleague = map_of("zhao", f"/?proposal={kept['uuid']}").page
    wait_for(colleague, "wanggeService.state().sites.length === 1")
    assert colleague.evaluate("wanggeService.state().sites[0].at") == kept["sites"][0]
    expect(colleague.locator("#service")).to_be_visible()


def test_a_planner_puts_a_point_on_the_map_names_it_and_closes_it(service_of):
    town = service_of("zhao")
    page = town.page
    before = len(state(page, "answer.points"))
    page.get_by_role("tab", name="设施").click()
    page.get_by_role("button", name="添加设施").click()
    home = state(page, "answer.homes.at")
    spot = town.spot(home[0] / 1e5, home[1] / 1e5)
    page.mouse.click(spot.x, spot.y)
    wait_for(page, f"wanggeService.state().answer.points.length === {before + 1}")
    page.locator(".service-card").get_by_label("名称").fill("纸上食堂")
    page.locator(".service-card").get_by_role("button", name="保存").click()
    expect(page.locator("#service-points table")).to_contain_text("纸上食堂")
    page.locator(".service-card").get_by_role("button", name="今天停用").click()
    wait_for(page, f"wanggeService.state().answer.points.length === {before}")
    expect(page.locator(".service-note")).to_contain_text("已停用")


def test_nothing_of_a_kind_says_what_to_do_and_who_may_not_count_sees_minutes(service_of):
    page = service_of("wang").page
    page.get_by_role("combobox", name="设施", exact=True).select_option("rehab")
    wait_for(page, "wanggeService.ready() && wanggeService.state().answer.kind === 'rehab'")
    expect(page.locator(".service-note")).to_contain_text("还没有残疾人康复站")
    officer = service_of("admin").page
    expect(officer.locator("#service-who")).to_contain_text("不看人口数字")


def test_it_fits_a_phone_and_closes_with_escape(service_of):
    page = service_of("li", phone=True).page
    box = page.locator("#service").bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for control in page.locator("#service :is(button, select, input):visible").all():
        assert control.bounding_box()["height"] >= 43.5, control.inner_text()
    page.locator(".service-fold").tap()
    assert page.locator("#service").bounding_box()["height"] < 90
    page.locator("#service").press("Escape")
    expect(page.locator("#service")).to_be_hidden()
    expect(page.locator("#service-button")).to_be_focused()

"""The heat map as a supervisor uses it: opened, read in numbers, slid by keyboard, played, filtered, closed."""

import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from gis.models import Incident
from tests.cast import POSTINGS


def wait_for(page, condition: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, f"it did not come to: {condition}"
        page.wait_for_timeout(20)


@pytest.fixture
def heat_of(map_of):
    """The page of a member of the cast with the heat map open and at rest."""

    def open_heat(name: str, **options):
        town = map_of(name, **options)
        town.page.click("#heat-button")
        wait_for(town.page, "wanggeHeat.ready()")
        return town

    return open_heat


def choose(page, label: str, value: str) -> None:
    settings = page.locator("#heat").get_by_role("button", name="设置")
    if settings.get_attribute("aria-expanded") == "false":
        settings.click()
    page.locator("#heat").get_by_label(label, exact=True).select_option(value)
    wait_for(page, "wanggeHeat.ready()")


def strongest(page) -> int:
    """How solid the strongest pixel of the surface is, 0 to 255."""
    return page.evaluate(
        "(() => { const c = document.querySelector('.heat-canvas'); const d = c.getContext('2d')"
        ".getImageData(0, 0, c.width, c.height).data; let most = 0;"
        " for (let i = 3; i < d.length; i += 4) most = Math.max(most, d[i]); return most; })()"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["li", "wang", "chen"])
def test_it_counts_the_years_incidents_of_ones_own_area(heat_of, name):
    page = heat_of(name).page
    since = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(364)
    own = Incident.objects.filter(area__startswith=POSTINGS[name][1], reported_at__gte=since)
    assert page.evaluate("wanggeHeat.total()") == own.exclude(state="duplicate").count()


def test_it_colours_the_most_where_the_most_happened(heat_of):
    assert strongest(heat_of("li").page) > 150


def test_it_is_not_offered_to_a_role_without_cases(map_of):
    assert map_of("zhao").page.locator("#heat-button").count() == 0


def test_it_is_slid_by_keyboard_and_says_where_it_is(heat_of):
    page = heat_of("li").page
    slider = page.get_by_role("slider", name="时间")
    expect(slider).to_be_focused()
    said = {slider.get_attribute("aria-valuetext")}
    for key in ("ArrowLeft", "Home"):
        page.keyboard.press(key)
        wait_for(page, "wanggeHeat.ready()")
        said.add(slider.get_attribute("aria-valuetext"))
    assert len(said) == 3
    assert slider.input_value() == "0"
    assert page.locator(".heat-when").inner_text() in said


def test_it_plays_and_pauses(heat_of):
    page = heat_of("li").page
    page.keyboard.press("Home")
    page.get_by_role("button", name="播放", exact=True).click()
    wait_for(page, "Number(document.querySelector('.heat-slider').value) >= 2")
    page.get_by_role("button", name="暂停").click()
    stood = page.locator(".heat-slider").input_value()
    page.wait_for_timeout(500)
    assert page.locator(".heat-slider").input_value() == stood


def test_it_reads_the_density_under_the_pointer(heat_of):
    town = heat_of("li")
    west, south, east, north = town.places("community")[0]["bbox"]
    spot = town.spot((west + east) / 2, south + (north - south) * 0.7)
    town.page.mouse.move(spot.x, spot.y)
    expect(town.page.locator(".heat-readout")).to_contain_text("起/平方公里·天")


def test_it_keeps_its_scale_while_sliding(heat_of):
    page = heat_of("li").page
    ticks = page.locator(".heat-ticks").inner_text()
    page.keyboard.press("Home")
    wait_for(page, "wanggeHeat.ready()")
    assert page.locator(".heat-ticks").inner_text() == ticks


def test_it_goes_by_the_hour_of_the_day(heat_of):
    page = heat_of("li").page
    choose(page, "步长", "hour-of-day")
    assert page.evaluate("wanggeHeat.steps()") == 24
    expect(page.locator(".heat-when")).to_contain_text("08:00–10:00")


def test_it_follows_the_filter_of_the_map_and_totals_fewer(heat_of):
    page = heat_of("li").page
    every = page.evaluate("wanggeHeat.total()")
    page.locator("#filter").get_by_role("button", name="筛选").click()
    page.locator("#filter summary", has_text="状态").click()
    totals = []
    for state in ("未结", "已办结"):
        choice = page.locator(".facet-choice span", has_text=re.compile(f"^{state}$"))
        choice.click()
        expect(page.locator(".chip")).to_contain_text([state])
        wait_for(page, "wanggeHeat.ready()")
        totals.append(page.evaluate("wanggeHeat.total()"))
        choice.click()
        expect(page.locator(".chip")).to_have_count(0)
    assert sum(totals) == every


def test_it_gives_the_same_figures_as_a_table(heat_of):
    page = heat_of("li").page
    page.get_by_role("button", name="数据表").click()
    cells = page.locator("#heat-table tbody td").all_inner_texts()
    assert len(cells) == page.evaluate("wanggeHeat.steps()")
    assert sum(int(cell.replace(",", "")) for cell in cells) <= page.evaluate("wanggeHeat.total()")
    assert any(cell != "0" for cell in cells)


def test_it_says_so_where_nothing_happened(heat_of):
    page = heat_of("li").page
    page.locator("#heat").get_by_role("button", name="设置").click()
    for label in ("开始日期", "结束日期"):
        page.locator("#heat").get_by_label(label).fill("2001-01-01")
    expect(page.locator(".heat-note")).to_contain_text("这里这段时间没有事件")
    wait_for(page, "wanggeHeat.ready()")
    assert strongest(page) == 0


def test_it_says_what_is_wrong_and_goes_on_when_asked_again(heat_of):
    town = heat_of("li")
    town.allow("ERR_INTERNET_DISCONNECTED")
    town.page.context.set_offline(True)
    choose(town.page, "步长", "day")
    note = town.page.locator(".heat-note")
    expect(note).to_contain_text("没有网络连接")
    town.page.context.set_offline(False)
    note.get_by_role("button", name="重试").click()
    expect(note).to_be_hidden()


def test_it_closes_with_escape_and_gives_the_colours_back(heat_of):
    page = heat_of("li").page
    assert page.locator("#indicator").input_value() == ""
    page.keyboard.press("Escape")
    expect(page.locator("#heat")).to_be_hidden()
    expect(page.locator(".heat-canvas")).to_have_count(0)
    expect(page.locator("#heat-button")).to_be_focused()
    assert page.locator("#indicator").input_value() != ""


def test_it_fits_a_phone(heat_of):
    page = heat_of("li", phone=True).page
    bar = page.locator("#heat").bounding_box()
    assert bar["x"] >= 0
    assert bar["x"] + bar["width"] <= 390
    assert bar["height"] < 0.6 * 780
    for control in page.locator("#heat button:visible").all():
        box = control.bounding_box()
        assert min(box["width"], box["height"]) >= 43.5
    page.get_by_role("button", name="关闭热力图").tap()
    expect(page.locator("#side")).to_be_visible()

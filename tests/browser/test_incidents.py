"""Incidents on the map as a supervisor uses them: counted as the list counts, filtered, taken apart, opened, undone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_heat import wait_for

DRAWN = "wanggeIncidents.sums().drawn > 0"


def listed(page) -> int:
    """What the list says for the filter of the map."""
    query = page.evaluate("location.search").replace("?incidents=1&", "?").replace("?incidents=1", "")
    answer = page.request.get(page.evaluate("location.origin") + "/incidents/" + query, headers={"Accept": "text/html"})
    return int(re.search(r'data-found="(\d+)"', answer.text())[1])


def test_the_clusters_add_up_to_the_list_under_every_filter(map_of):
    page = map_of("li", "/?incidents=1").page
    check_sums(page)
    page.locator("#filter").get_by_role("button", name="筛选").click()
    page.locator("#filter summary", has_text="状态").click()
    for words in ("已办结", "已结案"):
        page.locator(".facet-choice span", has_text=re.compile(f"^{words}$")).click()
        expect(page.locator(".chip").filter(has_text=re.compile(f"^{words}"))).to_have_count(1)
        check_sums(page)


def check_sums(page) -> None:
    wait_for(page, f"wanggeIncidents.sums().total === {listed(page)}")
    sums = page.evaluate("wanggeIncidents.sums()")
    assert sums["drawn"] == sums["total"] == sums["here"] > 0
    assert f"{sums['total']:,}" in page.locator(".map-filter-total").inner_text()


def test_back_undoes_a_filter(map_of):
    page = map_of("li", "/?incidents=1&state=ended").page
    wait_for(page, DRAWN)
    page.locator(".chip").click()
    expect(page.locator(".chip")).to_have_count(0)
    page.go_back()
    expect(page.locator(".chip")).to_contain_text(["已办结"])
    assert "state=ended" in page.url


def test_a_case_is_opened_from_the_list_of_what_is_in_view(map_of):
    page = map_of("wang", "/?incidents=1").page
    wait_for(page, DRAWN)
    page.locator(".map-filter-here").click()
    first = page.locator("#panel-body [data-incident]").first
    number = first.get_attribute("data-incident")
    first.click()
    expect(page.locator("#panel-body .place-panel")).to_have_attribute("data-code", number)
    assert page.url.endswith(f"/i{number}")


def test_a_cluster_is_taken_apart_by_a_click(map_of):
    town = map_of("li", "/?incidents=1")
    page = town.page
    wait_for(page, DRAWN)
    before = town.view()["zoom"]
    page.locator(".incident-mark:not(.single-mark)").first.dispatch_event("click")
    wait_for(page, f"wangge.view().zoom > {before}")


@pytest.mark.parametrize("name", ["zhao", "admin"])
def test_it_is_not_offered_to_a_role_without_cases(map_of, name):
    assert map_of(name).page.locator("#incidents-button").count() == 0

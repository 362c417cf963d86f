"""A plan from its form to its approval in a real browser: begun, talked about, compared, handed in, approved."""

from datetime import date, timedelta

import pytest

from tests.cast import COMMUNITY, STREET


@pytest.fixture
def plan(map_of, server) -> str:
    """The address of a plan of a community, as Zhao begins it with the form."""
    page = map_of("zhao").page
    page.goto(server + "/plans/")
    page.get_by_role("link", name="新建").first.click()
    page.get_by_label("名称").fill("浏览器里的方案")
    page.select_option("#area", COMMUNITY)
    page.get_by_role("button", name="新建", exact=True).click()
    page.wait_for_url("**/plans/*-*/")
    return page.url


def test_a_plan_is_handed_in_and_approved(map_of, server, plan):
    page = map_of("zhao").page
    page.goto(plan + "talk/")
    page.get_by_label("留言").fill("请各位提意见")
    page.get_by_role("button", name="留言").click()
    page.get_by_text("请各位提意见").wait_for()
    assert page.locator(".moves .notice").all_inner_texts() == []  # cells as they are can be handed in
    page.locator("summary", has_text="提交审批").click()
    page.locator("#starts-submit").fill((date.today() + timedelta(days=9)).isoformat())  # noqa: DTZ011
    page.get_by_role("button", name="提交审批").click()
    page.get_by_text("方案已提交").wait_for()
    other = map_of("sun").page
    other.goto(server + "/inbox/")
    other.get_by_role("link", name="浏览器里的方案").click()
    other.get_by_text("请各位提意见").wait_for()
    other.locator("summary", has_text="批准").click()
    other.get_by_role("button", name="批准", exact=True).click()
    other.get_by_text("方案已批准").wait_for()
    page.goto(server + "/plans/?state=approved")
    card = page.locator("li.plan-card", has_text="浏览器里的方案")
    card.locator(".plan-figures").wait_for()
    assert card.locator(".badge", has_text="已批准").count() == 1
    assert card.locator("svg path").count() > 0


def test_both_sides_are_compared_by_keyboard(map_of, plan):
    page = map_of("zhao").page
    page.goto(plan + "compare/")
    page.get_by_text("两边完全相同").wait_for()
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("Home")
    shown = "getComputedStyle(document.querySelector('.swipe-before')).clipPath"
    assert "100%" in page.evaluate(shown)
    page.keyboard.press("End")
    assert page.evaluate("document.querySelector('.swipe-stage').style.getPropertyValue('--at')") == "100%"
    page.locator("summary", has_text="个网格不变").click()
    before = page.locator(".swipe-before").get_attribute("viewBox")
    page.get_by_role("button", name="放大").first.click()
    assert page.locator(".swipe-before").get_attribute("viewBox") != before
    page.get_by_role("button", name="全图").click()
    assert page.locator(".swipe-after").get_attribute("viewBox") == before


def test_the_pages_fit_a_phone(map_of, server, plan):
    page = map_of("zhao").page
    page.set_viewport_size({"width": 360, "height": 740})
    for address in (server + "/plans/", server + f"/plans/new/?area={STREET}", plan + "talk/", plan + "compare/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address

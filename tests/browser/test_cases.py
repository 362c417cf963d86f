"""A clerk at work in the browser: a conflict costs no word, keys lead through the inbox, many are moved in one go."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.waiting import until

_SAID = "请王队长今天去看"


@pytest.fixture
def clerk(browser: Browser, server, sessions) -> Iterator[Callable[[], Page]]:
    """`clerk()`: a tab of Li's; an error in any of them fails the test."""
    context = browser.new_context(locale="zh-CN", storage_state=sessions("li"), viewport={"width": 1280, "height": 900})
    errors: list[str] = []

    def a_tab() -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield a_tab
    context.close()
    assert errors == []


def report(page: Page, server, text: str) -> str:
    """A report from the desk; the address of its page, which is open then."""
    page.goto(server + "/buildings/")
    building = page.locator("main a[href^='/buildings/']").first.get_attribute("href")
    page.goto(f"{server.url}/incidents/new/?building={building.split('/')[2]}")
    page.select_option("#category", index=1)
    page.fill("#text", text)
    page.click("form[data-report-form] button.primary")
    expect(page.locator("[data-case]")).to_be_visible()
    return page.url


def test_a_conflict_shows_what_the_other_did_and_keeps_what_one_wrote(clerk, server):
    mine, other = clerk(), clerk()
    address = report(mine, server, "井盖松动，与另一位同时处理")
    mine.goto(f"{address}#move-file")
    mine.fill("#file-note", _SAID)
    other.goto(address)
    other.fill("#comment-note", "我先问一下物业")
    other.click("text=记下备注")
    expect(other.locator("#steps")).to_contain_text("我先问一下物业")

    mine.click("text=确认立案")
    expect(mine.locator("#move-file .notice")).to_contain_text("我先问一下物业")
    expect(mine.locator("#file-note")).to_have_value(_SAID)
    mine.click("text=确认立案")
    expect(mine.locator(".toast")).to_contain_text("立案")
    expect(mine.locator("#steps")).to_contain_text(_SAID)


def test_a_move_is_made_and_taken_back_without_a_pointer(clerk, server):
    page = clerk()
    report(page, server, "路灯不亮，只用键盘处理")
    page.keyboard.press("a")
    expect(page.locator(":focus")).to_have_id("file-note")
    page.keyboard.type("键盘立案 au")  # letters that are keys elsewhere are letters here
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".state-line .badge").first).to_have_text("已立案")
    expect(page.locator("#steps")).to_contain_text("键盘立案 au")
    page.keyboard.press("u")
    expect(page.locator(".state-line .badge").first).to_have_text("待受理")


def test_many_are_moved_and_taken_back_in_one_go(clerk, server):
    page = clerk()
    for number in (1, 2):
        report(page, server, f"成批处理第 {number} 件")
    page.goto(server + "/inbox/?act=file")
    before = page.locator("[data-row]").count()
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("#bulk [data-count]")).to_have_text("已选 2 件")
    page.keyboard.press("a")
    page.fill("#bulk-note", "同一天受理")
    page.click("#bulk button.primary")
    expect(page.locator(".bulk-dialog")).to_contain_text("办成 2 件，没办成 0 件")
    page.click("text=全部撤销")
    expect(page.locator(".bulk-dialog")).to_contain_text("办成 2 件，没办成 0 件")
    expect(page.locator(".bulk-dialog button", has_text=re.compile("全部撤销"))).to_have_count(0)
    page.locator(".bulk-dialog button.primary").click()
    expect(page.locator("[data-row]")).to_have_count(before)


def test_single_keys_can_be_turned_off(clerk, server):
    page = clerk()
    page.goto(server + "/inbox/")
    page.keyboard.press("?")
    page.get_by_label("使用单键快捷键").uncheck()
    page.locator(".keys-dialog button.primary").click()
    page.keyboard.press("j")
    expect(page.locator("[data-row][aria-current]")).to_have_count(0)


def test_a_case_on_paper_is_whole_and_says_its_number(clerk, server):
    page = clerk()
    address = report(page, server, "井盖松动，要打印")
    page.evaluate(
        "print = () => { window.asked = [...document.querySelectorAll('.photos img')].every(one => one.complete) }"
    )
    page.click("[data-print]")
    until(page, "window.asked === true")
    page.emulate_media(media="print")
    number = address.rstrip("/").split("/")[-1]
    foot = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--on-paper')")
    assert foot == f'"{number}"'
    for left_out in (".site-header", "#moves", "#clock a", ".words"):
        for one in page.locator(left_out).all():
            expect(one).to_be_hidden()
    expect(page.locator("#steps")).to_be_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_a_refused_form_leads_to_the_wrong_field_and_keeps_the_rest(clerk, server):
    page = clerk()
    page.goto(server + "/commons/bulletins/")
    page.fill("#title", "周末义诊")
    page.check("[name=kind][value=event]")
    page.evaluate("document.querySelector('main form.card').noValidate = true")
    page.click("main form.card button.primary")
    expect(page.locator("main .notice.error")).to_be_focused()
    expect(page.locator("#title")).to_have_value("周末义诊")
    wrong = page.locator("main .field [aria-invalid=true]").first
    expect(wrong).to_have_attribute("aria-describedby", re.compile("."))
    expect(page.locator("#" + wrong.get_attribute("aria-describedby"))).not_to_be_empty()


def test_the_navigation_of_a_phone_shows_where_one_is(clerk, server):
    page = clerk()
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(server + "/reports/")
    expect(page.locator(".site-nav [aria-current]")).to_be_in_viewport(ratio=0.9)  # a fraction of a pixel may be cut

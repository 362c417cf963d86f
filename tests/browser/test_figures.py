"""Figures on the map: found, compared, classed, gone into and taken away as a file."""

import csv
import io

from playwright.sync_api import expect


def test_it_finds_an_indicator_by_typing_and_holds_one_class_up(map_of):
    town = map_of("li", "/")
    town.page.click("#indicator-find")
    town.page.keyboard.type("80")
    options = town.page.locator("#indicator-list [role=option]")
    expect(options.first).to_contain_text("80 岁以上")
    assert all("80" in text for text in options.all_inner_texts())
    town.page.keyboard.press("Enter")
    town.settle()
    assert "show=elders80" in town.page.url
    expect(town.page.locator("#indicator-find")).to_be_focused()
    before = town.colours()
    first = town.page.locator("#legend [data-class]").first
    first.focus()
    town.page.keyboard.press("Enter")
    town.settle()
    expect(first).to_have_attribute("aria-pressed", "true")
    assert town.page.locator("#ranking tr.faded").count() > 0
    assert len(town.colours() - before) < len(before)
    town.page.keyboard.press("Enter")
    expect(first).to_have_attribute("aria-pressed", "false")


def test_it_compares_incidents_with_the_period_before_and_says_where_there_is_no_history(map_of):
    town = map_of("li", "/#?show=incidents~90~difference")
    legend = town.page.locator("#legend")
    expect(legend).to_contain_text("减少")
    changes = town.page.locator("#ranking td.change").all_inner_texts()
    signed = [int(text.split()[1].split("\n")[0].replace("−", "-").replace(",", "")) for text in changes]
    assert signed == sorted(signed, reverse=True)
    assert all(("▲" in text) == (n > 0) and ("▼" in text) == (n < 0) for text, n in zip(changes, signed, strict=True))
    town.page.select_option("#indicator", "population")
    town.settle()
    expect(town.page.locator("#asking")).to_contain_text("没有历史数据")
    assert not town.page.locator("#compare").is_visible()


def test_it_classes_by_natural_breaks_and_by_typed_ends_and_remembers(map_of):
    town = map_of("li", "/")
    town.page.click("#styling summary")
    town.page.select_option("#class-method", "own")
    ends = town.page.locator("#class-ends")
    ends.fill("many")
    ends.blur()
    expect(ends).to_have_attribute("aria-invalid", "true")
    ends.fill("10, 20")
    ends.blur()
    town.settle()
    expect(town.page.locator("#legend [data-class]")).to_have_count(3)
    town.go("/")
    expect(town.page.locator("#legend [data-class]")).to_have_count(3)


def test_it_goes_into_a_community_and_saves_the_table_as_it_stands(map_of):
    town = map_of("li", "/#?by=community")
    row = town.page.locator("#ranking tbody tr").first
    code = row.get_attribute("data-code")
    row.locator(".drill").click()
    town.settle()
    rows = town.page.locator("#ranking tbody tr")
    shown = {one.get_attribute("data-code"): one.locator(".number").inner_text() for one in rows.all()}
    assert {at[:12] for at in shown} == {code}
    with town.page.expect_download() as waiting:
        town.page.click("#ranking-save")
    text = waiting.value.path().read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    saved = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert [line[1].strip() for line in saved[1:]] == list(shown)
    assert [line[4] for line in saved[1:]] == [figure.replace(",", "") for figure in shown.values()]
    town.page.locator("#ranking-trail button").first.click()
    expect(rows).to_have_count(len(town.places("cell")))

"""Risk beside the map: why a cell has its colour, and weights of one's own that colour it anew at once."""

from playwright.sync_api import expect


def choose_risk(town) -> None:
    """By the address, which names it whatever the chooser looks like."""
    view = town.view()
    town.go(f"/#{view['zoom']}/{view['lat']}/{view['lng']}?show=risk")
    expect(town.page.get_by_role("button", name="调整权重")).to_be_visible()


def test_own_weights_colour_the_map_at_once_and_are_taken_back(map_of):
    town = map_of("zhou")
    choose_risk(town)
    page, before = town.page, town.figures("cells", "risk")
    page.get_by_role("button", name="调整权重").click()
    sheet = page.locator("#risk-sheet")
    with page.expect_response(lambda answer: "/map/values/" in answer.url):
        sheet.get_by_label("消防隐患", exact=True).last.fill("10")
    expect(sheet.locator("#risk-result")).to_contain_text("自定权重")
    own = town.figures("cells", "risk")
    assert own.keys() == before.keys()
    assert own != before
    with page.expect_response(lambda answer: "/map/values/" in answer.url):
        sheet.get_by_role("button", name="恢复本区默认").click()
    expect(sheet.locator("#risk-result")).to_contain_text("本区默认权重")
    assert town.figures("cells", "risk") == before


def test_a_slider_moves_by_keyboard_and_its_number_with_it(map_of):
    town = map_of("zhou")
    choose_risk(town)
    town.page.get_by_role("button", name="调整权重").click()
    slider = town.page.locator('#risk-sheet input[type="range"][data-for="w-fire"]')
    slider.focus()
    with town.page.expect_response(lambda answer: answer.url.endswith("/risk/")):
        town.page.keyboard.press("ArrowRight")
    expect(town.page.locator("#w-fire")).to_have_value("3.5")
    with town.page.expect_response(lambda answer: answer.url.endswith("/risk/")):
        town.page.get_by_role("button", name="撤销这次修改").click()
    expect(town.page.locator("#w-fire")).to_have_value("3")
    town.page.keyboard.press("Escape")
    expect(town.page.locator("#risk-sheet")).to_be_hidden()


def test_the_panel_says_why_and_fits_a_phone(map_of):
    town = map_of("li", phone=True)
    cell = town.places("cell")[0]
    town.click_ground(cell)
    part = town.page.locator("#panel .risk")
    expect(part).to_contain_text("典型值")
    part.get_by_text("为什么是这个分数？").click()
    expect(part.locator(".risk-reasons tbody tr").first).to_be_visible()
    assert town.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert part.evaluate("part => part.scrollWidth <= part.clientWidth")

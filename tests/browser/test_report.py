"""Reporting on a phone: three taps; photos upright and silent; whatever breaks, stored exactly once."""

import io
import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.waiting import until
from tests.gis.incidents.photos import a_jpeg

_PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "locale": "zh-CN"}
#: A building of the worker's own, once the pack is there: its name, and its middle.
_HOME = """async () => {
  const { pack } = wangge.app;
  const { buildings } = await pack.get("ground");
  const [cell] = await pack.get("cells");
  const { id, label, rings: [ring] } = buildings.find((one) => one.area === cell.code);
  const mean = (from) => ring.filter((_, n) => n % 2 === from).reduce((sum, one) => sum + one) / (ring.length / 2);
  return { id, label, lon: mean(0), lat: mean(1) };
}"""


#: A part of the city in the worker's own cell, of a class that brings a category: lon, lat, code, class, category.
_PART = """async () => {
  const { pack } = wangge.app;
  const { classes, rows } = await pack.get("components");
  const categories = await pack.get("categories");
  const suits = (row) => categories.find(({ code }) => code === classes[row[2]][1]);
  const row = rows.find(suits);
  return [row[3], row[4], row[1], classes[row[2]][0], suits(row).name];
}"""

_CATEGORY = "async () => (await wangge.app.pack.get('categories')).find(({ code }) => code === 'C0103').id"

#: What is to be touched and is lower than a thumb.
_SMALL = """() => {
  const touched = "#field-view :is(button, summary, [type=search], textarea, label.button)";
  const seen = [...document.querySelectorAll(touched)].filter((one) => one.offsetParent);
  return seen.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML);
}"""


class Reporter:
    """A worker's phone with the reporting view open."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url, self.page = context, url, context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, view: str = "report") -> Page:
        self.page.goto(f"{self.url}/field/#{view}")
        expect(self.page.locator(".report-send")).to_be_visible(timeout=30_000)
        return self.page

    def stand_at_home(self) -> dict:
        home = self.page.evaluate(_HOME)
        self.context.set_geolocation({"latitude": home["lat"], "longitude": home["lon"], "accuracy": 8})
        return home

    def tap_place(self) -> None:
        self.page.tap("text=用我的位置")
        expect(self.page.locator("section[aria-labelledby=report-place].done")).to_be_visible()

    def tap_category(self, code: str = "C0103") -> None:
        self.page.locator(f"[data-code={code}]").first.tap()

    def tap_send(self) -> None:
        """Send; where something alike turns up only then, it is looked at and sent all the same."""
        self.page.tap(".report-send[aria-disabled=false]")
        decided = self.page.locator(".report-sent, .report-send:not([aria-busy])").first
        expect(decided).to_be_visible()
        if not self.page.locator(".report-sent").count():
            self.page.tap(".report-send")

    def number(self) -> str:
        """The number of the case, once the server has said it."""
        expect(self.page.locator(".report-sent[data-state=stored]")).to_be_visible(timeout=30_000)
        return self.page.locator(".report-sent a").inner_text()

    def choose(self, *photos: tuple[str, bytes]) -> None:
        files = [{"name": name, "mimeType": "image/jpeg", "buffer": content} for name, content in photos]
        self.page.set_input_files("input[type=file][multiple]", files)

    def cases_saying(self, text: str) -> int:
        answer = self.context.request.get(f"{self.url}/incidents/?days=2").text()
        numbers = set(re.findall(r"/incidents/(\d{8}-\d+)/", answer))
        records = [self.context.request.get(f"{self.url}/incidents/{number}/").text() for number in numbers]
        return sum(text in record for record in records)


@pytest.fixture
def reporter(browser: Browser, server, sessions: Callable[[str], dict]) -> Iterator[Reporter]:
    context = browser.new_context(
        **_PHONE, storage_state=sessions("wang"), permissions=["geolocation"], timezone_id="Asia/Shanghai"
    )
    made = Reporter(context, server.url)
    yield made
    context.close()
    assert made.errors == []


def test_three_taps_make_a_case(reporter: Reporter):
    page = reporter.open()
    home = reporter.stand_at_home()
    reporter.tap_place()
    reporter.tap_category()
    reporter.tap_send()
    number = reporter.number()
    page.goto(f"{reporter.url}/incidents/{number}/")
    expect(page.locator("main")).to_contain_text("楼道堆物")
    expect(page.locator("main")).to_contain_text(home["label"])


def test_the_address_is_opened_however_late_another_view_arrives(reporter: Reporter):
    """Until the server has said who is here only the day is offered; its script may come after that answer."""
    held: list[Route] = []

    def hold_day(route: Route) -> None:
        answer = route.fetch()
        held.append(route) if "从我这里开始" in answer.text() else route.fulfill(response=answer)

    reporter.page.route("**/field-part.*.js", hold_day)
    reporter.page.goto(f"{reporter.url}/field/#report")
    until(reporter.page, "window.wangge?.app.holder")
    assert held
    for route in held:
        route.continue_()
    expect(reporter.page.locator(".report-send")).to_be_visible()
    reporter.page.unroute_all(behavior="ignoreErrors")  # what the page keeps for the way may still be coming


def test_what_is_still_missing_stands_on_the_button(reporter: Reporter):
    page = reporter.open()
    button = page.locator(".report-send")
    expect(button).to_have_text("① 先选位置")
    reporter.stand_at_home()
    reporter.tap_place()
    expect(button).to_have_text("② 再选类别")
    page.locator("section[aria-labelledby=report-category] input").fill("qtsx")
    reporter.tap_category("C9999")
    expect(button).to_have_text("“其他”请写一句说明或拍照")
    page.fill("#report-text", "水表箱漏水")
    expect(button).to_have_text("上报")


def test_a_building_is_a_place_and_so_is_an_address(reporter: Reporter):
    page = reporter.open()
    home = reporter.stand_at_home()
    reporter.open(f"report/building/{home['id']}")
    expect(page.locator(".report-said").first).to_contain_text(home["label"])
    page.tap("text=查地址")
    page.fill("#report-find", home["label"])
    page.locator(".report-found button").first.tap()
    expect(page.locator(".report-said").first).to_contain_text(home["label"])


def test_a_photo_is_turned_upright_silenced_and_its_place_offered(reporter: Reporter):
    page = reporter.open()
    reporter.stand_at_home()
    reporter.tap_place()
    reporter.choose(("IMG_1.jpg", a_jpeg(1600, 1200, orientation=6)))
    expect(page.locator(".report-photos img")).to_have_count(1)
    expect(page.locator(".report-offer")).to_contain_text("照片拍摄于")
    sizes = page.locator(".report-photos img").evaluate("async (one) => (await one.decode(), one.naturalHeight)")
    assert sizes == 1600
    page.tap("text=不用")
    reporter.tap_category()
    reporter.tap_send()
    record = reporter.context.request.get(f"{reporter.url}/incidents/{reporter.number()}/").text()
    (uuid,) = set(re.findall(r"/photos/([0-9a-f-]{36})/small/", record))
    stored = reporter.context.request.get(f"{reporter.url}/photos/{uuid}/").body()
    image = Image.open(io.BytesIO(stored))
    assert image.size == (1200, 1600)
    assert not image.getexif()
    assert b"Phone" not in stored


def test_the_place_of_a_photo_is_taken_when_one_says_so(reporter: Reporter):
    page = reporter.open()
    reporter.choose(("IMG_1.jpg", a_jpeg(400, 300)))
    page.tap("text=用照片的位置")
    expect(page.locator(".report-said").first).to_contain_text("辖区之外约")  # where the picture says it was taken
    expect(page.locator(".report-offer")).to_be_empty()


def test_a_file_that_is_no_photo_is_refused_and_the_rest_stays(reporter: Reporter):
    page = reporter.open()
    page.fill("#report-text", "写了很久的话")
    reporter.choose(("scan.jpg", b"%PDF-1.7\n" + b"x" * 4000), ("good.jpg", a_jpeg(300, 200)))
    expect(page.locator(".report .notice.error:visible")).to_contain_text("scan.jpg")
    expect(page.locator(".report-photos img")).to_have_count(1)
    assert page.input_value("#report-text") == "写了很久的话"


@pytest.mark.slow
def test_a_photo_of_forty_megabytes_is_made_small_on_a_slow_phone(reporter: Reporter, tmp_path):
    noise = np.random.default_rng(4).integers(0, 255, (6000, 8000, 3), dtype=np.uint8)
    path = tmp_path / "IMG_2.jpg"
    Image.fromarray(noise).save(path, "JPEG", quality=88)
    assert path.stat().st_size > 38_000_000
    page = reporter.open()
    reporter.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.set_input_files("input[type=file][multiple]", path)
    expect(page.locator(".report-photos img")).to_have_count(1, timeout=90_000)
    size = page.locator(".report-photos img").evaluate("async (one) => (await one.decode(), one.naturalWidth)")
    assert size == 2048


def test_a_closed_browser_loses_nothing(reporter: Reporter):
    page = reporter.open()
    reporter.stand_at_home()
    reporter.tap_place()
    reporter.tap_category()
    page.fill("#report-text", "三楼拐角堆着旧家具")
    reporter.choose(("IMG_1.jpg", a_jpeg(400, 300)))
    expect(page.locator(".report-photos img")).to_have_count(1)
    expect(page.locator(".report[data-kept=yes]")).to_be_visible()
    page.close()
    reporter.page = reporter.context.new_page()
    again = reporter.open()
    expect(again.locator("#report-text")).to_have_value("三楼拐角堆着旧家具")
    expect(again.locator(".report-photos img")).to_have_count(1)
    expect(again.locator(".report-send")).to_have_attribute("aria-disabled", "false")


def test_without_signal_it_waits_and_goes_up_by_itself(reporter: Reporter):
    page = reporter.open()
    reporter.stand_at_home()
    reporter.tap_place()
    reporter.tap_category()
    page.fill("#report-text", "断网时写的一条")
    reporter.context.set_offline(True)
    reporter.tap_send()
    expect(page.locator(".report-sent")).to_contain_text("联网后自动上报")
    reporter.context.set_offline(False)
    reporter.number()
    assert reporter.cases_saying("断网时写的一条") == 1


def test_without_signal_it_points_at_a_part_of_the_city(reporter: Reporter):
    page = reporter.open()
    lon, lat, code, name, category = page.evaluate(_PART)
    reporter.context.set_geolocation({"latitude": lat, "longitude": lon, "accuracy": 5})
    reporter.context.set_offline(True)
    reporter.tap_place()
    row = page.locator(".report-parts button")
    assert 1 <= row.count() <= 5
    one = page.locator(f".report-parts button[title='{code}']")
    one.tap()
    expect(one).to_have_attribute("aria-pressed", "true")
    expect(page.locator("section[aria-labelledby=report-category].done")).to_be_visible()
    one.tap()  # again: neither the part nor the category it brought
    expect(page.locator(".report-parts [aria-pressed=true]")).to_have_count(0)
    expect(page.locator(".report-send")).to_have_text("② 再选类别")
    one.tap()
    reporter.tap_send()
    expect(page.locator("#field-view > .report-said")).to_have_text(f"{category} · {name} {code[-5:]}")
    reporter.context.set_offline(False)
    number = reporter.number()
    page.goto(f"{reporter.url}/incidents/{number}/")
    expect(page.locator(f"main a[href='/components/{code}/']")).to_be_visible()


def test_a_part_that_is_gone_since_is_left_out_and_nothing_else_is_lost(reporter: Reporter):
    page = reporter.open()
    lon, lat, *_ = page.evaluate(_PART)
    body = {"category": page.evaluate(_CATEGORY), "lon": lon, "lat": lat, "component": 2**52}
    body["text"] = "部件已拆除的一条"
    uuid = page.evaluate("(body) => wangge.app.outbox.add('report', body)", body)
    expect(page.get_by_role("banner")).to_contain_text("需要处理")
    reporter.open(f"report?item={uuid}")
    expect(page.locator(".report .notice.error:visible")).to_contain_text("没有找到这个部件")
    gone = page.locator(".report-parts [aria-pressed=true]")
    expect(gone).to_have_text("手机上没有的部件")
    gone.tap()
    expect(gone).to_have_count(0)
    expect(page.locator("#report-text")).to_have_value("部件已拆除的一条")
    reporter.tap_send()
    reporter.number()
    assert reporter.cases_saying("部件已拆除的一条") == 1


def test_when_the_answer_is_lost_it_is_stored_once_and_its_number_told(reporter: Reporter):
    page = reporter.open()
    reporter.stand_at_home()
    reporter.tap_place()
    reporter.tap_category()
    page.fill("#report-text", "答复丢失的一条")
    lost: list[int] = []

    def swallow(route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)  # the server has stored it; the phone never hears
        return route.abort()

    page.route("**/field/submissions/", swallow)
    reporter.tap_send()
    reporter.number()
    assert lost == [200]
    assert reporter.cases_saying("答复丢失的一条") == 1


def test_the_same_thing_is_shown_and_joined(reporter: Reporter):
    page = reporter.open()
    reporter.stand_at_home()
    numbers = []
    for text in ("楼门口的路灯不亮", "路灯又不亮了"):
        reporter.open(f"report?new={text}")
        reporter.tap_place()
        page.locator("section[aria-labelledby=report-category] input").fill("路灯")
        reporter.tap_category("C0401")
        page.fill("#report-text", text)
        if numbers:
            page.locator(".similar .choice", has_text="楼门口的路灯不亮").locator("input").check()
            expect(page.locator(".report-send")).to_have_text("并入并上报")
        reporter.tap_send()
        numbers.append(reporter.number())
    assert numbers[0] == numbers[1]
    page.goto(f"{reporter.url}/incidents/{numbers[0]}/")
    expect(page.locator(".timeline")).to_contain_text("又有人上报")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_it_fits_a_narrow_phone_in_both_languages(browser: Browser, server, sessions, language):
    look = {**_PHONE, "locale": language}
    context = browser.new_context(**look, storage_state=sessions("wang"))
    page = Reporter(context, server.url).open()
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    small = page.evaluate(_SMALL)
    context.close()
    assert (wide, small) == (0, [])


def test_a_right_click_on_the_map_offers_to_report_there(map_of):
    page = map_of("zhou").page
    page.mouse.click(900, 450, button="right")
    link = page.locator(".leaflet-popup a")
    expect(link).to_have_text("在此上报")
    link.click()
    expect(page.locator("h1")).to_have_text("上报事件")
    page.set_input_files("#photo", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": a_jpeg(3000, 2000)})
    page.select_option("#category", label="楼道堆物")
    page.locator("form[data-report-form] button.primary:enabled").click()
    expect(page.locator(".messages")).to_contain_text("已上报，编号")
    expect(page.locator(".photos img")).to_have_count(1)

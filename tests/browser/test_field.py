"""The field page on a bad line: whatever breaks whenever, what was written is stored exactly once.

The database is asked, not the page: it is a copy of the town behind a server of its own.
"""

from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.aside import aside
from tests.browser.bad_line import BadLine
from tests.cast import PASSWORD

_PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "locale": "zh-CN"}
#: A report of a building of one's own with a photo of `bytes`; Promise of its UUID.
_REPORT = """async ([text, bytes]) => {
  const { pack, outbox } = wangge.app, canvas = new OffscreenCanvas(400, 400), pen = canvas.getContext("2d");
  const noise = pen.createImageData(400, 400);
  for (let i = 0; i < noise.data.length; i++) noise.data[i] = i % 4 === 3 ? 255 : Math.random() * 256;
  pen.putImageData(noise, 0, 0);
  const photos = bytes ? [await canvas.convertToBlob({ type: "image/jpeg", quality: 1 })] : [];
  const building = (await pack.get("ground")).buildings[0].id;
  const category = window.category ??= JSON.stringify(await pack.get("categories")).match(/"id":(\\d+)/)[1];
  return outbox.add("report", { category: Number(category), building, text }, photos, { title: text });
}"""
#: Resolves once the pack is on the phone.
_PACKED = """() => new Promise((done, failed) => {
  const last = Date.now() + 30000;
  const look = async () => {
    const { pack, holder } = wangge.app;
    if (!holder) return;
    const here = (await pack.get("categories")) || pack.choices.length;
    const kept = (await (await wangge.database()).getAll("parts")).some((part) => part.name === "categories");
    if (here && (kept || pack.choices.length)) done(null);
  };
  const turn = () => look().finally(() => (Date.now() > last ? failed("no pack") : setTimeout(turn, 100)));
  turn();
})"""
#: How many rows lie in each store of the phone, of one holder or of all; without opening the page.
_TABLES = """async (holder) => {
  const heard = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  const db = await heard(indexedDB.open("wangge-field")), counted = {};
  for (const name of ["parts", "outbox", "photos", "keys"]) {
    const all = await heard(db.transaction(name).objectStore(name).getAll());
    counted[name] = all.filter((one) => !holder || one.holder === holder).length;
  }
  db.close();
  return counted;
}"""
#: Looks for a new service worker; resolves once it has taken over and cleared up.
_UPDATED = """async () => {
  const registration = await navigator.serviceWorker.getRegistration("/field/");
  const { installing } = await registration.update();
  await new Promise((done) => {
    installing.addEventListener("statechange", () => installing.state === "activated" && done());
  });
}"""
#: Everything personal on the phone as text.
_DUMP = """async () => {
  const db = await wangge.database(), read = new TextDecoder(), seen = [];
  const spell = (one) => one instanceof ArrayBuffer ? read.decode(one) : one instanceof Blob ? "BLOB" :
    one && typeof one === "object" ? Object.values(one).map(spell).join(" ") : String(one);
  for (const name of ["parts", "outbox", "photos", "notes"])
    for (const one of await db.getAll(name)) if (one.personal !== false) seen.push(spell(one));
  return seen.join("\\n");
}"""


class FieldPage:
    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url, self.page = context, url, context.new_page()

    def sign_in(self, name: str, view: str = "waiting") -> None:
        self.page.goto(f"{self.url}/sign-in/?next=/field/%23{view}")
        self.page.fill("#id_username", name)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("button.primary")
        self.is_online()

    def is_online(self) -> None:
        expect(self.page.locator("#field-standing[data-contact=online]")).to_be_visible()
        self.page.evaluate(_PACKED)

    def open(self, view: str = "waiting") -> None:
        self.page.goto(f"{self.url}/field/#{view}")

    def write(self, text: str, photo: bool = False) -> str:
        return self.page.evaluate(_REPORT, [text, photo])

    def has_waiting(self, number: int) -> None:
        """Waits for it; none is what the page says only after it has looked."""
        if number:
            expect(self.page.locator(".waiting-item")).to_have_count(number)
        else:
            expect(self.page.locator(".waiting > .hint")).to_contain_text("全部已发送")

    def send_now(self) -> None:
        self.page.evaluate("wangge.app.retry()")


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator:
    """A server of these tests alone, which one of them kills."""
    from tests.databases import a_copy
    from tests.serving import a_server

    log = tmp_path_factory.mktemp("field") / "log"
    with django_db_blocker.unblock(), a_copy() as name, a_server(name, log, SIGN_IN_TRIES="50") as running:
        yield running


@pytest.fixture
def line(town) -> Iterator[BadLine]:
    line = BadLine(town.url)
    yield line
    line.close()


@pytest.fixture
def phone(browser: Browser, line: BadLine) -> Iterator[FieldPage]:
    context = browser.new_context(**_PHONE, bypass_csp=True)
    yield FieldPage(context, line.url)
    context.close()


@pytest.fixture
def stored(town):
    """How often a text was stored: incidents and submissions in the server's database."""

    def count(text: str) -> tuple[int, int]:
        def ask() -> tuple[int, int]:
            connection = connections["default"].copy()
            connection.settings_dict = connection.settings_dict | {"NAME": town.database}
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT count(*), count(s.id) FROM grid_incident i LEFT JOIN grid_submission s"
                                   " ON s.uuid = i.uuid WHERE i.description = %s", [text])  # fmt: skip
                    return cursor.fetchone()
            finally:
                connection.close()

        return aside(ask)

    return count


def test_the_line_is_down_before_anything_is_sent(phone, line, stored):
    phone.sign_in("wang")
    line.go_down()
    phone.write("断网前")
    phone.has_waiting(1)
    expect(phone.page.locator("#field-standing")).to_contain_text("离线 · 1 条待发送")
    assert stored("断网前") == (0, 0)
    line.mode = "through"
    phone.has_waiting(0)
    assert stored("断网前") == (1, 1)


def test_the_line_breaks_in_the_middle_of_a_photo(phone, line, stored):
    phone.sign_in("wang")
    line.mode = "cut"
    phone.write("传到一半", photo=True)
    phone.page.wait_for_function("() => wangge.app.contact === 'offline'", timeout=60_000)
    assert line.lost >= 1
    assert stored("传到一半") == (0, 0)
    line.mode = "through"
    phone.has_waiting(0)
    assert stored("传到一半") == (1, 1)


def test_the_answer_is_lost_after_the_server_has_stored_it(phone, line, stored):
    phone.sign_in("wang")
    line.mode = "deaf"
    phone.write("回执丢失", photo=True)
    phone.page.wait_for_function("() => wangge.app.contact === 'offline'", timeout=60_000)
    assert stored("回执丢失") == (1, 1)
    phone.has_waiting(1)
    line.mode = "through"
    phone.has_waiting(0)
    assert line.lost >= 1
    assert stored("回执丢失") == (1, 1)


def test_the_browser_is_closed_and_opened_again_without_a_line(
    browser_type, browser_type_launch_args, line, stored, tmp_path
):
    options = {**browser_type_launch_args, **_PHONE, "bypass_csp": True}
    context = browser_type.launch_persistent_context(tmp_path, **options)
    phone = FieldPage(context, line.url)
    phone.sign_in("wang")
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    line.go_down()
    phone.write("关了再开")
    context.close()
    context = browser_type.launch_persistent_context(tmp_path, **options)
    phone = FieldPage(context, line.url)
    phone.open()
    phone.has_waiting(1)
    expect(phone.page.locator(".waiting-item h2")).to_have_text("关了再开")
    line.mode = "through"
    phone.has_waiting(0)
    assert stored("关了再开") == (1, 1)
    context.close()


def test_the_server_is_killed_and_started_again(phone, town, stored):
    phone.sign_in("wang")
    town.pages.kill()
    for n in range(3):
        phone.write(f"重启 {n}")
    phone.has_waiting(3)
    town.pages.start()
    phone.has_waiting(0)
    assert [stored(f"重启 {n}") for n in range(3)] == [(1, 1)] * 3


def test_the_session_ended_while_offline_and_it_goes_on_after_signing_in(phone, line, stored):
    phone.sign_in("wang")
    line.go_down()
    phone.write("登录过期")
    phone.context.clear_cookies(name="sessionid")
    line.mode = "through"
    cure = phone.page.locator("#field-standing a")
    expect(cure).to_have_text("登录")
    phone.has_waiting(1)
    cure.click()
    phone.page.fill("#id_username", "wang")
    phone.page.fill("#id_password", PASSWORD)
    phone.page.click("button.primary")
    phone.has_waiting(0)
    assert stored("登录过期") == (1, 1)


def test_two_tabs_send_each_item_once(phone, line, stored):
    phone.sign_in("wang")
    second = FieldPage(phone.context, line.url)
    second.open()
    second.is_online()
    line.go_down()
    texts = [f"两页 {n}" for n in range(4)]
    for n, text in enumerate(texts):
        (phone, second)[n % 2].write(text)
    phone.has_waiting(4)
    second.has_waiting(4)
    line.mode = "through"
    for tab in (phone, second):
        tab.send_now()
    phone.has_waiting(0)
    second.has_waiting(0)
    assert [stored(text) for text in texts] == [(1, 1)] * 4


def test_a_refused_item_stays_with_its_reason_until_its_writer_deletes_it(phone):
    phone.sign_in("wang")
    phone.page.evaluate("wangge.app.outbox.add('report', { text: '没有类别' }, [], { title: '没有类别' })")
    item = phone.page.locator(".waiting-item[data-state=refused]")
    expect(item).to_contain_text("未被接受")
    expect(item.locator(".notice")).to_contain_text("类别")
    phone.page.once("dialog", lambda dialog: dialog.dismiss())
    item.get_by_role("button", name="删除").click()
    phone.has_waiting(1)
    phone.page.once("dialog", lambda dialog: dialog.accept())
    item.get_by_role("button", name="删除").click()
    phone.has_waiting(0)


def test_nobody_sees_or_sends_what_another_wrote_on_the_same_phone(phone, line, stored):
    phone.sign_in("wang")
    line.go_down()
    phone.write("王的记录")
    phone.context.clear_cookies(name="sessionid")
    line.mode = "through"
    phone.sign_in("zhou")
    expect(phone.page.locator("#field-view .notice.warn")).to_contain_text("另有 1 条")
    phone.has_waiting(0)
    assert stored("王的记录") == (0, 0)
    assert _tables(phone.page)["parts"] == _tables(phone.page, phone.page.evaluate("wangge.app.holder.holder"))["parts"]
    phone.context.clear_cookies(name="sessionid")
    phone.sign_in("wang")
    phone.has_waiting(0)
    assert stored("王的记录") == (1, 1)


def test_signing_out_asks_first_and_wipes_everything_in_every_tab(phone, line):
    phone.sign_in("wang")
    line.go_down()
    phone.write("还没发送")
    second = FieldPage(phone.context, line.url)
    second.open("settings")
    phone.open("out")
    expect(phone.page.locator("main")).to_contain_text("还有 1 条没有发送")
    leaving = phone.page.get_by_role("button", name="退出并清除")
    phone.page.once("dialog", lambda dialog: dialog.dismiss())
    leaving.click()
    assert _tables(phone.page)["outbox"] == 1
    line.mode = "through"
    phone.page.once("dialog", lambda dialog: dialog.accept())
    leaving.click()
    for tab in (phone, second):
        tab.page.wait_for_url("**/sign-in/**")
    phone.page.goto(f"{line.url}/field/manifest.webmanifest")
    assert _tables(phone.page) == {"parts": 0, "outbox": 0, "photos": 0, "keys": 0}
    phone.page.goto(line.url + "/")
    assert "/sign-in/" in phone.page.url


def test_signing_out_on_another_page_wipes_the_phone_too(phone, line):
    phone.sign_in("wang")
    phone.page.goto(line.url + "/buildings/")
    phone.page.click(".site-tools .user-menu summary")
    phone.page.click(".site-tools .user-menu .menu-button")
    phone.page.wait_for_url("**/field/#out")
    phone.page.get_by_role("button", name="退出并清除").click()
    phone.page.wait_for_url("**/sign-in/**")
    phone.page.goto(f"{line.url}/field/manifest.webmanifest")
    assert _tables(phone.page) == {"parts": 0, "outbox": 0, "photos": 0, "keys": 0}


def test_a_new_version_takes_the_place_of_the_old(phone, line):
    phone.sign_in("wang")
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    (before,) = _kept_versions(phone.page)
    line.reworded = (before.encode(), b"0" * len(before))
    phone.page.evaluate(_UPDATED)
    assert _kept_versions(phone.page) == ["0" * len(before)]
    line.go_down()
    phone.page.reload()
    expect(phone.page.locator("#field-standing[data-contact=offline]")).to_be_visible()


def test_it_opens_in_the_language_last_chosen_without_a_line(phone, line):
    phone.sign_in("wang")
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    phone.open("language")
    expect(phone.page.locator("html[lang=en]")).to_have_count(1)
    expect(phone.page.locator("#field-tabs")).to_contain_text("Waiting")
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    line.go_down()
    phone.page.reload()
    expect(phone.page.locator("#field-tabs")).to_contain_text("Waiting")
    expect(phone.page.locator("#field-standing")).to_contain_text("Offline")


def test_a_session_left_without_a_line_brings_nothing_back(phone, line):
    """The server still takes the phone for the one who has left: the next one must not see their people."""
    phone.sign_in("wang")
    line.go_down()
    phone.open("out")
    with phone.page.expect_event("requestfailed", lambda request: "/sign-in/" in request.url, timeout=60_000):
        phone.page.get_by_role("button", name="退出并清除").click()
    left, phone.page = phone.page, phone.context.new_page()
    left.close()
    line.mode = "through"
    asked = []
    phone.page.on("request", lambda request: asked.append(request.url))
    phone.open("day")
    expect(phone.page.locator("#field-standing[data-contact=signed-out]")).to_be_visible()
    # Before the service worker has the page, the browser itself fetches what the page's header announces; unread.
    assert [url for url in asked if "/field/pack/" in url and not url.endswith("?first=1")] == []
    assert _tables(phone.page) == {"parts": 0, "outbox": 0, "photos": 0, "keys": 0}


def test_what_is_stored_on_the_phone_is_sealed(phone, line):
    phone.sign_in("wang")
    line.go_down()
    phone.write("看不见的字", photo=True)
    text = phone.page.evaluate(_DUMP)
    assert "看不见的字" not in text
    assert "府前街" not in text
    assert not phone.page.evaluate("async () => (await (await wangge.database()).getAll('keys'))[0].extractable")


def test_after_days_without_contact_nothing_of_people_is_left(phone, line, stored):
    phone.sign_in("wang")
    line.go_down()
    phone.write("久未联网")
    phone.page.evaluate("async () => (await wangge.database()).put('notes', Date.now() - 4 * 864e5, 'contact')")
    phone.page.reload()
    expect(phone.page.locator("main")).to_contain_text("联网登录后")
    expect(phone.page.locator(".waiting-item")).to_have_count(0)
    names = phone.page.evaluate("async () => (await (await wangge.database()).getAll('parts')).map((one) => one.name)")
    assert "ground" in names
    assert not {"workers", "households", "incidents"} & set(names)
    line.mode = "through"
    phone.page.wait_for_function("() => wangge.app.contact === 'online' && wangge.settled()", timeout=60_000)
    assert stored("久未联网") == (1, 1)


def _tables(page: Page, holder: str = "") -> dict[str, int]:
    return page.evaluate(_TABLES, holder)


def _kept_versions(page: Page) -> list[str]:
    keys = page.evaluate("caches.keys()")
    return [key.partition(" ")[2] for key in keys if key.startswith("wangge-field ")]

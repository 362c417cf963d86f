"""The field page on an old phone with a bad line: how soon it can be used, first and second visit, and its weight.

The phone: a Chromium of 360 × 740 whose processor is slowed four times, on "slow 3G": 400 kbit/s each way and 400 ms
before every answer begins. *Usable*: the opening view stands, and holds a control that answers a finger: a door of
today's list or the search box. The first visit has an empty cache and no service worker, and the worker is signed in;
the second comes after the first has ended, on the same line.
"""

import json
import statistics
import tempfile
from pathlib import Path

from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.chromium import _QUIET, chromium, sign_in, until
from tests.bench.report import Report
from tests.bench.scratch import scratch_database
from tests.serving import a_server
from web.templatetags.assets import BUILT

_PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "locale": "zh-CN"}
_SLOWER = 4
_LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # bytes a second
_FIRST_LIMIT, _SECOND_LIMIT, _SCRIPT_LIMIT = 3, 1, 150
#: Notes, in ms since the page was asked for, when it could first be seen and first be used.
_WATCH = """
  window.took = {};
  const control = "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled)";
  const seen = () => {
    const view = document.querySelector("#field-view");
    if (document.querySelector("#field-standing")) took.shell ??= performance.now();
    const controls = [...(view?.querySelectorAll(control) ?? [])];
    if (controls.some((one) => one.checkVisibility())) took.usable ??= performance.now();
    requestAnimationFrame(seen);
  };
  requestAnimationFrame(seen);
"""


def measure(quick: bool) -> Report:
    report = Report(["what", "median", "beside"])
    program = chromium()
    if not program:
        report.notes.append("No Chromium on this machine: nothing was measured.")
        return report
    with scratch_database("small"), tempfile.TemporaryDirectory() as folder:
        name, own = connection.settings_dict["NAME"], {"DATABASE_RUNTIME_URL": ""}
        with a_server(name, Path(folder) / "log", **own) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=_QUIET)
            visits = [_visits(browser, server.url) for _ in range(1 if quick else 5)]
            browser.close()
    _tell(report, visits)
    return report


def _visits(browser: Browser, address: str) -> dict[str, float]:
    """Seconds of a first and a second visit by a phone nobody has used."""
    with browser.new_context(**_PHONE) as signing:
        sign_in(signing.new_page(), address, "wang")
        state = signing.storage_state()
    with browser.new_context(**_PHONE, storage_state=state) as phone:
        phone.add_init_script(_WATCH)
        page = _slow(phone.new_page())
        first = _visit(page, address)
        until(page, "wangge.settled() && wangge.app.contact === 'online'")
        packed = page.evaluate("performance.now()") / 1000
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        until(page, "wangge.settled()")
        page.wait_for_load_state("networkidle")
        second = _visit(page, address)
    return {"shell": first["shell"], "first": first["usable"], "pack": packed, "second": second["usable"]}


def _slow(page: Page) -> Page:
    control = page.context.new_cdp_session(page)
    control.send("Network.enable")
    control.send("Network.emulateNetworkConditions", _LINE)
    control.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    return page


def _visit(page: Page, address: str) -> dict[str, float]:
    page.goto("about:blank")
    page.goto(address + "/field/", wait_until="commit")
    until(page, "Boolean(window.took && took.usable)")
    return {name: ms / 1000 for name, ms in page.evaluate("took").items()}


def _tell(report: Report, visits: list[dict[str, float]]) -> None:
    median = {name: statistics.median(one[name] for one in visits) for name in visits[0]}
    script = sum((BUILT / f"{name}.gz").stat().st_size for name in _files() if name.endswith(".js")) / 1000
    begun = sum((BUILT / f"{name}.gz").stat().st_size for name in json.loads(_listed())["first"]) / 1000
    report.rows += [
        ["first visit: its frame stands, s", median["shell"], ""],
        ["first visit: usable, s", median["first"], f"limit {_FIRST_LIMIT}"],
        ["first visit: the worker's cell on the phone, s", median["pack"], ""],
        ["second visit: usable, s", median["second"], f"limit {_SECOND_LIMIT}"],
        ["script in all, compressed kB", script, f"limit {_SCRIPT_LIMIT}; {begun:.0f} before the first use"],
    ]
    report.named += [
        ("field.first_s", median["first"], "s"),
        ("field.second_s", median["second"], "s"),
        ("field.js_kb", script, "kB"),
    ]
    report.notes.append(
        f"{len(visits)} phones; processor slowed {_SLOWER} times, 400 kbit/s, 400 ms before each answer."
    )


def _files() -> list[str]:
    return json.loads(_listed())["files"]


def _listed() -> str:
    return (BUILT / "field.json").read_text()

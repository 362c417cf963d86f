"""A real Chromium for measurements: found, signed in, and its frames counted."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

from tests.cast import PASSWORD

_QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--enable-precise-memory-info",
]  # fmt: skip
#: Notes the gap before every frame, and every task over 50 ms, until it is told to stop.
_RECORDER = """() => {
  const taken = { gaps: [], long: [], heap: 0, on: true };
  let last = 0;
  const tick = (now) => {
    if (!taken.on) return;
    if (last) taken.gaps.push(now - last);
    last = now;
    taken.heap = Math.max(taken.heap, performance.memory.usedJSHeapSize);
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  const tasks = new PerformanceObserver((list) => taken.long.push(...list.getEntries().map((one) => one.duration)));
  tasks.observe({ type: "longtask" });
  window.wanggeFrames = () => {
    taken.on = false;
    taken.long.push(...tasks.takeRecords().map((one) => one.duration));
    tasks.disconnect();
    return taken;
  };
}"""


def chromium() -> str | None:
    """The browser of the browser tests; None on a machine without one."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


@contextmanager
def a_page(program: str, **looks) -> Iterator[Page]:
    """A page of 1400 × 900 in a browser of its own; `looks` are Playwright's options of a context."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_QUIET)
        looks = {"viewport": {"width": 1400, "height": 900}, "locale": "zh-CN"} | looks
        yield browser.new_page(**looks)
        browser.close()


def sign_in(page: Page, address: str, name: str = "sun") -> None:
    page.goto(address + "/password/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("button.primary")
    page.wait_for_url(lambda here: "sign-in" not in here)


def open_map(page: Page, address: str, view: str = "") -> None:
    """The map at rest; `view` is a fragment such as `#16/40.13/116.65`."""
    page.goto("about:blank")
    page.goto(f"{address}/{view}")
    until(page, "Boolean(window.wangge && window.wangge.ready())")


def until(page: Page, condition: str, seconds: float = 90) -> None:
    """Wait for an expression. (The page's policy forbids Playwright's own way, which evaluates text.)"""
    deadline = time.monotonic() + seconds
    while not page.evaluate(condition):
        if time.monotonic() > deadline:
            raise RuntimeError(f"Chromium did not come to: {condition}")
        page.wait_for_timeout(10)


class Frames:
    """What the page lived through since `begin`: gaps between frames and long tasks in ms, the largest heap in MB."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.gaps: list[float] = []
        self.long: list[float] = []
        self.heap_mb = 0.0

    @contextmanager
    def recorded(self) -> Iterator[None]:
        self.page.evaluate(_RECORDER)
        yield
        taken = self.page.evaluate("wanggeFrames()")
        self.gaps += taken["gaps"]
        self.long += taken["long"]
        self.heap_mb = max(self.heap_mb, taken["heap"] / 1e6)

"""The map in a real Chromium: dragged, zoomed and recoloured by hand, as it were, with every frame noted."""

import time
from dataclasses import dataclass

import numpy as np
from playwright.sync_api import Page

from tests.bench.chromium import Frames, a_page, open_map, sign_in, until

_FRAME_S = 1 / 60
#: From the arrival of an indicator's figures to the frame that shows them.
_RECOLOUR = """(code) => new Promise((done) => {
  const chooser = document.querySelector("#indicator");
  const started = performance.now();
  performance.clearResourceTimings();
  chooser.value = code;
  chooser.dispatchEvent(new Event("change"));
  const shown = () => {
    const asked = performance.getEntriesByType("resource").filter((one) => one.name.includes("/map/values/"));
    done(performance.now() - Math.max(started, ...asked.map((one) => one.responseEnd)));
  };
  const look = () => (wangge.ready() ? requestAnimationFrame(shown) : requestAnimationFrame(look));
  requestAnimationFrame(look);
})"""


#: A first visit up to the first whole picture: ms, requests of the page, kB of script and in all, on the wire.
_FIRST = """() => {
  const all = [...performance.getEntriesByType("resource"), ...performance.getEntriesByType("navigation")];
  const kb = (some) => some.reduce((sum, one) => sum + one.encodedBodySize, 0) / 1000;
  return [performance.now(), all.length, kb(all.filter((one) => one.name.includes(".js"))), kb(all)];
}"""


@dataclass(frozen=True)
class Moved:
    """Frames in ms at rest, while dragged and while zoomed; long tasks in ms; the largest heap in MB."""

    still: list[float]
    dragged: list[float]
    zoomed: list[float]
    long: list[float]
    heap_mb: float
    kept_mb: float
    recoloured_ms: list[float]
    first: list[float]


def p95(gaps: list[float]) -> float:
    return float(np.percentile(gaps, 95))


def move_in_chromium(address: str, program: str, centre: tuple[float, float], whole: int, rounds: int) -> Moved:
    """Drag and zoom about `centre` (latitude, longitude) for some rounds, then recolour at the zoom of the `whole`."""
    place = f"/{centre[0]:.5f}/{centre[1]:.5f}"
    with a_page(program) as page:
        sign_in(page, address)
        open_map(page, address, f"#16{place}")
        first = page.evaluate(_FIRST)
        still, dragged, zoomed = Frames(page), Frames(page), Frames(page)
        with still.recorded():
            page.wait_for_timeout(1500)
        for _ in range(rounds):
            with dragged.recorded():
                _drag_about(page)
            with zoomed.recorded():
                _zoom_about(page)
        kept = _heap_after_collecting(page)
        recoloured = _recolour(page, address, f"#{whole}{place}")
    heap = max(dragged.heap_mb, zoomed.heap_mb)
    return Moved(still.gaps, dragged.gaps, zoomed.gaps, dragged.long + zoomed.long, heap, kept, recoloured, first)


def _drag_about(page: Page) -> None:
    """Eight drags that end where they began, each let go while it moves, so that the map glides on."""
    for across, down in ((-14, 0), (-10, -9), (0, -12), (14, 0), (10, 9), (0, 12), (-9, 7), (9, -7)):
        x, y = 900 - 18 * across, 450 - 18 * down
        page.mouse.move(x, y)
        page.mouse.down()
        for step in range(1, 31):
            due = time.perf_counter() + _FRAME_S
            page.mouse.move(x + across * step, y + down * step)
            time.sleep(max(0, due - time.perf_counter()))
        page.mouse.up()
        page.wait_for_timeout(450)


def _zoom_about(page: Page) -> None:
    """In by wheel and out again past the start, the pointer beside the middle."""
    page.mouse.move(820, 400)
    for turned in (-120, -120, 120, 120, 120, -120):
        page.mouse.wheel(0, turned)
        page.wait_for_timeout(650)
    until(page, "wangge.ready()")


def _heap_after_collecting(page: Page) -> float:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    return page.evaluate("performance.memory.usedJSHeapSize") / 1e6


def _recolour(page: Page, address: str, view: str) -> list[float]:
    open_map(page, address, f"{view}?by=cells")
    codes = page.evaluate("[...document.querySelectorAll('#indicator option')].map((one) => one.value)")
    wanted = [code for code in codes if code][:4]
    return [page.evaluate(_RECOLOUR, code) for code in (*wanted[1:], wanted[0], *wanted[1:])]

"""The heat map in a real Chromium: opened with a stopwatch, then slid through frame by frame."""

import time
from dataclasses import dataclass
from datetime import date

import numpy as np
from playwright.sync_api import Page

from tests.bench.chromium import a_page, open_map, sign_in, until

_FRAMES = 240
_SLIDE = """([frames, moving]) => new Promise((done) => {
  const [steps, gaps, drawn] = [wanggeHeat.steps(), [], []];
  let last = 0, n = 0;
  const tick = (now) => {
    if (last) gaps.push(now - last);
    last = now;
    drawn.push(wanggeHeat.drawn());
    if (++n > frames) return done({ gaps, drawn });
    if (moving) wanggeHeat.seek(n % steps);
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
})"""


@dataclass(frozen=True)
class Slid:
    """Seconds and milliseconds as the reader sees them; `cold_s` includes reading all incidents into the server."""

    cold_s: float
    first_s: float
    frame_p95_ms: float
    still_p95_ms: float
    drawn_ms: float
    frames: int
    bins: int
    steps: int
    total: int


def slide_in_chromium(address: str, program: str, first: date) -> Slid:
    """Open the heat map of the district from `first` to today and move the window by a week in every frame."""
    with a_page(program) as page:
        sign_in(page, address)
        cold = _open(page, address, first)
        opened = _open(page, address, first)
        slid = page.evaluate(_SLIDE, [_FRAMES, True])
        still = page.evaluate(_SLIDE, [_FRAMES, False])
        said = page.evaluate("[wanggeHeat.bins(), wanggeHeat.steps(), wanggeHeat.total()]")
    # The first few frames compile what the rest run.
    gaps, drawn = slid["gaps"][20:], float(np.median(slid["drawn"][20:]))
    p95, still_p95 = float(np.percentile(gaps, 95)), float(np.percentile(still["gaps"], 95))
    return Slid(cold, opened, p95, still_p95, drawn, len(gaps), *said)


def _open(page: Page, address: str, first: date) -> float:
    """Seconds from the wish for these two years to their picture, on a map that is at rest."""
    open_map(page, address)
    page.evaluate(
        "(first) => { const from = document.querySelector('#heat input[name=from]');"
        " from.value = first; from.dispatchEvent(new Event('change')); }",
        first.isoformat(),
    )
    started = time.perf_counter()
    page.click("#heat-button")
    until(page, "wanggeHeat.ready()")
    return time.perf_counter() - started

"""The map as a test handles it: places and pixels instead of selectors."""

import io
import time
from dataclasses import dataclass

import numpy as np
from PIL import Image
from playwright.sync_api import Page

from layers.packing import parsed


@dataclass(frozen=True)
class Spot:
    """A point of the page, CSS pixels."""

    x: float
    y: float


class MapPage:
    def __init__(self, page: Page, server: str) -> None:
        self.page = page
        self.server = server
        self._said: list[str] = []
        self._allowed: list[str] = []
        self.tiles: list[str] = []
        page.on("pageerror", lambda error: self._said.append(str(error)))
        page.on("console", lambda line: self._said.append(line.text) if line.type == "error" else None)
        page.on("request", lambda request: self.tiles.append(request.url) if ".mvt" in request.url else None)

    def allow(self, *parts: str) -> None:
        """Messages of the console that this test means to cause."""
        self._allowed += parts

    def complaints(self) -> list[str]:
        return [said for said in self._said if not any(part in said for part in self._allowed)]

    def go(self, address: str = "/") -> None:
        self.page.goto("about:blank")  # a new fragment alone would not load the page again
        self.page.goto(self.server + address)
        self.settle()

    def settle(self, seconds: float = 60) -> None:
        """Until every tile on screen is painted. (The policy forbids Playwright's own way, which evaluates text.)"""
        deadline = time.monotonic() + seconds
        while not self.page.evaluate("Boolean(window.wangge && window.wangge.ready())"):
            assert time.monotonic() < deadline, "the map did not come to rest"
            self.page.wait_for_timeout(25)
        self.page.wait_for_timeout(60)  # one frame for labels and outlines, which follow the tiles

    def ask(self, path: str) -> dict:
        """JSON as this page's reader gets it."""
        return self.page.request.get(self.server + path).json()

    def figures(self, layer: str, indicator: str) -> dict[str, float]:
        """Code → figure of all places that have one, as this page's reader gets them."""
        query = f"?layer={layer}&indicator={indicator}"
        answers = [self.page.request.get(f"{self.server}/map/{part}/{query}").body() for part in ("listed", "values")]
        (listed, _), (_, figures) = map(parsed, answers)
        pairs = zip(listed["codes"], figures["values"], strict=True)
        return {code: float(value) for code, value in pairs if not np.isnan(value)}

    def places(self, level: str) -> list[dict]:
        return [place for place in self.ask("/map/places/")["places"] if place["level"] == level]

    def view(self) -> dict:
        return self.page.evaluate("window.wangge.view()")

    def chosen(self) -> dict | None:
        return self.page.evaluate("window.wangge.place()")

    def pick(self, lon: float, lat: float) -> dict | None:
        return self.page.evaluate("([lat, lon]) => window.wangge.pick(lat, lon)", [lat, lon])

    def spot(self, lon: float, lat: float) -> Spot:
        inside = self.page.evaluate("([lat, lon]) => window.wangge.point(lat, lon)", [lat, lon])
        box = self.page.locator("#map").bounding_box()
        return Spot(box["x"] + inside["x"], box["y"] + inside["y"])

    def empty_ground(self, cell: dict) -> tuple[float, float]:
        """A point of a cell (longitude, latitude) on which no building stands."""
        west, south, east, north = cell["bbox"]
        for step in range(1, 400):
            lon = west + (east - west) * ((step * 0.618) % 1)
            lat = south + (north - south) * ((step * 0.414) % 1)
            found = self.pick(lon, lat)
            if found and found["kind"] == "cell" and found["code"] == cell["code"]:
                return lon, lat
        raise AssertionError(f"no empty ground in {cell['code']}")

    def click_ground(self, cell: dict) -> None:
        spot = self.spot(*self.empty_ground(cell))
        self.page.mouse.click(spot.x, spot.y)

    def colour(self, spot: Spot) -> tuple[int, int, int]:
        """The colour on screen at a point, the page's scale taken into account."""
        clip = {"x": spot.x, "y": spot.y, "width": 1, "height": 1}
        shot = Image.open(io.BytesIO(self.page.screenshot(clip=clip)))
        return shot.convert("RGB").getpixel((0, 0))

    def colours(self) -> set[tuple[int, int, int]]:
        """All colours of the map at this moment."""
        shot = Image.open(io.BytesIO(self.page.locator("#map").screenshot())).convert("RGB")
        return {colour for _, colour in shot.getcolors(shot.width * shot.height)}

"""A planner who draws at random, through the endpoints a workspace talks to."""

import random
from collections import Counter

import numpy as np
import shapely

from gis import crs
from gis.models import Plan
from gis.planning.keeping import drawing_of
from tests.browsing import Browser
from tests.web.planning.screen import Screen


class Planner:
    def __init__(self, client: Browser, plan: Plan, chance: random.Random) -> None:
        self.client, self.plan, self.chance = client, plan, chance
        self.screen = Screen.of(client, plan)
        self.told: Counter = Counter()

    def look(self) -> None:
        """Ask what others have done since."""
        since = self.client.get(f"/plans/{self.plan.uuid}/since/?revision={self.screen.revision}").json()
        if since["revision"] != self.screen.revision:
            self.screen.take(since)

    def act(self) -> None:
        """Any step; what is refused is refused in words."""
        kind = self.chance.choice([*_ACTS, "undo", "undo", "undo", "redo", "redo", "wish", "go-to"])
        if kind in _ACTS:
            where, body = "steps", {"kind": kind, "args": self.args(kind)}
        else:
            where, body = kind, self.about(kind)
        answer = self.post(where, **body, seen=self.screen.revision)
        self.told[kind, answer.status_code] += 1
        told = answer.json()
        if answer.status_code == 200:
            self.screen.take(told)
        else:
            assert 400 <= answer.status_code < 500, told
            assert told["error"], told
            assert told["fix"], told

    def about(self, kind: str) -> dict:
        """What goes with an act that is no step on the ground."""
        if kind == "wish":
            weights = {"households": 1, "people": self.chance.choice([0, 0.25])}
            return {"target": self.chance.randint(100, 400), "tolerance": 0.1, "weights": weights}
        if kind == "go-to":
            told = self.client.get(f"/plans/{self.plan.uuid}/history/").json()
            return {"revision": self.chance.choice([0, *told["done"][-9:], *told["undone"][-9:]])}
        return {}

    def args(self, kind: str) -> dict:
        """Arguments of a step of a kind, as a page could send them."""
        return _ACTS[kind](self)

    def post(self, where: str, **body):
        return self.client.post(f"/plans/{self.plan.uuid}/{where}/", body, content_type="application/json")

    # What an act is about

    def cell(self) -> int:
        return self.chance.choice([*self.screen.cells])

    def tiles(self) -> list[int]:
        """Some tiles beside each other."""
        middle = self.drawing.ground.middle
        far = np.hypot(*(middle - middle[self.chance.randrange(len(middle))]).T)
        return self.drawing.ids[np.argsort(far)[: self.chance.randint(1, 12)]].tolist()

    @property
    def drawing(self):
        return drawing_of(Plan.objects.get(pk=self.plan.pk))

    def place(self) -> list[float]:
        low_x, low_y, high_x, high_y = shapely.total_bounds(self.drawing.shapes)
        return self.degrees([[self.chance.uniform(low_x, high_x), self.chance.uniform(low_y, high_y)]])[0]

    def line(self, least: int = 2) -> list[list[float]]:
        return [self.place() for _ in range(self.chance.randint(least, 5))]

    def ring(self) -> list[list[float]]:
        line = self.line(3)
        return [*line, line[0]]

    def corner(self) -> list[float]:
        """Of a tile."""
        return self.degrees(shapely.get_coordinates(self.chance.choice(self.drawing.shapes.tolist()))[:1])[0]

    def degrees(self, xy) -> list[list[float]]:
        return crs.move(np.array(xy, dtype=float), self.plan.crs, crs.STORE).tolist()

    def near(self, at: list[float]) -> list[float]:
        return [at[0] + self.chance.uniform(-4e-4, 4e-4), at[1] + self.chance.uniform(-4e-4, 4e-4)]

    def handle(self) -> dict:
        """A handle of a border, and a place near it."""
        drawing, cells = self.drawing, f"{self.cell()},{self.cell()}"
        told = self.client.get(f"/plans/{self.plan.uuid}/handles/?cells={cells}").json()["handles"]
        if not told:
            return {"at": self.place(), "to": self.place()}
        at = crs.move(np.array([self.chance.choice(told)["at"]]), crs.DRAW, crs.STORE)[0].tolist()
        assert len(drawing)
        return {"at": at, "to": self.near(at)}


#: Kind of a step → its arguments. A test holds it to all there are.
_ACTS = {
    "paint": lambda one: {"tiles": one.tiles(), "cell": one.cell()},
    "erase": lambda one: {"tiles": one.tiles()},
    "add": lambda one: {"name": one.chance.choice(["", "新", "<b>甲</b>"])},
    "rename": lambda one: {"cell": one.cell(), "name": f"改名{one.chance.randint(0, 9)}"},
    "lock": lambda one: {"cells": [one.cell()], "locked": one.chance.random() < 0.3},
    "delete": lambda one: {"cell": one.cell()},
    "merge": lambda one: {"cells": [one.cell(), one.cell()]},
    "draw": lambda one: {"ring": one.line(3), "name": ""},
    "carve": lambda one: {"ring": one.line(3), "cell": one.cell()},
    "split": lambda one: {"cell": one.cell(), "line": one.line()},
    "divide": lambda one: {"cell": one.cell(), "count": one.chance.randint(2, 3)},
    "fill": lambda one: {},
    "gather": lambda one: {},
    "cut": lambda one: {"line": one.line(), "between": one.chance.randint(0, 2)},
    "barrier": lambda one: {"line": [(at := one.corner()), one.near(at)], "between": one.chance.randint(0, 2)},
    "passage": lambda one: {"place": one.corner()},
    "outlines": lambda one: {"outlines": {str(one.cell()): {"type": "Polygon", "coordinates": [one.ring()]}}},
    "drag": lambda one: one.handle(),
}
KINDS = frozenset(_ACTS)

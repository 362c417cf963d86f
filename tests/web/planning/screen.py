"""What a browser knows of a plan: all of it loaded once, and after that only what the answers to steps have changed.

The same as `web/frontend/src/plan/model.ts: Plan.take` and `ground.ts: Ground.recut` do.
"""

from dataclasses import dataclass

import shapely

from layers.packing import parsed, unpacked
from tests.browsing import Browser

_COLUMNS = ("cell", "community", "compound", "households")


@dataclass
class Screen:
    tiles: dict[int, dict]  # by id: what a tile carries, its rings in metres of the drawing CRS
    between: dict[tuple[int, int], int]  # what lies between two tiles, by their ids in order
    cells: dict[int, dict]
    figures: dict[int, dict]
    revision: int

    @classmethod
    def of(cls, client: Browser, plan) -> "Screen":
        """As a page that has just been opened."""
        head, arrays = _unpacked(client.get(f"/plans/{plan.uuid}/tiles/").content)
        state = client.get(f"/plans/{plan.uuid}/state/").json()
        values = {name: arrays[name].tolist() for name in _COLUMNS}
        values["community"] = [head["communities"][place] for place in values["community"]]
        tiles = [dict(zip(values, row, strict=True)) | {"rings": []} for row in zip(*values.values(), strict=True)]
        xy = arrays["xy"].reshape(-1, 2).astype(float) + head["origin"]
        for ring, row in enumerate(arrays["ring_tile"].tolist()):
            start, end = arrays["ring_start"][ring : ring + 2]
            tiles[row]["rings"].append(xy[start:end].tolist())
        ids = arrays["ids"].tolist()
        edges = zip(*(arrays[name].tolist() for name in ("first", "second", "between")), strict=True)
        between = {tuple(sorted((ids[first], ids[second]))): what for first, second, what in edges if what}
        assert head["revision"] == state["revision"]
        cells = {int(number): cell for number, cell in state["cells"].items()}
        return cls(dict(zip(ids, tiles, strict=True)), between, cells, _by_number(state["figures"]), head["revision"])

    def take(self, delta: dict) -> None:
        for number, cell in delta["cells"].items():
            if cell:
                self.cells[int(number)] = cell
            else:
                self.cells.pop(int(number), None)
        self.figures |= _by_number(delta["figures"])
        self.figures = {number: row for number, row in self.figures.items() if not number or number in self.cells}
        gone = set(delta["gone"])
        if gone or delta["come"]:
            self.tiles = {name: tile for name, tile in self.tiles.items() if name not in gone}
            self.tiles |= {one["id"]: {k: v for k, v in one.items() if k != "id"} for one in delta["come"]}
            self.between = {pair: what for pair, what in self.between.items() if not gone & set(pair)}
            self.between |= {tuple(sorted((first, second))): what for first, second, what in delta["between"]}
        for tile, count in delta["households"]:
            self.tiles[tile]["households"] = count
        for tile, cell in zip(delta["tiles"], delta["cell"], strict=True):
            self.tiles[tile]["cell"] = cell
        self.revision = delta["revision"]

    def differences(self, other: "Screen") -> list[str]:
        """Where two differ, in words; a corner may be a few centimetres off, as numbers of 32 bits are."""
        found = [
            name for name in ("cells", "figures", "revision", "between") if getattr(self, name) != getattr(other, name)
        ]
        if self.tiles.keys() != other.tiles.keys():
            return [*found, f"tiles {self.tiles.keys() ^ other.tiles.keys()}"]
        for name, tile in self.tiles.items():
            twin = other.tiles[name]
            plain = [one for one in _COLUMNS[:3] if tile[one] != twin[one]]
            loads = [one for one in ("households",) if abs(tile[one] - twin[one]) > 1e-3 * (1 + abs(twin[one]))]
            off = _off(tile["rings"], twin["rings"])
            found += [f"tile {name}: {one}" for one in plain + loads] + ([f"tile {name}: {off:.2f} m"] if off else [])
        return found


def _by_number(rows: list[dict]) -> dict[int, dict]:
    return {row["number"]: row for row in rows}


def _unpacked(content: bytes) -> tuple[dict, dict]:
    return unpacked(content) if content[:2] == b"\x1f\x8b" else parsed(content)


def _off(rings: list, others: list) -> float:
    """How far apart two outlines lie, metres; 0 within what rounding makes of them."""
    one, other = (shapely.multilinestrings([shapely.linestrings(ring) for ring in some]) for some in (rings, others))
    off = shapely.hausdorff_distance(one, other)
    return off if off > 0.1 else 0.0

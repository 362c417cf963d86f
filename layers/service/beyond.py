"""Who lives farther than the walk: by place, age band and service need, small counts withheld."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gis.models import Area, CellVersion
from gis.places.service.kinds import SLOW_BANDS
from layers.service.demand import BANDS
from layers.service.question import Known
from layers.service.rounding import rounded
from layers.small_counts import SMALLEST_SHOWN, is_own_staff
from layers.suppression import suppress

#: More communities than this in a table are summed up to streets.
_MOST_PLACES = 60


@dataclass(frozen=True)
class Figure:
    """People of a place or group, those of them beyond the walk, and their share in %; None is withheld.

    Those beyond are rounded where the reader is not the place's own staff (`layers.service.rounding`).
    """

    code: str
    people: int | None
    beyond: int | None

    @property
    def share(self) -> float | None:
        if self.beyond is None or not self.people:
            return None
        return round(100 * self.beyond / self.people, 1)


@dataclass(frozen=True)
class Beyond:
    """`total`: of those asked about. `ages`, `needs`: of the whole area. `places`: of those asked about, by place."""

    total: Figure
    ages: list[Figure]
    needs: list[Figure]
    places: list[Figure]
    names: dict[str, str]
    rounded: bool


def who_is_beyond(known: Known) -> Beyond | None:
    """The figures; None where the reader's role sees none of people."""
    if known.demand is None:
        return None
    length = _length_of_places(known)
    codes = np.array([area[:length] for area in known.ground.areas], dtype=object)
    places, at = np.unique(codes.astype(str), return_inverse=True)
    own = np.array([is_own_staff(known.access, code) for code in places], dtype=bool)
    cube = _sides(known, at, len(places))
    by_band = _cube_mask(cube, own)
    area_own = all(own) and bool(len(own))
    return Beyond(
        total=_figures([""], _asked_sides(known, at, len(places)).sum(axis=0)[None], np.array([area_own]))[0],
        ages=_ages(cube.sum(axis=0), area_own),
        needs=_needs(known, area_own),
        places=_places(known, places, at, own, cube, by_band),
        names=_names(places, length),
        rounded=not area_own,
    )


def _length_of_places(known: Known) -> int:
    shortest = min((len(code) for code in known.question.area.areas), default=15)
    if shortest >= 12:
        return 15
    return 12 if len({area[:12] for area in known.ground.areas}) <= _MOST_PLACES else 9


def _sides(known: Known, at: np.ndarray, count: int) -> np.ndarray:
    """People as places × age bands × (beyond, within)."""
    ages = known.demand.ages if known.demand else np.zeros((0, len(BANDS) + 1))
    far = known.far[:, speed_of_bands()]
    cube = np.zeros((count, ages.shape[1], 2), dtype=np.int64)
    for band in range(ages.shape[1]):
        cube[:, band, 0] = np.bincount(at, ages[:, band] * far[:, band], count)
        cube[:, band, 1] = np.bincount(at, ages[:, band] * ~far[:, band], count)
    return cube


def speed_of_bands() -> np.ndarray:
    """0 for the bands that walk at the usual speed, 1 for slow ones; the unknown age is usual."""
    return np.array([int(band in SLOW_BANDS) for band in BANDS] + [0])


def _asked_sides(known: Known, at: np.ndarray, count: int) -> np.ndarray:
    """The people asked about as places × (beyond, within)."""
    beyond, within = ((known.asked * side).sum(axis=1) for side in (known.far, ~known.far))
    return np.column_stack([np.bincount(at, side, count) for side in (beyond, within)]).astype(np.int64)


def _cube_mask(cube: np.ndarray, own: np.ndarray) -> np.ndarray:
    """What of a cube to withhold. A band's two sides add up to it, bands to the place, places to the area."""
    index = np.arange(cube.size).reshape(cube.shape)
    lines = [*index.reshape(-1, 2), *index.transpose(0, 2, 1).reshape(-1, cube.shape[1])]
    lines += [*index.reshape(cube.shape[0], cube.shape[1] * 2).T]
    flags = np.broadcast_to(own[:, None, None], cube.shape).ravel()
    return suppress(cube.ravel(), lines, flags).reshape(cube.shape)


def _figures(codes: Sequence[str], sides: np.ndarray, own: np.ndarray, mask: np.ndarray | None = None) -> list[Figure]:
    """Figures of n × (beyond, within), whose sides add up to each row and whose rows add up to what is shown above."""
    if mask is None:
        index = np.arange(sides.size).reshape(sides.shape)
        mask = suppress(sides.ravel(), [*index, *index.T], np.repeat(own, 2)).reshape(sides.shape)
    return [
        _figure(str(code), int(both.sum()), int(both[0]), bool(staff), bool(gone.any()))
        for code, both, gone, staff in zip(codes, sides, mask, own, strict=True)
    ]


def _figure(code: str, people: int, beyond: int, own: bool, gone: bool) -> Figure:
    return Figure(code, None, None) if gone else Figure(code, people, rounded(beyond, people, own))


def _ages(sides: np.ndarray, own: bool) -> list[Figure]:
    """By age band; a band of unknown age only where there is anybody in it."""
    figures = _figures([*BANDS, ""], sides, np.full(len(sides), own))
    return figures if sides[-1].sum() else figures[:-1]


def _needs(known: Known, own: bool) -> list[Figure]:
    """By service need, the most people first. A need that few have is not named: that it occurs points at them."""
    found = []
    for tag, people in (known.demand.needs if known.demand else {}).items():
        sides = np.array([[(people * known.far).sum(), (people * ~known.far).sum()]])
        figure = _figures([tag], sides, np.array([own]))[0]
        if own or sides.sum() >= SMALLEST_SHOWN:
            found.append((int(sides.sum()), figure))
    return [figure for _, figure in sorted(found, key=lambda pair: (-pair[0], pair[1].code))]


def _places(
    known: Known, places: np.ndarray, at: np.ndarray, own: np.ndarray, cube: np.ndarray, by_band: np.ndarray
) -> list[Figure]:
    """Of those asked about, by place. One band's figures are withheld as all bands' together would have it."""
    group = known.question.group
    if group in BANDS:
        band = BANDS.index(group)
        return _figures(places, cube[:, band], own, by_band[:, band])
    return _figures(places, _asked_sides(known, at, len(places)), own)


def _names(places: np.ndarray, length: int) -> dict[str, str]:
    codes = [str(code) for code in places]
    if length == 15:
        return dict(CellVersion.objects.filter(code__in=codes).order_by("valid").values_list("code", "name"))
    rows = Area.objects.filter(code__in=codes).values_list("code", "short_name", "name")
    return {code: short or name for code, short, name in rows}

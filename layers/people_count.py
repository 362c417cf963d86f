"""Counting people by place, age, sex and kind of population, and withholding what is small.

A place is counted together with its siblings (the cells of its community, the buildings of its cell), because a
count that is small in one of them could be worked out from the others and their total.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from django.db import connection

from gis.accounts.scope import Scope
from gis.models import Resident
from layers.suppression import suppress

#: Lower bounds in years of the age groups after the first. 0–14 and 65 on are groups of the map's indicators too.
AGE_BOUNDS = (15, 35, 65, 80)
AGE_GROUPS = ("0–14", "15–34", "35–64", "65–79", "80+", "")  # the last: date of birth not recorded
SEXES = ("1", "2", "0")  # GB/T 2261.1: male, female; everything else
POPULATIONS = tuple(Resident.Population)
_ELDERS = [3, 4]

_COUNT = """
SELECT {place}, coalesce(width_bucket(extract(year FROM age(current_date, r.born))::int, %s), {unknown}),
  r.sex, r.population, count(*)
FROM grid_residence a JOIN grid_resident r ON r.id = a.resident_id{join}
WHERE a.kind = 'living' AND a.ends IS NULL AND {inside} GROUP BY 1, 2, 3, 4"""
#: Whole districts are summed from the figures kept per cell; a person's age is then the one reached this year.
_KEPT_AGES = """
SELECT {place}, CASE WHEN a.year = 0 THEN {unknown} ELSE
  width_bucket(extract(year FROM current_date)::int - a.year, %s) END, a.sex, sum(a.number)
FROM grid_births a WHERE {inside} GROUP BY 1, 2, 3"""
_KEPT_KINDS = """
SELECT {place}, sum(a.registered), sum(a.floating), sum(a.left_behind), sum(a.overseas)
FROM grid_figures a WHERE {inside} GROUP BY 1"""
_KEPT_HOUSEHOLDS = "SELECT {place}, sum(a.households) FROM grid_figures a WHERE {inside} GROUP BY 1"
_HOUSEHOLDS = "SELECT {place}, count(*) FROM grid_household a{join} WHERE {inside} GROUP BY 1"
_NEEDS = """
SELECT {place}, a.tag, count(DISTINCT a.resident_id) FROM grid_need a{join}
WHERE a.starts <= current_date AND (a.ends IS NULL OR a.ends > current_date) AND {inside} GROUP BY 1, 2"""
_STAY = " JOIN grid_residence s ON s.resident_id = a.resident_id AND s.kind = 'living' AND s.ends IS NULL"


@dataclass(frozen=True)
class Grouping:
    """Places counted together: the SQL that names a row's place, and the area whose rows are counted."""

    place: str
    scope: Scope
    by_building: bool = False
    from_kept: bool = False

    @classmethod
    def of_areas(cls, length: int, scope: Scope) -> "Grouping":
        """Places are areas whose codes have `length` digits; districts and above are summed from kept figures."""
        return cls(f"left(a.area, {int(length)})", scope, from_kept=length < 9)

    @classmethod
    def of_buildings(cls, scope: Scope) -> "Grouping":
        """Places are buildings, named by their id as text."""
        return cls("d.building_id::text", scope, by_building=True)

    def query(self, text: str, *before) -> list[tuple]:
        """The rows of a query whose table with `dwelling_id` is `a`, or `s` where the query brings a stay along."""
        inside, params = self.scope.sql("a.area")
        join = ""
        if self.by_building:
            needs = text is _NEEDS
            join = (_STAY if needs else "") + f" JOIN grid_dwelling d ON d.id = {'s' if needs else 'a'}.dwelling_id"
        filled = text.format(place=self.place, inside=inside, join=join, unknown=len(AGE_GROUPS) - 1)
        with connection.cursor() as cursor:
            cursor.execute(filled, [*before, *params])
            return cursor.fetchall()


@dataclass(frozen=True)
class AgeGroup:
    """One age group; None is a count withheld."""

    name: str
    total: int | None
    male: int | None
    female: int | None


@dataclass(frozen=True)
class People:
    """People of one place; None is a count withheld."""

    total: int | None
    households: int | None
    ages: tuple[AgeGroup, ...]
    male: int | None
    female: int | None
    populations: tuple[tuple[str, int | None], ...]
    withheld: bool


#: Age group → what the map shows of it or takes it from.
_ON_MAP = {0: ("children",), 3: ("elders", "elders80"), 4: ("elders80",)}


def count_people(place: str, grouping: Grouping, own: bool, on_map: Mapping[str, bool] | None = None) -> People:
    """The people of one place. `own`: the reader is its own staff and is shown every count; `on_map`: what the map
    withholds of the place, by its names, so that no page prints what another withholds."""
    also = on_map or {}
    places, by_age, by_kind = (_kept_table if grouping.from_kept else _table)(place, grouping)
    at, staff = places.index(place), np.full(len(places), own)
    totals = _cover(by_age.sum(axis=(1, 2)), [np.arange(len(places))], staff, also=_only(at, places, also, "residents"))
    ages = _hide_ages(by_age.sum(axis=2), totals.mask, staff, _ages_on_map(at, len(places), also))
    sexes = _hide_sexes(by_age, ages.mask, staff)
    kinds = _hide_kinds(by_kind, totals.mask, staff, _only(at, places, also, *POPULATIONS))
    counted, few = _households(places, grouping), _only(at, places, also, "households")
    households = _cover(counted, [np.arange(len(places))], staff, also=few)
    return _people(at, totals, ages, sexes, kinds, households)


@dataclass(frozen=True)
class Needs:
    """(tag, people with it today), most frequent first; `whole` where no kind can be withheld.

    How many kinds are withheld is not said, nor whether any is: in a house of few that would tell of somebody.
    """

    shown: tuple[tuple[str, int], ...]
    whole: bool


def count_needs(place: str, grouping: Grouping, own: bool, on_map: Mapping[str, bool] | None = None) -> Needs:
    """The service needs of one place. A kind that few people have is not named: that it occurs would point at them.
    `on_map`: tags that the map withholds there."""
    rows = grouping.query(_NEEDS)
    places = sorted({row[0] for row in rows} | {place})
    found = []
    for tag in sorted({tag for of, tag, _ in rows if of == place}):
        counts = np.zeros(len(places), dtype=int)
        for of, name, number in rows:
            counts[places.index(of)] += number if name == tag else 0
        also = _only(places.index(place), places, on_map or {}, tag)
        covered = _cover(counts, [np.arange(len(places))], np.full(len(places), own), also=also)
        found.append((tag, _number(covered, places.index(place))))
    shown = [(tag, number) for tag, number in found if number is not None]
    return Needs(tuple(sorted(shown, key=lambda pair: (-pair[1], pair[0]))), own)


def _table(place: str, grouping: Grouping) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Places in order; people as places × age groups × sexes, and as places × kinds of population."""
    rows = grouping.query(_COUNT, list(AGE_BOUNDS))
    places = sorted({row[0] for row in rows} | {place})
    table = np.zeros((len(places), len(AGE_GROUPS), len(SEXES), len(POPULATIONS)), dtype=int)
    for of, age, sex, population, number in rows:
        table[places.index(of), age, _sex_at(sex), POPULATIONS.index(population)] += number
    return places, table.sum(axis=3), table.sum(axis=(1, 2))


def _kept_table(place: str, grouping: Grouping) -> tuple[list[str], np.ndarray, np.ndarray]:
    rows, kinds = grouping.query(_KEPT_AGES, list(AGE_BOUNDS)), dict.fromkeys([place])
    kinds |= {of: numbers for of, *numbers in grouping.query(_KEPT_KINDS)}
    places = sorted({row[0] for row in rows} | set(kinds))
    table = np.zeros((len(places), len(AGE_GROUPS), len(SEXES)), dtype=int)
    for of, age, sex, number in rows:
        table[places.index(of), age, _sex_at(sex)] += int(number)
    none = [0] * len(POPULATIONS)
    return places, table, np.array([kinds.get(of) or none for of in places], dtype=int)


def _sex_at(sex: str) -> int:
    return SEXES.index(sex) if sex in SEXES else len(SEXES) - 1


def _households(places: list[str], grouping: Grouping) -> np.ndarray:
    found = dict(grouping.query(_KEPT_HOUSEHOLDS if grouping.from_kept else _HOUSEHOLDS))
    return np.array([found.get(place, 0) for place in places], dtype=int)


def _only(at: int, places: list[str], also: Mapping[str, bool], *names: str) -> np.ndarray:
    """Flags of all places, set for one: places × names, or places where there is a single name."""
    flags = np.zeros((len(places), len(names)), dtype=bool)
    flags[at] = [also.get(str(name), False) for name in names]
    return flags if len(names) > 1 else flags[:, 0]


def _ages_on_map(at: int, places: int, also: Mapping[str, bool]) -> np.ndarray:
    flags = np.zeros((places, len(AGE_GROUPS)), dtype=bool)
    for group, names in _ON_MAP.items():
        flags[at, group] = any(also.get(name, False) for name in names)
    return flags


def _cover(counts: np.ndarray, lines: list[np.ndarray], own: np.ndarray, already=None, also=None) -> np.ma.MaskedArray:
    """Counts of any shape with the withheld ones masked; `already` marks those withheld with a whole above them, `also`
    those that another page withholds."""
    flat, staff = counts.ravel(), np.broadcast_to(own, counts.shape).ravel()
    mask = suppress(flat, lines, staff, None if also is None else also.ravel()).reshape(counts.shape)
    return np.ma.MaskedArray(counts, mask if already is None else mask | already)


def _hide_ages(ages: np.ndarray, no_total: np.ndarray, own: np.ndarray, also: np.ndarray) -> np.ma.MaskedArray:
    """Places × age groups. The elders' two groups are a line too: the map shows their sum."""
    index = np.arange(ages.size).reshape(ages.shape)
    lines = [*index, *index.T, *index[:, _ELDERS]]
    return _cover(ages, lines, own[:, None], no_total[:, None], also)


def _hide_sexes(counts: np.ndarray, no_age: np.ndarray, own: np.ndarray) -> np.ma.MaskedArray:
    """Places × age groups × sexes. The sexes of an age group add up to it, and those of the places to their parent."""
    index = np.arange(counts.size).reshape(counts.shape)
    pairs = index.reshape(-1, counts.shape[2])
    columns = index.reshape(counts.shape[0], -1).T
    return _cover(counts, [*pairs, *columns], own[:, None, None], no_age[:, :, None])


def _hide_kinds(kinds: np.ndarray, no_total: np.ndarray, own: np.ndarray, also: np.ndarray) -> np.ma.MaskedArray:
    index = np.arange(kinds.size).reshape(kinds.shape)
    return _cover(kinds, [*index, *index.T], own[:, None], no_total[:, None], also)


def _number(shown: np.ma.MaskedArray, *at: int) -> int | None:
    value = shown[at]
    return None if value is np.ma.masked else int(value)


def _people(at: int, totals, ages, sexes, kinds, households) -> People:
    groups = tuple(
        AgeGroup(name, _number(ages, at, i), _number(sexes, at, i, 0), _number(sexes, at, i, 1))
        for i, name in enumerate(AGE_GROUPS)
        if name or ages.data[at, i]
    )
    # With one age group's sex withheld, the sum over all of them would give it back.
    whole = not np.ma.getmaskarray(sexes)[at].any()
    male, female = (int(sexes.data[at, :, sex].sum()) if whole else None for sex in (0, 1))
    populations = tuple((kind.value, _number(kinds, at, i)) for i, kind in enumerate(POPULATIONS))
    withheld = any(np.ma.getmaskarray(part)[at].any() for part in (totals, ages, sexes, kinds, households))
    return People(_number(totals, at), _number(households, at), groups, male, female, populations, withheld)

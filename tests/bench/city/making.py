"""Making the city: some streets by the generator, thinned to the wished number of people, then their copies in SQL."""

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO

import numpy as np
import pandas as pd
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from fixtures.town import write_town
from fixtures.town.lattice import spots, street_code
from fixtures.town.street import Street, make_street
from fixtures.town.writing import SEED, limits_by_category, write_street
from gis.models import Area, Posting, Resident, User
from gis.people.due import recount_due
from gis.places.blocks import make_all_blocks, note_all
from gis.statistics.recounting import recount
from tests.bench.city.bulk import in_bulk
from tests.bench.city.copying import TABLES, Span, copy_table, highest_ids, list_copies, raise_sequences
from tests.bench.city.people import copy_residents
from tests.bench.city.plan import Size, copies
from web.start.say import step

#: People of a full street, to know how many of them to keep.
_PEOPLE_OF_A_STREET = 46_700
#: Whose posting is widened to the whole city.
_WATCHER = "sun"
_CITY = "9901"


def make_city(size: Size) -> None:
    """Fill the empty database of the default connection."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_codes", verbosity=0, stdout=StringIO())
    write_town(size.town)
    grow(size)
    connection.cursor().execute("VACUUM ANALYZE")


def grow(size: Size) -> None:
    """Put the city's streets beside the town of the default connection."""
    spans = list(_make_streets(size))
    step(f"city: {size.made} streets made, {len(size.copied)} to copy")
    strides = highest_ids()
    list_copies(copies(size), spans)
    with in_bulk([model._meta.db_table for model in TABLES]):
        for model in TABLES:
            if model is Resident:
                copy_residents(copies(size), spans, strides[model._meta.db_table])
            else:
                copy_table(model, strides)
            step(f"city: {model._meta.verbose_name} copied")
    raise_sequences()
    _name_areas(size)
    step("city: indexes made")
    recount()
    recount_due()
    connection.cursor().execute(note_all())
    make_all_blocks()
    _widen()


def _make_streets(size: Size) -> Iterator[Span]:
    """The streets the others are copied from, and where their rows are."""
    day, limits = np.datetime64(timezone.localdate()), limits_by_category()
    incidents = size.incidents // size.streets
    share = size.residents / size.streets / _PEOPLE_OF_A_STREET
    for spot in spots(size.made + 1)[1:]:
        before = highest_ids()
        write_street(thinned(make_street(spot, SEED, day, incidents, limits), share))
        after = highest_ids()
        yield from (Span(table, spot.number, before[table] + 1, last + 1) for table, last in after.items())


def thinned(street: Street, share: float) -> Street:
    """The street with a share of its dwellings and of who lives in them; the ground and the incidents stay."""
    told = dict(street.tables)
    random = np.random.default_rng([SEED, street.spot.number])
    dwellings = random.random(len(told["dwelling"])) < share
    homes = dwellings[told["household"]["dwelling_row"]]
    stay = told["residence"]
    people = np.zeros(len(told["resident"]), dtype=bool)
    living = ((stay["kind"] == "living") & dwellings[stay["dwelling_row"]]).to_numpy()
    people[stay["resident_row"][living]] = True
    kept = {"dwelling": dwellings, "household": homes, "resident": people}
    for name in ("household", "residence", "need", "visit"):
        told[name] = _only(told[name], kept)
    for name, mask in (("dwelling", dwellings), ("resident", people)):
        told[name] = told[name][mask].reset_index(drop=True)
    return replace(street, tables=told)


def _only(table: pd.DataFrame, kept: dict[str, np.ndarray]) -> pd.DataFrame:
    """The rows that name nothing that has gone, naming what is left by its new place; −1 stays −1."""
    rows = np.ones(len(table), dtype=bool)
    moved = {}
    for name, mask in kept.items():
        column = f"{name}_row"
        if column in table:
            place = np.append(np.where(mask, np.cumsum(mask) - 1, -2), -1)
            moved[column] = place[table[column].to_numpy()]
            rows &= moved[column] != -2
    return table.assign(**moved)[rows].reset_index(drop=True)


def _name_areas(size: Size) -> None:
    """Names that occur once: the number of the street stands in the community's and its cells'."""
    numbers = [*range(1, size.made + 1), *size.copied]
    street = "unnest(%s::int[], %s::text[]) s (number, code)"
    numbered = [numbers, [street_code(number) for number in numbers]]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE grid_area a SET name = replace(name, '社区', number || '社区'),"
            f" short_name = replace(short_name, '社区', number || '社区') FROM {street}"
            " WHERE left(a.code, 9) = s.code AND level = 'community'",
            numbered,
        )
        cursor.execute(
            "UPDATE grid_area a SET name = '演示第' || number || '街道', short_name = '演示第' || number || '街道'"
            f" FROM {street} WHERE a.code = s.code",
            numbered,
        )
        cursor.execute(
            "UPDATE grid_cellversion v SET name = a.short_name || substring(v.name from '第[0-9]+网格$')"
            f" FROM grid_area a JOIN {street} ON left(a.code, 9) = s.code WHERE a.code = left(v.code, 12)",
            numbered,
        )


def _widen() -> None:
    """Divisions above the copied streets, outlined by their streets, and someone who watches all of it."""
    streets = set(Area.objects.filter(level="street").values_list("code", flat=True))
    there = set(Area.objects.values_list("code", flat=True))
    above = {code[:length] for code in streets for length in (2, 4, 6)} - there
    names = {2: ("province", "演示省"), 4: ("city", "演示市"), 6: ("district", "演示第{}区")}
    for code in sorted(above):
        level, name = names[len(code)]
        name = name.format(int(code[4:] or 0))
        Area.objects.create(
            code=code, level=level, name=name, short_name=name, code_system="local", source="demo", starts="2024-01-01"
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE grid_area a SET geometry = s.outline FROM (SELECT left(code, 6) AS code,"
            " ST_Multi(ST_Union(geometry)) AS outline FROM grid_area WHERE level = 'street' GROUP BY 1) s"
            " WHERE a.code = s.code AND a.geometry IS NULL"
        )
    watcher = User.objects.get(username=_WATCHER)
    Posting.objects.create(user=watcher, role="district_supervisor", area=_CITY, starts="2024-01-01")

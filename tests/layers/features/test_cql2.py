"""CQL2 as SQL finds what the same condition finds row by row in Python, by three-valued logic."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.accounts.scope import Scope
from gis.errors import BadQuery
from gis.models import Building
from layers.features.cql2 import condition
from layers.features.kinds import BUILDINGS, INCIDENTS
from layers.features.page import Asked, page
from tests.cast import DISTRICT

pytestmark = pytest.mark.django_db
EVERYWHERE = Scope((DISTRICT,))


@dataclass(frozen=True)
class Said:
    """A condition as text, and what it says of a row: true, false or unknown."""

    text: str
    holds: Callable[[dict], bool | None]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _compared(name: str, sign: str, value) -> Said:
    signs = {
        "=": lambda a, b: a == b, "<>": lambda a, b: a != b, "<": lambda a, b: a < b, ">": lambda a, b: a > b,
        "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b,
    }  # fmt: skip
    typed = _quoted(value) if isinstance(value, str) else str(value)

    def holds(row: dict) -> bool | None:
        # Text in order of its bytes, as "C" has it.
        found = row[name].encode() if isinstance(row[name], str) else row[name]
        wanted = value.encode() if isinstance(value, str) else value
        return None if found is None else signs[sign](found, wanted)

    return Said(f"{name} {sign} {typed}", holds)


def _among(name: str, values: list, no: bool) -> Said:
    listed = ", ".join(_quoted(one) if isinstance(one, str) else str(one) for one in values)
    return Said(
        f"{name} {'NOT ' if no else ''}IN ({listed})",
        lambda row: None if row[name] is None else (row[name] in values) != no,
    )


def _between(name: str, low: int, high: int, no: bool) -> Said:
    return Said(
        f"{name} {'not ' if no else ''}between {low} AND {high}",
        lambda row: None if row[name] is None else (low <= row[name] <= high) != no,
    )


def _missing(name: str, no: bool) -> Said:
    return Said(f"{name} IS {'NOT ' if no else ''}NULL", lambda row: (row[name] is None) != no)


def _like(name: str, pattern: str, caseless: bool) -> Said:
    expression = "".join({"%": ".*", "_": "."}.get(one, re.escape(one)) for one in pattern)
    compiled = re.compile(expression, re.DOTALL | (re.IGNORECASE if caseless else 0))
    left, right = (f"CASEI({name})", f"CASEI({_quoted(pattern)})") if caseless else (name, _quoted(pattern))
    return Said(
        f"{left} LIKE {right}", lambda row: None if row[name] is None else compiled.fullmatch(row[name]) is not None
    )


def _not(one: Said) -> Said:
    return Said(f"NOT ({one.text})", lambda row: None if (held := one.holds(row)) is None else not held)


def _and(parts: list[Said]) -> Said:
    def holds(row: dict) -> bool | None:
        held = [part.holds(row) for part in parts]
        return False if False in held else None if None in held else True

    return Said(" AND ".join(f"({part.text})" for part in parts), holds)


def _or(parts: list[Said]) -> Said:
    def holds(row: dict) -> bool | None:
        held = [part.holds(row) for part in parts]
        return True if True in held else None if None in held else False

    return Said(" or ".join(f"({part.text})" for part in parts), holds)


_NUMBERS = st.sampled_from(["floors", "units", "built_year"])
_WORDS = st.sampled_from(["kind", "compound", "number", "road", "cell"])
_SIGNS = st.sampled_from(["=", "<>", "<", ">", "<=", ">="])
_VALUE, _TEXT = st.integers(-2, 2030), st.sampled_from(["", "office", "residential", "1号楼", "建新路", "O'Brien", "%"])
_PATTERNS = st.text(alphabet="%_号楼1RESidential路建'", max_size=6)
_LEAVES = st.one_of(
    st.builds(_compared, _NUMBERS, _SIGNS, _VALUE),
    st.builds(_compared, _WORDS, _SIGNS, _TEXT),
    st.builds(_among, _NUMBERS, st.lists(_VALUE, min_size=1, max_size=4), st.booleans()),
    st.builds(_among, _WORDS, st.lists(_TEXT, min_size=1, max_size=4), st.booleans()),
    st.builds(_between, _NUMBERS, _VALUE, _VALUE, st.booleans()),
    st.builds(_missing, st.one_of(_NUMBERS, _WORDS), st.booleans()),
    st.builds(_like, _WORDS, _PATTERNS, st.booleans()),
)
CONDITIONS = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.builds(_not, inner),
        st.builds(_and, st.lists(inner, min_size=2, max_size=3)),
        st.builds(_or, st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=8,
)


def rows() -> list[dict]:
    found = Building.objects.inside(EVERYWHERE).select_related("compound")
    return [
        {
            "code": one.code, "kind": one.kind, "compound": one.compound.name if one.compound else None,
            "number": one.number, "road": one.road, "floors": one.floors, "units": one.units,
            "built_year": one.built_year, "cell": one.area if len(one.area) == 15 else None,
        }
        for one in found
    ]  # fmt: skip


def found_by(text: str, kind=BUILDINGS) -> set[str]:
    asked = Asked(limit=10_000, where=(condition(text, kind),), fields=kind.fields[:1])
    return set(re.findall(r'"id":"(\w+)"', page(kind, EVERYWHERE, asked).features))


def test_it_finds_what_the_condition_says_of_each_row():
    every = rows()
    assert len(every) > 20

    @given(CONDITIONS)
    @settings(max_examples=150, suppress_health_check=list(HealthCheck))
    def compare(said: Said) -> None:
        assert found_by(said.text) == {row["code"] for row in every if said.holds(row) is True}, said.text

    compare()


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("floors = 1 OR floors = 6 AND kind = 'office'", "floors = 1 OR (floors = 6 AND kind = 'office')"),
        ("NOT floors = 1 AND floors > 2", "(NOT (floors = 1)) AND floors > 2"),
        ("6 < floors", "floors > 6"),
        ('"floors" > 6', "floors > 6"),
        ("TRUE", "floors = 1 OR NOT floors = 1 OR floors IS NULL"),
        (
            "S_INTERSECTS(geometry, BBOX(116,39,118,41))",
            "S_WITHIN(geometry, POLYGON((116 39,118 39,118 41,116 41,116 39)))",
        ),
    ],
)  # fmt: skip
def test_it_reads_the_standards_order_and_spelling(text, same):
    assert found_by(text) == found_by(same)


@pytest.mark.parametrize(
    "text",
    [
        "", "floors", "floors = ", "floors = 'x'", "kind > 5", "nothing = 1", "password = 'x'", "b.source = 'x'",
        "compound_id = 1", "area = '110113'", "floors = 1; DROP TABLE grid_building", "floors = 1 -- x",
        "kind LIKE 'a\\'",
        "geometry = 'x'", "S_INTERSECTS(kind, POINT(1 2))", "S_INTERSECTS(geometry, POINT(400 2))",
        "S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0,0 1,0 0)))", "S_INTERSECTS(geometry, BBOX(1,2,3))",
        "S_NEARBY(geometry, POINT(1 2))", "pg_sleep(1) = 1", "floors = 1e999", "kind = 'a\x00b'", "(" * 900 + "TRUE",
        "floors + 1 = 2", "kind = DATE('2026-01-01')", "kind IN (1)", "x" * 9000,
    ],
)  # fmt: skip
def test_it_refuses_what_is_no_condition_on_the_fields(text):
    with pytest.raises(BadQuery) as refused:
        condition(text, BUILDINGS)
    assert refused.value.fix


def test_times_are_compared_as_moments_and_days_not_with_each_other():
    now = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    before = found_by(f"reported_at < TIMESTAMP('{now}')", INCIDENTS)
    assert before == found_by(f"T_BEFORE(reported_at, TIMESTAMP('{now}'))", INCIDENTS)
    assert before == found_by(f"T_DURING(reported_at, INTERVAL('1990-01-01T00:00:00Z','{now}'))", INCIDENTS)
    for text in (
        "reported_at < DATE('2026-01-01')", "reported_at < TIMESTAMP('2026-01-01T00:00:00')",
        "reported_at < TIMESTAMP('2026-02-30T00:00:00Z')", "T_DURING(reported_at, INTERVAL('2026-01-02','2026-01-01'))",
    ):  # fmt: skip
        with pytest.raises(BadQuery):
            condition(text, INCIDENTS)

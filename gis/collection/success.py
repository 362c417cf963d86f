"""What one form for all departments saves: questions and forms spared, how full and how fresh the record is, what
contradicted and was settled.

Figures of areas only; nobody is in them, and where few are concerned nothing is told.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db import connection
from django.db.models import Count, F, Q, Sum, Value
from django.db.models.functions import Greatest, Substr, TruncMonth

from gis.accounts.scope import Scope
from gis.collection.correction import Correction
from gis.collection.coverage import counted_by, subjects_of
from gis.collection.fact import SUBJECT_COLUMNS, Collected
from gis.collection.field import Field
from gis.collection.form import Form
from gis.collection.sharing.reading import readable
from gis.people.resident import Resident

#: Fewer calls or people are not told of.
FEWEST = 5
#: What was last said longer ago is no longer fresh.
FRESH = timedelta(days=365)


@dataclass(frozen=True)
class Tally:
    """What the calls of a month, or of a community, asked and did not have to ask."""

    calls: int = 0
    forms: int = 0
    wanted: int = 0
    known: int = 0
    asked: int = 0
    answered: int = 0
    spared_forms: int = 0

    @property
    def is_few(self) -> bool:
        return self.calls < FEWEST

    @property
    def spared(self) -> int:
        """Questions that nobody was asked: known already, or asked once for several forms."""
        return self.wanted - self.asked

    @property
    def share(self) -> int | None:
        return 100 * self.spared // self.wanted if self.wanted and not self.is_few else None


def collected(scope: Scope, first: date, last: date):
    return Collected.objects.filter(scope.q(), day__gte=first, day__lte=last)


_SUMS = {
    "calls": Count("pk"),
    **{f"{name}_": Sum(name) for name in ("forms", "wanted", "known", "asked", "answered")},
    "spared_forms": Sum(Greatest(F("forms") - 1, Value(0))),
}


def _tally(row: dict) -> Tally:
    sums = {name: row[f"{name}_"] or 0 for name in ("forms", "wanted", "known", "asked", "answered")}
    return Tally(calls=row["calls"], spared_forms=row["spared_forms"] or 0, **sums)


def by_month(scope: Scope, first: date, last: date) -> list[tuple[date, Tally]]:
    """Every month of the time, those without a call too."""
    rows = collected(scope, first, last).annotate(month=TruncMonth("day")).values("month").annotate(**_SUMS)
    found = {row["month"]: _tally(row) for row in rows.order_by("month")}
    return [(month, found.get(month, Tally())) for month in months_between(first, last)]


def months_between(first: date, last: date) -> list[date]:
    start = first.year * 12 + first.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(start, last.year * 12 + last.month)]


def by_community(scope: Scope, first: date, last: date) -> list[tuple[str, Tally]]:
    rows = collected(scope, first, last).annotate(place=Substr("area", 1, 12)).values("place").annotate(**_SUMS)
    return [(row["place"], _tally(row)) for row in rows.order_by("place")]


def in_all(scope: Scope, first: date, last: date) -> Tally:
    return _tally(collected(scope, first, last).aggregate(**_SUMS))


@dataclass
class State:
    """How full and how fresh the record of a cell (or a community) is: of what forms in force ask."""

    asked_of: int = 0
    known: int = 0
    said: int = 0
    fresh: int = 0
    subjects: int = 0

    @property
    def is_few(self) -> bool:
        return self.subjects < FEWEST

    @property
    def complete(self) -> int | None:
        return 100 * self.known // self.asked_of if self.asked_of and not self.is_few else None

    @property
    def freshness(self) -> int | None:
        """Of what somebody is on record to have said, the share of the last year; None where few have."""
        return 100 * self.fresh // self.said if self.said >= FEWEST and not self.is_few else None


def record_by_place(forms: Iterable[Form], scope: Scope, digits: int, day: date) -> dict[str, State]:
    """By cell (15 digits) or community (12), within a scope. A few questions, however many places there are."""
    found: dict[str, State] = defaultdict(State)
    for form in forms:
        within = scope.within(form.area)
        fields = [line.field for line in form.lines.all() if not line.field.retired]
        for subject, of in subjects_of(form, within).items():
            about = [one for one in fields if one.subject == subject]
            for place, subjects, counts in counted_by(of, about, day, digits):
                state = found[place]
                state.known += sum(known for known, _asked in counts.values())
                state.asked_of += sum(asked for _known, asked in counts.values())
                state.subjects = max(state.subjects, subjects)
    fields = {line.field_id for form in forms for line in form.lines.all()}
    for place, said, fresh in _said(fields, scope, digits, day):
        if place in found:
            found[place].said, found[place].fresh = said, fresh
    return dict(sorted(found.items()))


_SAID = """
SELECT place, count(*), count(*) FILTER (WHERE last > %(since)s) FROM (
  SELECT left(s.area, %(digits)s) AS place, f.field_id, f.{column}_id, max(f.said_on) AS last
  FROM grid_fact f JOIN grid_{column} s ON s.id = f.{column}_id
  WHERE f.field_id = ANY(%(fields)s) AND s.area = ANY(%(areas)s) GROUP BY 1, 2, 3) one
GROUP BY 1"""


def _said(fields: set[int], scope: Scope, digits: int, day: date):
    """By place, of how many fields and subjects something was said, and of how many within the last year."""
    areas = list(Resident.objects.inside(scope).order_by().values_list("area", flat=True).distinct())
    told = {"fields": list(fields), "areas": areas, "digits": digits, "since": day - FRESH}
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    with connection.cursor() as cursor:
        for column in (SUBJECT_COLUMNS[Field.Subject.PERSON], SUBJECT_COLUMNS[Field.Subject.DWELLING]):
            cursor.execute(_SAID.format(column=column), told)
            for place, said, fresh in cursor.fetchall():
                found[place][0] += said
                found[place][1] += fresh
    return [(place, *counts) for place, counts in found.items()]


@dataclass(frozen=True)
class Settled:
    """Contradictions between departments, and people who stand in the record twice by name and birth."""

    found: int
    accepted: int
    refused: int
    twice: int

    @property
    def waiting(self) -> int:
        return self.found - self.accepted - self.refused


def settled(scope: Scope, first: date, last: date, twice: int, department: int | None = None) -> Settled:
    """Of corrections raised within a time, as a reader of a department may know of them; `twice` of the doubles there
    are now."""
    told = Correction.objects.inside(scope).told(department, readable(department, scope, last))
    raised = told.filter(proposed_at__date__gte=first, proposed_at__date__lte=last)
    states = raised.order_by().aggregate(
        found=Count("pk"),
        accepted=Count("pk", filter=Q(state="accepted")),
        refused=Count("pk", filter=Q(state="refused")),
    )
    return Settled(**states, twice=twice)


_PRINTS = """
SELECT left(area, 12), string_agg(int8send(hashtextextended(name || ' ' || born, 0)), '') FROM grid_resident
WHERE born IS NOT NULL AND {scope} GROUP BY 1"""


def prints_by_community(scope: Scope) -> dict[str, np.ndarray]:
    """A print of 64 bits of the name and birth of everybody in a scope, by community; nobody is told from it."""
    inside, bounds = scope.sql("area")
    with connection.cursor() as cursor:
        cursor.execute(_PRINTS.format(scope=inside), bounds)
        return {place: np.frombuffer(prints, ">i8").astype(np.int64) for place, prints in cursor.fetchall()}


def count_twice(prints: Iterable[np.ndarray]) -> int:
    """How many of all the prints repeat one that is there already."""
    every = np.concatenate([*prints, np.array([], np.int64)])
    return len(every) - len(np.unique(every))


def first_of(day: date, months: int) -> date:
    """The first day of the month so many months before."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)

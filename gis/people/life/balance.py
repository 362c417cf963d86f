"""How many people lived somewhere on a day, and what made the difference between two days.

Counted from dated stays and events, so that who died or moved counts in their own time only, by the type they had then.
What stays and events do not explain (files brought in, corrections) is told as such and not hidden.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Count

from gis.accounts.scope import Scope
from gis.people.life.event import LifeEvent
from gis.people.resident import Resident

Kind = LifeEvent.Kind
#: A record that has gone to another office is not seen here: then the event with which they went says their type.
_ON = """
SELECT coalesce(retyped.before, r.population, gone.before, ''), count(*)
FROM grid_residence s
LEFT JOIN grid_resident r ON r.id = s.resident_id
LEFT JOIN (
  SELECT DISTINCT ON (e.resident_id) e.resident_id, e.before FROM grid_lifeevent e
  WHERE e.kind = 'type' AND e."on" > %(day)s AND {e}
    AND NOT EXISTS (SELECT FROM grid_lifeeventwithdrawal w WHERE w.event_id = e.id)
  ORDER BY e.resident_id, e."on", e.id) retyped ON retyped.resident_id = s.resident_id
LEFT JOIN (
  SELECT DISTINCT ON (e.resident_id) e.resident_id, e.before FROM grid_lifeevent e
  WHERE e.kind IN ('moved', 'left', 'died') AND e."on" > %(day)s AND {e}
    AND NOT EXISTS (SELECT FROM grid_lifeeventwithdrawal w WHERE w.event_id = e.id)
  ORDER BY e.resident_id, e."on", e.id) gone ON gone.resident_id = s.resident_id
WHERE s.kind = 'living' AND s.starts <= %(day)s AND (s.ends IS NULL OR s.ends > %(day)s) AND {s}
GROUP BY 1
"""


def people_on(scope: Scope, day: date) -> dict[str, int]:
    """How many lived in an area at the end of a day, by population type."""
    if not scope:
        return {}
    counted = _ON
    parameters: dict[str, object] = {"day": day}
    for alias in ("e", "s"):
        condition, bounds = scope.sql(f"{alias}.area")
        for place, bound in enumerate(bounds):
            condition = condition.replace("%s", f"%({alias}{place})s", 1)
            parameters[f"{alias}{place}"] = bound
        counted = counted.replace(f"{{{alias}}}", condition)
    with connection.cursor() as cursor:
        cursor.execute(counted, parameters)
        found = dict(cursor.fetchall())
    return {kind: found.get(kind, 0) for kind in Resident.Population.values} | (
        {"": found[""]} if found.get("") else {}
    )


@dataclass(frozen=True)
class Balance:
    """The people of an area before and after a period. `other`: brought in by files, corrected, of no event."""

    before: int
    after: int
    born: int
    died: int
    came: int
    left: int
    retyped: int
    types: dict[str, tuple[int, int]]

    @property
    def other(self) -> int:
        return self.after - self.before - (self.born + self.came - self.died - self.left)


def balance_of(scope: Scope, first: date, last: date) -> Balance:
    """The people at the end of the day before `first` and at the end of `last`, and what happened between."""
    before, after = people_on(scope, first - timedelta(days=1)), people_on(scope, last)
    found = LifeEvent.objects.standing().inside(scope).filter(on__gte=first, on__lte=last)
    counted = dict(found.order_by().values("kind").annotate(n=Count("pk")).values_list("kind", "n"))
    inside = _within(found)
    lived = found.filter(kind=Kind.DIED, dwelling__isnull=False).count()
    return Balance(
        before=sum(before.values()), after=sum(after.values()), born=counted.get(Kind.BORN, 0), died=lived,
        came=counted.get(Kind.CAME, 0) - inside[Kind.CAME],
        left=counted.get(Kind.LEFT, 0) + counted.get(Kind.MOVED, 0) - inside[Kind.MOVED],
        retyped=counted.get(Kind.TYPE, 0),
        types={kind: (before.get(kind, 0), after.get(kind, 0)) for kind in Resident.Population.values},
    )  # fmt: skip


def _within(events) -> Counter:
    """Moves of which both sides lie in the area: nobody came and nobody went."""
    rows = events.filter(kind__in=(Kind.MOVED, Kind.CAME)).order_by().values_list("act", "resident", "kind")
    sides: dict[tuple, set[str]] = {}
    for act, resident, kind in rows:
        sides.setdefault((act, resident), set()).add(kind)
    both = sum(len(kinds) == 2 for kinds in sides.values())
    return Counter({Kind.MOVED: both, Kind.CAME: both})

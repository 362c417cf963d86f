"""What was committed since a snapshot, and what of it a scope hears."""

import json
from dataclasses import dataclass, field

import psycopg

from gis.accounts.scope import Access, Scope
from gis.news import unseen

#: More incidents than this are not read one by one.
MOST_READ = 5_000
#: More incidents than this in one event are told as "read again what you show".
MOST_TOLD = 200

_HERE = "SELECT pg_current_snapshot()::text, (SELECT oid::bigint FROM pg_database WHERE datname = current_database())"
_NOTES = f"SELECT incidents, is_new, areas, moved, moved_from FROM grid_incidentchange WHERE {unseen('transaction')}"  # noqa: S608
_ROWS = (
    "SELECT i.id, i.area, jsonb_build_object('id', i.id, 'number', i.number, 'area', i.area, 'state', i.state,"
    " 'category', grid_category_at(c.log, 'name', c.name, i.reported_at),"
    " 'major', grid_category_at(c.log, 'major', c.major, i.reported_at),"
    " 'community', coalesce(nullif(a.short_name, ''), a.name, ''),"
    " 'lon', round(ST_X(i.position)::numeric, 6), 'lat', round(ST_Y(i.position)::numeric, 6),"
    " 'reported', i.reported_at, 'due', i.due_at)"
    " FROM grid_incident i JOIN grid_category c ON c.id = i.category_id"
    " LEFT JOIN grid_area a ON a.code = left(i.area, 12) WHERE i.id = ANY(%(ids)s) ORDER BY i.id"
)
_COMMUNITIES = "SELECT DISTINCT left(area, 12) FROM grid_incident WHERE id = ANY(%(ids)s)"
_FIGURES = f"SELECT area FROM grid_figures WHERE {unseen('changed')}"  # noqa: S608
_PEOPLE = f"SELECT DISTINCT area FROM grid_births WHERE {unseen('changed')}"  # noqa: S608
_TILES = f"SELECT layer, areas FROM grid_change WHERE {unseen('transaction')}"  # noqa: S608
_DRAWN, _SAID, _CAME = (
    f"SELECT plan_id FROM grid_{table} WHERE {unseen('transaction')}"  # noqa: S608
    for table in ("planstep", "plannote", "planpresence")
)
_PLANS = f"SELECT uuid::text, area FROM grid_plan WHERE id IN ({_DRAWN} UNION {_SAID} UNION {_CAME})"  # noqa: S608
#: Areas of a change that may lie anywhere.
ANYWHERE = None


@dataclass(frozen=True)
class Incident:
    """An incident as it is now. `said` is what its reader is told."""

    id: int
    area: str
    said: dict


@dataclass
class Notes:
    """The notes of incidents, added up. `areas` are those in which more changed than was named, `touched` all."""

    ids: set[int] = field(default_factory=set)
    new: set[int] = field(default_factory=set)
    left: dict[int, set[str]] = field(default_factory=dict)
    areas: set[str] | None = field(default_factory=set)
    touched: set[str] = field(default_factory=set)

    def add(self, ids: list[int] | None, is_new: bool, areas: list[str] | None, moved, moved_from) -> None:
        if ids is None:
            self.areas = ANYWHERE if areas is None or self.areas is None else self.areas | set(areas)
        self.touched.update(areas or ())
        self.ids.update(ids or ())
        self.new.update((ids or ()) if is_new else ())
        for one, area in zip(moved or (), moved_from or (), strict=True):
            self.left.setdefault(one, set()).add(area)


@dataclass(frozen=True)
class News:
    """What changed up to a snapshot: incidents and where they left; and where figures, tiles and more incidents than
    are named changed, as codes of areas, or ANYWHERE. `at_work` are the communities with any change of incidents."""

    incidents: tuple[Incident, ...] = ()
    new: frozenset[int] = frozenset()
    left: dict[int, set[str]] = field(default_factory=dict)
    many: frozenset[str] | None = frozenset()
    at_work: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    tiles: dict[str, frozenset[str] | None] = field(default_factory=dict)
    plans: dict[str, str] = field(default_factory=dict)  # drawn in, commented on or opened: uuid → area

    def heard_by(self, access: Access, at_once: bool = True) -> dict:
        """What a reader with these rights is told; empty where nothing of it is theirs. `at_once`: as it happens."""
        ground, incidents = access.which("area.read"), access.which("incident.read")
        heard: dict = {}
        if incidents:
            heard |= self._incidents_in(incidents)
        if any(map(ground.covers, self._figures_told(bool(incidents) or not at_once))):
            heard["figures"] = True
        if tiles := [layer for layer, areas in sorted(self.tiles.items()) if _concerns(areas, ground)]:
            heard["tiles"] = tiles
        if plans := sorted(uuid for uuid, area in self.plans.items() if access.which("plan.read").covers(area)):
            heard["plans"] = plans
        return heard

    def _figures_told(self, with_incidents: bool) -> frozenset[str]:
        """Areas whose figures changed. Open incidents are figures too: to a reader who may see none, the moment at
        which a community's change with an incident of it would tell of the incident."""
        if with_incidents:
            return self.figures | self.people
        return self.people | {area for area in self.figures if area[:12] not in self.at_work}

    def _incidents_in(self, scope: Scope) -> dict:
        told = [one for one in self.incidents if scope.covers(one.area)]
        known = {one.id for one in told}
        gone = [pk for pk, areas in self.left.items() if pk not in known and any(map(scope.covers, areas))]
        if len(told) + len(gone) > MOST_TOLD or _concerns(self.many, scope):
            return {"many": True}
        said = [one.said | {"new": one.id in self.new} for one in told]
        return ({"incidents": said} if said else {}) | ({"gone": sorted(gone)} if gone else {})


def _concerns(areas: frozenset[str] | None, scope: Scope) -> bool:
    """Whether some of the areas, of any length, meet the scope."""
    return areas is ANYWHERE or any(map(scope.touches, areas))


async def here(connection: psycopg.AsyncConnection) -> tuple[str, int]:
    """The snapshot of this transaction and the oid of the database."""
    return await (await connection.execute(_HERE)).fetchone()


async def read_news(connection: psycopg.AsyncConnection, since: str) -> News:
    """What was committed between a snapshot and the one of the transaction this is called in (repeatable read)."""
    notes = Notes()
    for row in await _all(connection, _NOTES, {"since": since}):
        notes.add(*row)
    if len(notes.ids) > MOST_READ:
        await _count_as_many(connection, notes)
    tiles: dict[str, frozenset[str] | None] = {}
    for layer, areas in await _all(connection, _TILES, {"since": since}):
        before = tiles.get(layer, frozenset())
        tiles[layer] = ANYWHERE if areas is None or before is ANYWHERE else before | frozenset(areas)
    rows = await _all(connection, _ROWS, {"ids": list(notes.ids)}) if notes.ids else []
    return News(
        incidents=tuple(Incident(*row) for row in rows),
        new=frozenset(notes.new),
        left=notes.left,
        many=ANYWHERE if notes.areas is None else frozenset(notes.areas),
        at_work=frozenset(notes.touched),
        figures=frozenset(area for (area,) in await _all(connection, _FIGURES, {"since": since})),
        people=frozenset(area for (area,) in await _all(connection, _PEOPLE, {"since": since})),
        tiles=tiles,
        plans=dict(await _all(connection, _PLANS, {"since": since})),
    )


async def _count_as_many(connection: psycopg.AsyncConnection, notes: Notes) -> None:
    """Name the communities instead of the incidents."""
    if notes.areas is not ANYWHERE:
        rows = await _all(connection, _COMMUNITIES, {"ids": list(notes.ids)})
        notes.areas |= {code for (code,) in rows} | {code[:12] for areas in notes.left.values() for code in areas}
    notes.ids, notes.left = set(), {}


async def _all(connection: psycopg.AsyncConnection, sql: str, values: dict) -> list[tuple]:
    return await (await connection.execute(sql, values)).fetchall()


def event(name: str, said: dict, position: str = "") -> bytes:
    """One server-sent event. With a position the browser may catch up from here."""
    head = f"id: {position}\n" if position else ""
    return f"{head}event: {name}\ndata: {json.dumps(said, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()

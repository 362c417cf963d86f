"""The price of scope: the same list and the same tile with it and without it, in the same run."""

from django.db import connection

from gis.accounts.scope import Scope, applied
from gis.models import Resident
from layers.tiles import Frame, tile
from tests.bench.clock import in_turn
from tests.bench.report import Report
from tests.bench.scratch import scratch_database

_PAGE = 50


def measure(quick: bool) -> Report:
    """Residents of one street, a page of them by name, and its busiest building tile."""
    with scratch_database("small" if quick else "town"):
        return _measured(rounds=60 if quick else 200)


def _measured(rounds: int) -> Report:
    street = Scope.of(["110113001"])
    z, x, y = _busiest_tile()
    whole = Scope.of(["11"])
    times = in_turn(
        {
            "list, scoped": lambda: _page_in_scope(street),
            "list, bare": lambda: _page_bare("110113001"),
            "tile, scoped": lambda: tile("buildings", z, x, y, street),
            "tile, bare": lambda: _tile_bare(z, x, y),
            "tile, whole province": lambda: tile("buildings", z, x, y, whole),
        },
        rounds,
    )
    report = Report(["what", "ms", "against bare"])
    for kind in ("list", "tile"):
        bare = times[f"{kind}, bare"]
        report.rows += [[name, 1000 * s, s / bare] for name, s in times.items() if name.startswith(kind)]
        report.named.append((f"scope.{kind}_ratio", times[f"{kind}, scoped"] / bare, "x"))
    report.notes.append("list: 50 residents by id, second wall on (own transaction) against none, plain transaction.")
    return report


def _page_in_scope(scope: Scope) -> list:
    with applied(scope):
        return list(Resident.objects.inside(scope).order_by("area", "id").values_list("id", "name", "area")[:_PAGE])


def _page_bare(street: str) -> list:
    """The same rows as the owner, whom row-level security does not bind, in a transaction as every request has."""
    from django.db import transaction

    with transaction.atomic():
        rows = Resident.objects.order_by("area", "id").filter(area__gte=street, area__lt=street + ":")
        return list(rows.values_list("id", "name", "area")[:_PAGE])


def _busiest_tile() -> tuple[int, int, int]:
    """The data tile of zoom 14 that holds the middle of the buildings."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT floor((x + 20037508.342789244) / size)::int, floor((20037508.342789244 - y) / size)::int FROM"
            " (SELECT avg(ST_XMin(drawing)) AS x, avg(ST_YMin(drawing)) AS y, 40075016.685578488 / 2 ^ 14 AS size"
            "  FROM grid_building WHERE area < '110113002') c"
        )
        x, y = cursor.fetchone()
    return 14, x, y


def _tile_bare(z: int, x: int, y: int) -> bytes:
    frame = Frame.of(z, x, y)
    rows = (
        f"SELECT id, kind, floors, number AS label, {frame.affine('drawing')} AS shape FROM grid_building"
        f" WHERE {frame.touches('drawing')}"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ST_AsMVT(r, 'building', 4096, 'shape', 'id') FROM ({rows}) r")
        return bytes(cursor.fetchone()[0])

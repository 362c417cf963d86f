"""The price of scope: the same list and the same tile with it and without it, in the same run."""

from django.db import connection, transaction
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from gis.accounts.scope import Scope, applied
from gis.models import Posting, User
from layers.tiles import EXTENT, Frame, tile
from tests.bench.clock import in_turn
from tests.bench.report import Report
from tests.bench.scratch import scratch_database
from web.pages import residents

_STREET = "110113001"


def measure(quick: bool) -> Report:
    """The page of residents a street supervisor opens first, and the busiest building tile of the street."""
    with scratch_database("small" if quick else "town"):
        return _measured(rounds=40 if quick else 150)


def _measured(rounds: int) -> Report:
    z, x, y = _busiest_tile()
    street, everywhere = _request(_STREET), _request("11")
    times = in_turn(
        {
            "list, scoped": lambda: _list_in_scope(street),
            "list, bare": lambda: _list_bare(everywhere),
            "tile, scoped": lambda: tile("buildings", z, x, y, street.scope),
            "tile, bare": lambda: _tile_bare(z, x, y),
        },
        rounds,
    )
    report = Report(["what", "ms", "against bare", "limit"])
    for kind in ("list", "tile"):
        bare = times[f"{kind}, bare"]
        report.rows += [
            [name, 1000 * spent, spent / bare, "1.2" if "scoped" in name else "–"]
            for name, spent in times.items()
            if name.startswith(kind)
        ]
        report.named.append((f"scope.{kind}_ratio", times[f"{kind}, scoped"] / bare, "x"))
    report.notes.append("list: the page of residents, rendered. bare: as the owner, whom no policy binds, all areas.")
    return report


def _request(area: str) -> HttpRequest:
    request = RequestFactory().get("/residents/")
    request.user = User.objects.create_user(f"bench-{area}")
    Posting.objects.create(user=request.user, role="street_supervisor", area=area, starts=timezone.localdate())
    request.session = {}
    request.access = request.user.access
    request.scope = request.access.which("area.read")
    return request


def _list_in_scope(request: HttpRequest) -> bytes:
    with applied(request.access.which("people.count")):
        return residents.index(request).content


def _list_bare(request: HttpRequest) -> bytes:
    with transaction.atomic():
        return residents.index(request).content


def _busiest_tile() -> tuple[int, int, int]:
    """The data tile of zoom 14 that holds most buildings of the street."""
    size = Frame.of(14, 0, 0).east - Frame.of(14, 0, 0).west
    west, north = Frame.of(14, 0, 0).west, Frame.of(14, 0, 0).north
    inside, params = Scope.of([_STREET]).sql()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT floor((ST_XMin(drawing) - {west!r}) / {size!r})::int,"
            f" floor(({north!r} - ST_YMax(drawing)) / {size!r})::int"
            f" FROM grid_building WHERE {inside} GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1",
            params,
        )
        return (14, *cursor.fetchone())


def _tile_bare(z: int, x: int, y: int) -> bytes:
    frame = Frame.of(z, x, y)
    rows = (
        f"SELECT id, kind, floors, number AS label, {frame.affine('drawing')} AS shape FROM grid_building"
        f" WHERE {frame.touches('drawing')}"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ST_AsMVT(r, 'building', {EXTENT}, 'shape', 'id') FROM ({rows}) r")
        return bytes(cursor.fetchone()[0])

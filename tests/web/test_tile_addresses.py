"""What a tile's address is answered with: a tile, nothing, "still right", or a plain refusal."""

import gzip

import pyarrow as pa
import pytest

from gis.models import Building
from layers.kept_tiles import forget
from layers.tiles import tile
from tests.layers.test_tiles import address


def at(z: int, house: Building) -> tuple[int, int, int]:
    west, south, east, north = house.geometry.extent
    return address(z, (west + east) / 2, (south + north) / 2)


def path(name: str, z: int, house: Building) -> str:
    return "/tiles/{}/{}/{}/{}.mvt".format(name, *at(z, house))


@pytest.fixture
def house(db) -> Building:
    forget()  # a tile kept since another test may have its houses in another order
    return Building.objects.filter(area__startswith="110113001").first()


@pytest.mark.parametrize(
    ("accepted", "coding", "unpack"),
    [
        ("gzip, deflate, br, zstd", "zstd", lambda packed: pa.input_stream(pa.py_buffer(packed), "zstd").read()),
        ("gzip, deflate, zstd;q=0", "gzip", gzip.decompress),
        ("", "gzip", gzip.decompress),
    ],
)
@pytest.mark.parametrize("z", [13, 16])
def test_it_is_packed_as_the_browser_reads_it(client_of, cast, house, z, accepted, coding, unpack):
    answer = client_of("li", HTTP_ACCEPT_ENCODING=accepted).get(path("buildings", z, house))
    assert answer.headers["Content-Encoding"] == coding
    assert unpack(answer.content) == tile("buildings", *at(z, house), cast.li.access.which("area.read"))


@pytest.mark.parametrize("z", [13, 16])
def test_it_is_asked_for_again_by_its_mark(client_of, house, z):
    browser = client_of("li")
    again = {"HTTP_IF_NONE_MATCH": browser.get(path("buildings", z, house)).headers["ETag"]}
    assert browser.get(path("buildings", z, house), **again).status_code == 304
    Building.objects.filter(pk=house.pk).update(floors=99)
    assert browser.get(path("buildings", z, house), **again).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ("cells/3/8/0.mvt", 400),  # a column outside the world
        ("cells/17/0/0.mvt", 400),
        (f"cells/10/{10**30}/0.mvt", 400),
        ("people/14/0/0.mvt", 400),
        ("cells/-1/0/0.mvt", 404),
        ("cells/a/0/0.mvt", 404),
        ("cells/14/0/0.png", 404),
    ],
)
def test_it_refuses_a_malformed_address_plainly(client_of, wrong, status):
    answer = client_of("li", HTTP_ACCEPT="*/*").get(f"/tiles/{wrong}")
    assert answer.status_code == status
    assert answer.json()["fix"]

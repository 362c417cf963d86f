"""What a tile's address is answered with: a tile, nothing, "still right", or a plain refusal."""

import gzip

import pytest

from gis.models import Building
from tests.layers.test_tiles import address


def path(name: str, z: int, house: Building) -> str:
    west, south, east, north = house.geometry.extent
    return "/tiles/{}/{}/{}/{}.mvt".format(name, *address(z, (west + east) / 2, (south + north) / 2))


@pytest.fixture
def house(db) -> Building:
    return Building.objects.filter(area__startswith="110113001").first()


@pytest.mark.parametrize("z", [13, 16])
def test_it_is_compressed_and_asked_for_again_by_its_mark(client_of, house, z):
    browser = client_of("li")
    answer = browser.get(path("buildings", z, house))
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content)
    again = {"HTTP_IF_NONE_MATCH": answer.headers["ETag"]}
    assert browser.get(path("buildings", z, house), **again).status_code == 304
    Building.objects.filter(pk=house.pk).update(floors=99)
    assert browser.get(path("buildings", z, house), **again).status_code == 200


def test_it_is_empty_where_another_area_lies(client_of, house):
    assert client_of("chen").get(path("buildings", 16, house)).status_code == 204


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

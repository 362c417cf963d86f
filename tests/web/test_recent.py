"""Who came a moment ago is let in to tiles without being asked again; to everything else never."""

import pytest

from gis.models import Posting
from web.scope import forget_recent

pytestmark = pytest.mark.django_db
TILE = "/tiles/cells/14/13500/6198.mvt"


@pytest.fixture(autouse=True)
def _nobody_came():
    forget_recent()
    yield
    forget_recent()


def test_it_asks_once_for_a_burst_of_tiles(client_of, django_assert_max_num_queries):
    li = client_of("li", HTTP_ACCEPT="*/*")
    li.get(TILE)
    with django_assert_max_num_queries(3):  # into the runtime login and back; the layer's version between
        li.get(TILE)


def test_it_asks_for_every_page_however_soon(client_of, cast):
    li = client_of("li", HTTP_ACCEPT="*/*")
    assert li.get(TILE).status_code in (200, 204)
    Posting.objects.filter(user=cast["li"]).delete()
    assert li.get("/map/values/").status_code == 403


def test_it_asks_again_once_the_seconds_are_over(client_of, cast):
    li = client_of("li", HTTP_ACCEPT="*/*")
    li.get(TILE)
    Posting.objects.filter(user=cast["li"]).delete()
    forget_recent()  # as time does
    assert li.get(TILE).status_code == 403


def test_it_remembers_nobody_who_was_turned_away(client):
    assert client.get(TILE, HTTP_ACCEPT="*/*").status_code == 401
    client.cookies["sessionid"] = "guessed"
    assert client.get(TILE, HTTP_ACCEPT="*/*").status_code == 401

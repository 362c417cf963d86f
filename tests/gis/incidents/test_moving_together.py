"""Two clerks at one case at the same moment."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from gis.errors import Conflict, NotAllowed
from gis.incidents.decisions import Wish
from gis.incidents.moving import move
from gis.models import Step
from tests.cast import read_cast
from tests.gis.incidents.loop import a_case


def test_of_two_at_the_same_moment_one_is_told(own_town):
    incident = a_case()
    cast = read_cast()

    def decide(name: str) -> str:
        try:
            move(incident.number, Wish("file", note=name), user=cast[name], access=cast[name].access, seen=0)
        except (Conflict, NotAllowed) as error:
            return type(error).__name__
        finally:
            connection.close()
        return "filed"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(decide, ["li", "zhou"])) == ["Conflict", "filed"]
    assert Step.objects.filter(incident=incident).count() == 1

"""Two clerks merge two cases at the same moment, each into the other's."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from gis.errors import WanggeError
from gis.incidents.decisions import Wish
from gis.incidents.moving import move
from gis.models import Incident
from tests.cast import read_cast
from tests.gis.incidents.loop import a_case


def test_two_who_merge_each_into_the_other_do_not_wait_for_ever(own_town):
    pair = [a_case(), a_case()]
    cast = read_cast()

    def merge(name: str, number: str, target: str) -> str:
        try:
            move(number, Wish("duplicate", target=target), user=cast[name], access=cast[name].access)
        except WanggeError as error:
            return type(error).__name__
        finally:
            connection.close()
        return "merged"

    first, second = (one.number for one in pair)
    for _round in range(5):
        Incident.objects.filter(pk__in=[one.pk for one in pair]).update(state="reported", merged_into=None)
        with ThreadPoolExecutor(2) as both:
            done = both.map(merge, ["li", "zhou"], [first, second], [second, first])
        assert "merged" in (told := sorted(done))
        assert len(set(told)) == 2

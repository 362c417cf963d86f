"""Communities that have ended are offered nowhere."""

from gis.accounts.scope import Scope
from gis.areas.outline import drawn_on
from gis.models import Area
from layers.dashboard.places import places_in
from layers.places import ground
from tests.gis.planning.borders.paper import STREET, number_of, open_here, publish, step
from tests.gis.planning.publishing.paper import HOME, NEXT
from web.community.finder import _streets
from web.pages.choices import area_choices

MERGED = STREET + "601"


def test_they_are_offered_nowhere_and_drawn_as_of_then(street):
    from datetime import timedelta

    from django.utils import timezone

    plan = open_here(street.user)
    step(plan, "merge", cells=[number_of(plan, HOME), number_of(plan, NEXT)])
    publish(plan)
    today = timezone.localdate()
    assert set(drawn_on(today, [HOME, NEXT, MERGED])) == {MERGED}
    assert set(drawn_on(today - timedelta(days=1), [HOME, NEXT, MERGED])) == {HOME, NEXT}
    assert {one.code for one in area_choices(Scope.of([STREET]), "")} >= {MERGED}
    assert not {HOME, NEXT} & {one.code for one in area_choices(Scope.of([STREET]), "")}
    assert list(ground()["community"].codes) == [MERGED]
    assert set(places_in(Scope.of([STREET])).codes) == {MERGED}
    assert [one.code for _street, inside in _streets() for one in inside] == [MERGED]
    assert list(Area.objects.standing().filter(level="community").values_list("code", flat=True)) == [MERGED]

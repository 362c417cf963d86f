"""Publishing a plan of streets: their outlines, codes and names, the communities and cells in them, all that names any.

One transaction, with the publication of the communities inside it (`gis.planning.borders.publishing`).
"""

from collections.abc import Sequence

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope, applied
from gis.accounts.users import User
from gis.errors import Refused
from gis.exchange.placing import NOWHERE, place_points
from gis.incidents.assignment import Assignment
from gis.incidents.incident import ENDED, Incident
from gis.places.component import Component
from gis.places.service.point import ServicePoint
from gis.planning.basis import is_outdated
from gis.planning.borders.following import follow_areas, heirs_of, main_of
from gis.planning.borders.held import in_force
from gis.planning.borders.publishing import bring_into_force, facts_of
from gis.planning.borders.writing import write_level
from gis.planning.keeping import drawing_of
from gis.planning.plan import Plan
from gis.planning.publishing.cases import Transfer, transfer
from gis.planning.publishing.faults import outdated
from gis.planning.publishing.publishing import Choices, NotPublished, Published
from gis.planning.publishing.redrawing import Redrawing
from gis.planning.publishing.writers import hold_writers, one_at_a_time
from gis.planning.streets.faults import faults_of
from gis.planning.streets.reckoning import StreetReckoning, reckon_streets

_STREET = 9


def publish_streets(plan: Plan, *, user: User | None, choices: Choices | None = None) -> Published:
    """Bring a plan of streets into force today. That `user` may do so, the caller has made sure.

    Raises NotPublished with the faults, and then nothing has changed.
    """
    if plan.kind != Plan.Kind.STREETS:
        raise Refused(_("这不是街道边界方案。"), fix=_("请按它的类型发布。"))
    with applied(Scope.of([plan.area])):
        today = timezone.localdate()
        one_at_a_time([plan.area, *_codes(plan)])
        if done := Redrawing.objects.filter(plan=plan).first():
            return Published(done, fresh=False)
        hold_writers()
        if is_outdated(plan):
            raise NotPublished([outdated()])
        reckoning = reckon_streets(plan, drawing_of(plan), today)
        if found := faults_of(reckoning):
            raise NotPublished(found)
        return _bring_into_force(reckoning, user, choices)


def _codes(plan: Plan) -> list[str]:
    """What a publication of communities or cells in this district would wait for."""
    communities = in_force(plan.area, "community", timezone.localdate(), plan.crs).codes
    return [*{code[:_STREET] for code in communities}, *communities]


def _bring_into_force(reckoning: StreetReckoning, user: User | None, choices: Choices | None) -> Published:
    below, facts = reckoning.below, facts_of(reckoning)
    teams = street_teams(below.communities)
    write_level(reckoning, "street")
    published = bring_into_force(below, user, choices)
    redrawing = published.redrawing
    _place_beside(reckoning)
    cases = transfer(_moved(teams), user, str(redrawing.uuid))
    followed = follow_areas(reckoning, redrawing, user)
    followed["cases"] += cases
    redrawing.facts |= {"streets": facts, "streets_followed": followed}
    redrawing.save(update_fields=["facts"])
    return published


def street_teams(communities: Sequence[str]) -> list[Assignment]:
    """Of the open cases in these communities those that the street they lie in has in hand."""
    mine = Assignment.objects.filter(Scope.of(communities).q("incident__area"), ended=None)
    mine = mine.filter(team__regex=rf"^[0-9]{{{_STREET}}}$").exclude(incident__state__in=ENDED)
    return [one for one in mine.select_related("incident").order_by("pk") if one.incident.area.startswith(one.team)]


def _moved(teams: list[Assignment]) -> list[Transfer]:
    """The cases that lie in another street now: they go with their ground."""
    now = Assignment.objects.filter(pk__in=[one.pk for one in teams]).select_related("incident").order_by("pk")
    return [Transfer(one, one.incident.area[:_STREET]) for one in now if not one.incident.area.startswith(one.team)]


def _place_beside(reckoning: StreetReckoning) -> None:
    """What stands or happened in a street beside its communities lies in the street whose outline holds it now."""
    main = main_of(heirs_of(reckoning))
    concerned = [*reckoning.ended, *(reckoning.codes[number] for number in reckoning.redrawn)]
    codes = [reckoning.codes[number] for number in reckoning.redrawn]
    shapes = np.array([reckoning.shapes[number] for number in reckoning.redrawn], dtype=object)
    for model in (Incident, ServicePoint, Component):
        rows = list(model.objects.filter(area__in=concerned).only("pk", "area", "position"))
        xy = np.array([(row.position.x, row.position.y) for row in rows], dtype=float).reshape(-1, 2)
        places = place_points(xy, shapes) if len(rows) and len(shapes) else np.full(len(rows), NOWHERE)
        for row, place in zip(rows, places.tolist(), strict=True):
            code = codes[place] if place != NOWHERE else main.get(row.area, row.area)
            if code != row.area:
                model.objects.filter(pk=row.pk).update(area=code)

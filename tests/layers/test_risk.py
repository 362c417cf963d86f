"""The risk of places put together: whatever is missing, it says so and never makes a number up."""

from datetime import date

import numpy as np
import pytest
from django.contrib.gis.geos import Point
from django.db.models import Count, Q
from django.utils import timezone
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gis.accounts.scope import Scope, applied
from gis.models import Category, Code, Incident, Need
from gis.people.need_counts import count_needs_of_all
from gis.risk.definitions import definitions, dimension_definitions
from gis.risk.score import Dimension, score
from gis.risk.weighting import DISTRICT, Weights
from layers.risk import Assessment, _score, assess, scored
from layers.risk_components import make_components
from layers.risk_incidents import count_incidents
from layers.risk_people import PeopleOf
from tests.cast import OTHER_STREET
from tests.layers.drawn import WEST, draw_community
from tests.layers.invented_risk import BARE, END, invented_copy, invented_ground, invented_kept

pytestmark = pytest.mark.django_db
TODAY = date(2025, 6, 15)  # the day of END

number = st.one_of(st.integers(0, 9), st.integers(0, 60))
towns = st.integers(1, 7).flatmap(
    lambda n: st.tuples(
        st.lists(st.sampled_from([0.0, 0.05, 0.2, 3.0]), min_size=n, max_size=n),
        *(st.lists(st.one_of(st.just(0), number), min_size=n, max_size=n) for _ in range(4)),
        st.lists(st.tuples(st.integers(0, n - 1), st.floats(0, 900)), max_size=30),
    )
)


def made_of(town):
    km2, elders, children, adults, homes, happened = town
    fire = Category.objects.get(kind="community", code="C0101").pk
    residents = [sum(three) for three in zip(elders, children, adults, strict=True)]
    copy = invented_copy([cell for cell, _ in happened], [age for _, age in happened], [fire] * len(happened))
    kept = invented_kept(residents, elders, children, homes)
    ground = invented_ground(km2)
    made = make_components(ground, copy, kept, {}, definitions(), TODAY)
    return Assessment(ground, definitions(), dimension_definitions(), made, TODAY)


@given(towns)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_it_holds_together_whatever_is_missing(town):
    found = _score(made_of(town), DISTRICT, frozenset())
    known = ~np.isnan(found.scores.score)
    assert ((found.scores.score[known] >= 0) & (found.scores.score[known] <= 10 + 1e-9)).all()
    assert found.certainty.little[~known].all()
    if found.components:
        explained = found.scores.reasons.sum(axis=0)[known]
        assert explained == pytest.approx(found.scores.score[known] - found.scores.typical)
    assert ((found.certainty.low <= found.scores.score) & (found.scores.score <= found.certainty.high))[known].all()
    listed = {component.name for component in found.components} | set(found.assessment.made.missing)
    assert listed == {one.code for one in definitions()}


@given(towns)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_figure_depends_on_a_count_that_is_withheld(town):
    """Two towns in which the withheld counts have changed places, so that every total is the same."""
    km2, elders, children, adults, homes, happened = town
    first = made_of(town)
    hidden = np.flatnonzero(first.made.withheld.get("elders80", np.zeros(0, dtype=bool))[: len(km2)])
    moved = np.array(elders)
    moved[hidden] = moved[hidden[::-1]]
    grown = np.array(adults) + np.array(elders) - moved
    assume(len(hidden) > 1 and (moved != elders).any() and (grown >= 0).all())
    second = made_of((km2, moved.tolist(), children, grown.tolist(), homes, happened))
    assume((second.made.withheld["elders80"] == first.made.withheld["elders80"]).all())
    for one, again in zip(first.made.components, second.made.components, strict=True):
        np.testing.assert_allclose(one.values, again.values, err_msg=one.name)


def test_a_cell_where_nobody_lives_is_not_vulnerable_but_its_hazards_count():
    happened = [(0, 3.0)] * 20 + [(1, 5.0)] * 8 + [(2, 5.0)]
    found = made_of(([0.1, 0.1, 0.1], [0, 9, 8], [0, 9, 9], [0, 70, 80], [0, 40, 40], happened))
    of = {component.name: component.values for component in found.made.components}
    assert of["elders80"][0] == of["residents"][0] == 0
    assert of["fire"][0] > of["fire"][1] > of["fire"][2] > 0
    assert not np.isnan(of["fire"]).any()


def test_the_only_cell_has_a_score_and_is_its_own_typical_place():
    found = _score(made_of(([0.1], [9], [9], [70], [40], [(0, 3.0)])), DISTRICT, frozenset())
    assert found.scores.score[0] == pytest.approx(found.scores.typical)


def test_a_community_without_cells_is_scored_by_what_is_its_own():
    assessment = made_of(([0.1, 0.1], [9, 9], [9, 9], [70, 60], [40, 30], [(0, 3.0)]))
    at = assessment.ground.find(BARE)
    of = {component.name: component.values[at] for component in assessment.made.components}
    assert of["residents"] == of["homes"] == 0
    assert not np.isnan(of["fire"])


def test_a_street_without_an_outline_has_the_ground_of_its_cells():
    ground = invented_ground([0.1, 0.3])
    assert ground.km2[ground.find("990101001")] == pytest.approx(0.4)


def test_an_incident_counts_half_after_its_half_life_and_not_after_the_window():
    fire = next(one for one in definitions() if one.code == "fire")
    copy = invented_copy([0, 1, 2], [0.001, fire.half_life, 800.0], [Category.objects.get(code="C0101").pk] * 3)
    counted = count_incidents(copy, invented_ground([1, 1, 1]), (fire,), END)
    assert counted.decayed[:3, 0] == pytest.approx([1, 0.5, 0], abs=1e-4)
    assert counted.decayed[3, 0] == pytest.approx(1.5, abs=1e-4)  # the community


def test_every_kind_of_incident_belongs_to_one_component_or_to_none():
    """Disputes and requests are no hazard; the rest of the community's kinds is."""
    listed = [one for one in definitions() if one.categories]
    none = [
        category.major
        for category in Category.objects.filter(kind="community")
        if max(one.holds(category.kind, category.code) for one in listed) < 0
    ]
    assert set(none) == {"矛盾纠纷", "民生服务", "其他"}


def test_withheld_shares_are_those_of_the_places_that_are_shown():
    people = PeopleOf(invented_ground([1, 1, 1]), invented_kept([50, 50, 40], [3, 12, 8], [9, 9, 9], [9, 9, 9]))
    share = people.share_aged(80, None, 2025)
    assert share.withheld[:3].tolist() == [True, False, True]  # the smallest other goes with the small one
    assert share.values[:3] == pytest.approx([24, 24, 24])


def test_the_scores_follow_the_weights():
    assessment = made_of(([0.1] * 4, [9, 5, 20, 6], [9] * 4, [70, 60, 90, 20], [40] * 4, [(0, 3.0), (2, 2.0)]))
    plain = _score(assessment, DISTRICT, frozenset())
    only = Weights(dimensions=(("capacity", 0.0), ("exposure", 0.0), ("hazard", 1.0), ("vulnerability", 0.0)))
    hazard = _score(assessment, only, frozenset())
    assert hazard.scores.score == pytest.approx(
        hazard.scores.dimensions[list(Dimension).index(Dimension.HAZARD)], nan_ok=True
    )
    assert not np.allclose(plain.scores.score, hazard.scores.score, equal_nan=True)
    assert plain.scores.score == pytest.approx(
        score(list(plain.components), plain.exponents, among=assessment.ground.finest).score, nan_ok=True
    )


def test_a_weight_of_nothing_for_all_leaves_no_score_and_no_error():
    nothing = Weights(dimensions=tuple((str(one), 0.0) for one in Dimension))
    found = _score(made_of(([0.1], [9], [9], [70], [40], [])), nothing, frozenset())
    assert np.isnan(found.scores.score).all()


def test_a_row_of_the_table_that_cannot_be_read_is_named(db):
    row = Code.objects.get(table="risk_component", code="fire")
    row.details["weight"] = "heavy"
    row.save()
    with pytest.raises(Exception, match="fire"):
        definitions()


def test_it_follows_what_changes():
    """An incident that is reported and a place that is drawn: the next look knows."""
    assert assess().ground.find(WEST) is None
    draw_community()
    at = assess().ground.find(WEST)
    assert assess().made.counted.decayed[at].sum() == 0
    Incident.objects.create(
        number="X1", category=Category.objects.get(kind="community", code="C0101"), area=WEST,
        reported_at=timezone.now(), position=Point(116.6, 40.1, srid=4326),
    )  # fmt: skip
    assert assess().made.counted.decayed[at].sum() == pytest.approx(1, abs=0.01)
    assert not np.isnan(scored(DISTRICT).scores.score[at])


def test_needs_are_counted_past_the_wall_round_their_rows_and_rows_are_not():
    today = timezone.localdate()
    alone = Need.objects.filter(tag="elder_alone", starts__lte=today).filter(Q(ends=None) | Q(ends__gt=today))
    expected = dict(alone.values_list("area").annotate(people=Count("resident", distinct=True)).order_by())
    with applied(Scope.of([OTHER_STREET])):
        areas, people = count_needs_of_all(["elder_alone"])
        assert Need.objects.exclude(area__startswith=OTHER_STREET).count() == 0
    assert dict(zip(areas.tolist(), people.tolist(), strict=True)) == expected != {}

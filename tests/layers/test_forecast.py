"""The forecast: tried on held-out weeks, shared out to the cells, and nothing where there is too little."""

import pytest

from gis.models import CellVersion, Forecast, Incident
from gis.risk.trial import OURS, RANDOM
from layers.forecast import DAYS, is_due, make_forecast
from layers.values import Question, values

pytestmark = pytest.mark.django_db


def test_it_forecasts_every_cell_and_beats_chance_on_what_it_has_not_seen(cast):
    assert is_due()
    found = make_forecast()
    assert not is_due()
    assert set(found.expected) == set(CellVersion.objects.values_list("code", flat=True))
    usual = Incident.objects.exclude(state__in=("rejected", "duplicate")).count() * DAYS / 730
    assert sum(found.expected.values()) == pytest.approx(usual, rel=0.6)
    assert 1 >= found.tried[OURS]["10"] > found.tried[RANDOM]["10"] > 0
    answer = values(Question("cells", "forecast"), cast.li.access)
    told = dict(zip(answer.places.codes.tolist(), answer.values.tolist(), strict=True))
    assert told == pytest.approx({code: found.expected[code] for code in told}, abs=0.06)
    assert f"{100 * found.tried[OURS]['10']:.0f}" in answer.note


def test_a_newer_forecast_takes_the_place_of_the_last(cast):
    make_forecast()
    make_forecast()
    assert Forecast.objects.count() == 1


def test_too_few_incidents_are_not_forecast(cast):
    Incident.objects.filter(pk__in=Incident.objects.values("pk")[150:]).delete()
    assert make_forecast() is None
    assert "还没有预测" in values(Question("cells", "forecast"), cast.li.access).note

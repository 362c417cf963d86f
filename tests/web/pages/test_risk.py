"""Risk on the pages: who sees what of it, why a place has its score, and one's own weights."""

import re

import numpy as np
import pytest

from gis.accounts.scope import Access
from gis.models import RiskWeighting
from gis.risk.definitions import definitions
from gis.risk.weighting import DISTRICT
from layers.places import ground
from layers.risk import not_held, scored
from layers.risk_reasons import explain
from layers.values import UNKNOWN, Question, values
from tests.cast import CELL, COMMUNITY, OTHER_STREET, POSTINGS, STREET

pytestmark = pytest.mark.django_db
READERS = [name for name, (role, _) in POSTINGS.items() if role not in ("planner", "administrator")]


@pytest.mark.parametrize("name", READERS)
def test_the_reasons_of_a_cell_add_up_to_its_score(name, cast):
    places = ground()["cells"].inside(cast[name].access.which("incident.read"))
    found = explain(str(places.codes[0]), cast[name].access, DISTRICT)
    assert sum(reason.points for reason in found.reasons) == pytest.approx(found.score - found.typical)
    assert found.low <= found.score <= found.high


def test_the_score_is_the_same_for_everyone_who_sees_it(cast):
    scores = {explain(CELL, cast[name].access, DISTRICT).score for name in ("li", "wang", "sun", "zhou")}
    assert len(scores) == 1


def test_an_officer_who_sees_no_service_needs_gets_a_score_without_them(cast):
    assert not_held(cast.li.access, definitions()) == frozenset()
    assert not_held(cast.he.access, definitions()) == {"alone", "needs"}
    found = explain(CELL, cast.he.access, DISTRICT)
    assert set(found.not_held) == {"独居老人占比", "需照护帮扶人员占比"}
    assert not {"alone", "needs"} & {reason.definition.code for reason in found.reasons}


@pytest.mark.parametrize("name", ["zhao", "admin"])
def test_a_role_that_reads_no_incidents_is_told_no_risk(name, client_of, cast):
    assert explain(CELL, cast[name].access, DISTRICT) is None
    assert client_of(name).get("/risk/").status_code == 403
    assert "risk-score" not in client_of(name).get(f"/cells/{CELL}/").content.decode()
    assert not len(values(Question("cells", "risk"), cast[name].access).places)


def test_a_role_that_counts_no_people_gets_a_score_without_them(cast):
    """An officer whose role holds incidents and not people.count: what it may not see is not in the score either."""
    scope = cast.he.access.which("incident.read")
    officer = Access({"area.read": scope, "incident.read": scope}, (("department_officer", scope.areas[0]),))
    without = not_held(officer, definitions())
    assert without == {"residents", "elders80", "children", "alone", "needs"}
    found = explain(CELL, officer, DISTRICT)
    assert not without & {reason.definition.code for reason in found.reasons}
    assert found.not_held
    assert found.score != explain(CELL, cast.he.access, DISTRICT).score


def test_another_street_is_not_explained(cast):
    elsewhere = str(ground()["community"].inside(cast.chen.access.which("area.read")).codes[0])
    assert elsewhere.startswith(OTHER_STREET)
    assert explain(elsewhere, cast.li.access, DISTRICT) is None
    assert explain("990099009", cast.sun.access, DISTRICT) is None


def test_the_rank_counts_the_places_the_reader_sees(cast):
    li, sun, wang = (explain(CELL, cast[name].access, DISTRICT) for name in ("li", "sun", "wang"))
    assert li.of <= sun.of
    assert (wang.of, wang.rank, wang.top_chance) == (1, None, None)


def test_the_map_and_the_panel_say_the_same(client_of, cast):
    answer = values(Question("cells", "risk"), cast.li.access)
    at = answer.places.codes.tolist().index(CELL)
    found = explain(CELL, cast.li.access, DISTRICT)
    assert answer.values[at] == pytest.approx(found.score, abs=0.006)
    panel = client_of("li").get(f"/map/panel/cell/{CELL}/").content.decode()
    assert f"<b>{found.score:.1f}</b>" in panel


def test_a_withheld_figure_is_in_no_answer(cast):
    """Wherever a share of people is withheld, the reader sees neither it nor the count behind it."""
    for layer in ("cells", "community"):
        for code in ground()[layer].inside(cast.li.access.which("incident.read")).codes.tolist():
            for reason in explain(code, cast.li.access, DISTRICT).reasons:
                assert reason.value is None or not reason.is_withheld


# One's own weights


def test_own_weights_are_kept_for_their_owner_alone(client_of, cast):
    li = client_of("li")
    kept = li.post("/risk/", {"fire": "9", "hazard": "5"}, HTTP_HX_REQUEST="true")
    assert "自定权重" in kept.content.decode()
    assert RiskWeighting.objects.get(user=cast.li).weights == {"fire": 9, "hazard": 5}
    assert "自定权重" in li.get(f"/cells/{CELL}/").content.decode()
    assert "自定权重" not in client_of("sun").get(f"/cells/{CELL}/").content.decode()
    own = values(Question("cells", "risk", weights=scored(DISTRICT).weights), cast.li.access).values
    body = li.get("/map/values/?layer=cells&indicator=risk").content
    assert body != client_of("sun").get("/map/values/?layer=cells&indicator=risk").content
    assert np.isfinite(own).any()


def test_the_district_s_weights_hold_again_after_a_reset(client_of, cast):
    li = client_of("li")
    li.post("/risk/", {"fire": "9"})
    li.post("/risk/", {"reset": "1"})
    assert not RiskWeighting.objects.filter(user=cast.li).exists()
    li.post("/risk/", {"fire": "3"})  # the district's own
    assert not RiskWeighting.objects.filter(user=cast.li).exists()


def test_shared_weights_are_shown_and_not_kept_before_one_says_so(client_of, cast):
    page = client_of("li").get("/risk/?fire=8.5&nonsense=3").content.decode()
    assert re.search(r'name="fire"[^>]*value="8.5"', page)
    assert not RiskWeighting.objects.filter(user=cast.li).exists()


@pytest.mark.parametrize("weight", ["-1", "11", "heavy", "nan", ""])
def test_a_weight_that_is_none_is_refused_and_nothing_is_kept(weight, client_of, cast):
    answer = client_of("li").post("/risk/", {"fire": weight}, HTTP_HX_REQUEST="true", HTTP_ACCEPT="*/*")
    assert answer.status_code == 400
    assert "0 到 10" in answer.json()["error"]
    assert not RiskWeighting.objects.filter(user=cast.li).exists()


def test_weights_of_nothing_are_said_to_leave_no_score(client_of):
    nothing = dict.fromkeys(("hazard", "exposure", "vulnerability", "capacity"), "0")
    answer = client_of("li").post("/risk/", nothing, HTTP_HX_REQUEST="true").content.decode()
    assert "算不出得分" in answer
    assert client_of("li").get(f"/cells/{CELL}/").status_code == 200


def test_a_weight_whose_component_has_left_the_table_is_passed_over(client_of, cast):
    RiskWeighting.objects.create(user=cast.li, weights={"gone": 3, "fire": 7})
    assert re.search(r'name="fire"[^>]*value="7"', client_of("li").get("/risk/").content.decode())


def test_the_default_weights_come_as_a_table_with_their_reasons(client_of):
    lines = client_of("li").get("/risk/weights.csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 4 + len(definitions())
    assert all(line.split(",")[-1] for line in lines)


# Hot and cold spots


def test_a_strip_shows_every_period_with_its_number(client_of):
    page = client_of("li").get(f"/map/panel/cell/{CELL}/").content.decode()
    assert page.count('<rect class="kind') == 12


@pytest.mark.parametrize("indicator", ["spots", "emerging"])
def test_spots_are_classes_of_the_legend(indicator, cast):
    answer = values(Question("cells", indicator, days=90), cast.sun.access)
    shown = answer.values[answer.state != UNKNOWN]
    assert set(shown.tolist()) <= set(range(len(answer.indicator.classes)))
    assert len(shown)


def test_spots_are_judged_against_all_and_not_only_what_one_sees(cast):
    li, sun = (values(Question("cells", "spots", days=90), cast[name].access) for name in ("li", "sun"))
    among = np.isin(sun.places.codes, li.places.codes)
    assert li.values.tolist() == sun.values[among].tolist()
    assert all(code.startswith(STREET) for code in li.places.codes.tolist())
    assert COMMUNITY[:9] == STREET

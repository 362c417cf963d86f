"""Comments in the workspace: about a cell or a place, answered, settled; by everybody of the cast."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis import crs
from gis.models import Plan, PlanNote, PlanNotice
from gis.planning.keeping import drawing_of
from tests.cast import EVERYONE
from tests.gis.planning.drafts import a_plan

pytestmark = pytest.mark.django_db
READERS = ("zhao", "sun", "li", "zhou")


def middle(plan: Plan) -> dict[str, str]:
    """A place that lies in the plan, as a form says it."""
    point = drawing_of(plan).shapes[0].point_on_surface()
    [[lon, lat]] = crs.move(np.array([[point.x, point.y]]), plan.crs, crs.STORE)
    return {"lon": str(lon), "lat": str(lat)}


def say(client, plan: Plan, **fields):
    return client.post(
        f"/plans/{plan.uuid}/notes/", {"text": "这里不对", **fields}, headers={"Accept": "application/json"}
    )


def settle(client, plan: Plan, note: int, settled: str = "1"):
    return client.post(f"/plans/{plan.uuid}/notes/settle/", {"about": note, "settled": settled})


@pytest.mark.parametrize("name", EVERYONE)
def test_who_reads_the_plan_points_at_a_place_of_it(client_of, cast, name):
    plan, client = a_plan(cast), client_of(name)
    answer = say(client, plan, cell="1", **middle(plan))
    if name not in READERS:
        assert answer.status_code == client.get(f"/plans/{plan.uuid}/notes/").status_code == 404
        assert settle(client, plan, 1).status_code == 404
        assert not plan.notes.exists()
        return
    [note] = answer.json()["notes"]
    assert note["place"] == pytest.approx([float(middle(plan)["lat"]), float(middle(plan)["lon"])], abs=1e-9)
    assert (note["text"], note["cell"], note["settled"], note["may"]) == ("这里不对", 1, False, True)
    assert f"?note={note['id']}" in client.get(f"/plans/{plan.uuid}/talk/").content.decode()


def test_an_answer_stands_under_the_comment_and_an_answer_to_it_there_too(client_of, cast):
    plan = a_plan(cast)
    first = say(client_of("li"), plan).json()["notes"][0]["id"]
    second = say(client_of("zhao"), plan, about=first, text="已改").json()["notes"][1]["id"]
    notes = say(client_of("li"), plan, about=second, text="谢谢").json()["notes"]
    assert [note["about"] for note in notes] == [None, first, first]


def test_who_draws_settles_and_who_wrote_it_opens_it_again(client_of, cast):
    plan = a_plan(cast)
    note = say(client_of("li"), plan).json()["notes"][0]["id"]
    assert [one["settled"] for one in settle(client_of("zhao"), plan, note).json()["notes"]] == [True, False]
    assert PlanNotice.objects.filter(user=cast["li"], kind="settled").count() == 1
    assert settle(client_of("li"), plan, note, "0").json()["notes"][0]["settled"] is False
    assert PlanNote.objects.filter(plan=plan, about=note).count() == 2


def test_others_do_not_settle_what_they_did_not_write(client_of, cast):
    plan = a_plan(cast)
    note = say(client_of("li"), plan).json()["notes"][0]["id"]
    assert settle(client_of("sun"), plan, note).status_code == 403
    assert plan.notes.count() == 1
    shown = client_of("sun").get(f"/plans/{plan.uuid}/notes/").json()["notes"]
    assert [one["may"] for one in shown] == [False]


def test_a_settled_comment_is_no_decision(client_of, cast):
    plan = a_plan(cast)
    note = say(client_of("zhao"), plan).json()["notes"][0]["id"]
    settle(client_of("zhao"), plan, note)
    body = {"act": "submit", "seen": plan.revision}
    assert client_of("zhao").post(f"/plans/{plan.uuid}/decide/", body).status_code == 302
    settle(client_of("zhao"), plan, note, "0")
    assert client_of("sun").post(
        f"/plans/{plan.uuid}/decide/", {"act": "reject", "seen": plan.revision, "text": "再看"}
    )
    assert Plan.objects.get(pk=plan.pk).state == Plan.State.REJECTED


@pytest.mark.parametrize(
    "fields",
    [{"lon": "0", "lat": "0"}, {"lon": "x", "lat": "1"}, {"lat": "40"}, {"lon": "nan", "lat": "nan"},
     {"about": "999999999"}, {"lon": "inf", "lat": "1e400"}, {"cell": "99"}, {"text": " "}, {"text": "长" * 501}],
)  # fmt: skip
def test_what_cannot_be_said_is_refused_with_words_and_nothing_is_kept(client_of, cast, fields):
    plan = a_plan(cast)
    answer = say(client_of("li"), plan, **fields)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert answer.json()["fix"]
    assert not plan.notes.exists()


def test_a_comment_of_another_plan_is_none_of_this(client_of, cast):
    plan, other = a_plan(cast), a_plan(cast)
    note = say(client_of("li"), other).json()["notes"][0]["id"]
    assert say(client_of("li"), plan, about=note).status_code == 422
    assert settle(client_of("zhao"), plan, note).status_code == 422


def test_it_is_read_only_where_it_was_looked_at(client_of, cast):
    plan = a_plan(cast)
    say(client_of("li"), plan)
    zhao, here = client_of("zhao"), f"/plans/{plan.uuid}/here/"
    zhao.get(f"/plans/{plan.uuid}/notes/")
    assert zhao.post(here).json()["unread"] == 1
    zhao.get(f"/plans/{plan.uuid}/notes/?read=1")
    assert zhao.post(here).json()["unread"] == 0


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(about=st.text(max_size=8), cell=st.text(max_size=8), lon=st.text(max_size=8), settled=st.text(max_size=3))
def test_nonsense_breaks_nothing(client_of, cast, about, cell, lon, settled):
    plan, client = a_plan(cast), client_of("zhao")
    assert say(client, plan, about=about, cell=cell, lon=lon).status_code in (200, 422)
    assert client.post(f"/plans/{plan.uuid}/notes/settle/", {"about": about, "settled": settled}).status_code in (
        200,
        422,
    )

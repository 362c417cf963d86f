"""The endpoints a workspace talks to."""

import numpy as np
import pytest

from gis.planning.keeping import drawing_of
from layers.packing import unpacked
from tests.cast import EVERYONE
from tests.gis.planning.drafts import a_plan, beside

pytestmark = pytest.mark.django_db


def post(client, plan, name: str, **body):
    return client.post(f"/plans/{plan.uuid}/{name}/", body, content_type="application/json")


def test_tiles_come_packed_and_once(client_of, cast):
    plan = a_plan(cast)
    client = client_of("zhao")
    answer = client.get(f"/plans/{plan.uuid}/tiles/")
    head, arrays = unpacked(answer.content)
    drawing = drawing_of(plan)
    assert arrays["ids"].tolist() == drawing.ids.tolist()
    assert arrays["cell"].tolist() == drawing.cell.tolist()
    assert arrays["ring_start"][-1] * 2 == len(arrays["xy"])
    assert set(arrays["ring_tile"]) == set(range(len(drawing)))
    assert np.abs(arrays["xy"]).max() < 20_000  # metres from the origin
    assert head["revision"] == 0
    again = client.get(f"/plans/{plan.uuid}/tiles/", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_a_step_is_answered_with_what_changed(client_of, cast):
    plan = a_plan(cast)
    tile, other = beside(drawing_of(plan))
    client = client_of("zhao")
    tried = post(client, plan, "try", kind="paint", args={"tiles": [tile], "cell": other}).json()
    taken = post(client, plan, "steps", kind="paint", args={"tiles": [tile], "cell": other}, seen=0).json()
    assert (taken["tiles"], taken["cell"], taken["revision"], taken["undo"]) == ([tile], [other], 1, 1)
    assert taken["figures"] == tried["figures"]
    assert len(taken["figures"]) == 2
    undone = post(client, plan, "undo", seen=1).json()
    assert (undone["tiles"], undone["undo"], undone["redo"]) == ([tile], 0, 1)
    assert post(client, plan, "redo", seen=2).json()["cell"] == [other]
    since = client.get(f"/plans/{plan.uuid}/since/?revision=0").json()
    assert (since["tiles"], since["cell"], len(since["steps"])) == ([tile], [other], 3)


def test_a_stale_step_is_refused_with_the_difference(client_of, cast):
    plan = a_plan(cast)
    tile, other = beside(drawing_of(plan))
    client = client_of("zhao")
    post(client, plan, "steps", kind="paint", args={"tiles": [tile], "cell": other}, seen=0)
    answer = post(client, plan, "steps", kind="lock", args={"cells": [], "locked": True}, seen=0)
    assert answer.status_code == 409


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"kind": "paint"}', b'{"kind": "paint", "seen": "0", "args": 3}'])
def test_nonsense_is_refused(client_of, cast, body):
    plan = a_plan(cast)
    answer = client_of("zhao").post(f"/plans/{plan.uuid}/steps/", body, content_type="application/json")
    assert answer.status_code == 422


def test_who_may_read_and_who_may_draw(client_of, cast):
    plan = a_plan(cast)
    told = {name: client_of(name).get(f"/plans/{plan.uuid}/state/").status_code for name in EVERYONE}
    assert {name for name, status in told.items() if status == 200} == {"zhao", "li", "sun", "zhou"}
    assert {told[name] for name in ("chen", "wang", "he", "admin")} == {404}
    refused = post(client_of("li"), plan, "steps", kind="lock", args={"cells": [], "locked": True}, seen=0)
    assert refused.status_code == 403


def test_a_plan_is_opened_by_its_form(client_of, cast):
    client = client_of("zhao")
    assert "春季" not in client.get("/plans/").content.decode()
    made = client.post("/plans/new/", {"name": "春季调整", "area": "110113001006", "start": "nothing"})
    assert made.status_code == 302
    assert client.get(made.url).status_code == 200
    assert "春季" in client.get("/plans/").content.decode()
    assert client_of("li").get("/plans/new/").status_code == 403


def test_another_target_brings_the_figures_of_all_cells(client_of, cast):
    plan = a_plan(cast, "110113001")
    client = client_of("zhao")
    wish = {"target": 100, "tolerance": 0.2, "weights": {"households": 1}}
    answer = post(client, plan, "wish", seen=0, **wish).json()
    assert (answer["target"], len(answer["figures"])) == (100, len(drawing_of(plan).cells) + 1)
    undone = post(client, plan, "undo", seen=1).json()
    assert (undone["target"], len(undone["figures"])) == (300, len(answer["figures"]))
    assert post(client, plan, "wish", seen=2, **wish | {"target": 0}).status_code == 422


def test_the_record_is_told_and_gone_back_in(client_of, cast):
    plan = a_plan(cast)
    tile, other = beside(drawing_of(plan))
    client = client_of("zhao")
    post(client, plan, "steps", kind="paint", args={"tiles": [tile], "cell": other}, seen=0)
    post(client, plan, "steps", kind="lock", args={"cells": [], "locked": True}, seen=1)
    answer = post(client, plan, "go-to", revision=0, seen=2).json()
    assert (answer["tiles"], answer["undo"], answer["redo"]) == ([tile], 0, 2)
    told = client.get(f"/plans/{plan.uuid}/history/").json()
    assert [one["kind"] for one in told["steps"]] == ["undo", "undo", "lock", "paint"]
    assert (told["done"], told["undone"]) == ([], [2, 1])
    assert post(client, plan, "go-to", revision=-1, seen=4).status_code == 422


def test_a_workspace_far_behind_is_told_to_open_anew(client_of, cast, monkeypatch):
    monkeypatch.setattr("web.planning.steps._MOST_REPLAYED", 2)
    plan = a_plan(cast)
    client = client_of("zhao")
    for seen in range(3):
        post(client, plan, "steps", kind="lock", args={"cells": [1], "locked": seen % 2 == 0}, seen=seen)
    assert client.get(f"/plans/{plan.uuid}/since/?revision=0").json() == {"revision": 3, "reload": True}
    assert len(client.get(f"/plans/{plan.uuid}/since/?revision=1").json()["steps"]) == 2

"""The map's questions about service: answered in scope, changed by who may, refused in words."""

import gzip
import json

import pytest

from gis.models import Proposal, ServicePoint
from layers.service import demand, ground
from tests.cast import OTHER_STREET, STREET


@pytest.fixture(autouse=True)
def nothing_kept():
    yield
    ground.forget()
    demand.forget()


@pytest.fixture
def client_of(client_of):
    """As a script asks, so that a refusal comes as JSON."""
    return lambda name: client_of(name, HTTP_ACCEPT="*/*")


def ask(browser, query: str = "", page: str = "") -> dict:
    answer = browser.get(f"/map/service/{page}?kind=canteen{query}")
    body = gzip.decompress(answer.content) if answer.headers.get("Content-Encoding") == "gzip" else answer.content
    return json.loads(body) | {"status": answer.status_code}


def post(browser, page: str, **told):
    return browser.post(f"/map/service/{page}/", json.dumps(told), content_type="application/json")


def point_in(area: str) -> ServicePoint:
    return ServicePoint.objects.filter(area__startswith=area, kind="canteen").first() or move_one_into(area)


def move_one_into(area: str) -> ServicePoint:
    point = ServicePoint.objects.filter(area__startswith=area).first()
    ServicePoint.objects.filter(pk=point.pk).update(kind="canteen")
    point.refresh_from_db()
    return point


def position(point: ServicePoint) -> list[float]:
    return list(point.position.coords)


def at(point: ServicePoint) -> str:
    return "&at={},{}".format(*point.position.coords)


def test_it_answers_with_points_minutes_and_people(client_of):
    point = point_in(STREET)
    said = ask(client_of("li"))
    assert point.pk in [one["id"] for one in said["points"]]
    assert said["beyond"]["rounded"]
    homes = said["homes"]
    assert len(homes["ids"]) == len(homes["tenths"]) == len(homes["at"]) / 2 > 20
    assert said["beyond"]["total"]["people"] > 50
    assert (
        sum(one["people"] for one in said["points"])
        == said["beyond"]["total"]["people"] - said["beyond"]["total"]["beyond"]
    )


def test_a_planner_sees_counts_and_an_administrator_minutes_only(client_of):
    point_in(STREET)
    assert ask(client_of("zhao"))["beyond"]["total"]["people"] > 50
    said = ask(client_of("admin"))
    assert said["beyond"] is None
    assert said["points"][0]["people"] is None
    assert client_of("admin").get("/map/service/best/?kind=canteen&k=1").status_code == 403


def test_another_street_is_nowhere(client_of):
    point = point_in(STREET)
    said = ask(client_of("chen"))
    assert point.pk not in [one["id"] for one in said["points"]]
    assert ask(client_of("chen"), f"&area={STREET}")["homes"]["ids"] == []
    said = ask(client_of("chen"), f"&area={STREET}" + at(point), "try/")
    assert said["effect"] is None


def test_it_finds_the_best_and_says_how_sure_it_is(client_of):
    said = ask(client_of("li"), "&minutes=3&k=2", "best/")
    assert said["how"] == "exact"
    assert said["gap"] == 0
    assert said["effect"]["together"]["people"] > 0
    assert all(one["name"] for one in said["sites"])


def test_it_draws_the_ground_within_a_walk(client_of):
    said = ask(client_of("li"), "&minutes=5" + at(point_in(STREET)), "around/")
    assert said["outline"]["type"] in ("Polygon", "MultiPolygon")


@pytest.mark.parametrize(
    "query",
    [
        "kind=casino",
        "kind=canteen&minutes=900",
        "kind=canteen&minutes=x",
        "kind=canteen&speed=nan",
        "kind=canteen&group=x",
    ],
)
def test_it_refuses_a_question_it_cannot_answer(query, client_of):
    answer = client_of("li").get(f"/map/service/?{query}")
    assert answer.status_code == 400
    assert answer.json()["fix"]


@pytest.mark.parametrize("where", ["", "at=", "at=1", "at=a,b", "at=500,10", "at=nan,1", "at=" + "1,1;" * 60])
def test_it_refuses_positions_that_are_none(where, client_of):
    assert client_of("li").get(f"/map/service/try/?kind=canteen&{where}").status_code == 400


@pytest.mark.parametrize("k", ["0", "11", "x", ""])
def test_it_places_one_to_ten(k, client_of):
    assert client_of("li").get(f"/map/service/best/?kind=canteen&k={k}").status_code == 400


def test_a_planner_adds_moves_and_closes_a_point(client_of):
    planner, here = client_of("zhao"), point_in(STREET)
    made = post(planner, "points", kind="clinic", name="新站", capacity=30, at=position(here))
    point = ServicePoint.objects.get(pk=made.json()["id"])
    assert (point.area, point.capacity, point.ends) == (here.area, 30, None)
    other = ServicePoint.objects.filter(area__startswith=STREET).exclude(area=here.area).first()
    assert post(planner, "points", id=point.pk, at=position(other)).json()["area"] == other.area
    post(planner, "points", id=point.pk, closed=True)
    assert point.pk not in [one["id"] for one in ask(planner, "&kind=clinic")["points"]]
    post(planner, "points", id=point.pk, closed=False)
    assert ServicePoint.objects.get(pk=point.pk).ends is None


@pytest.mark.parametrize("name", ["li", "wang", "sun", "he", "zhou"])
def test_no_other_role_changes_points(name, client_of):
    point = point_in(STREET)
    assert post(client_of(name), "points", kind="clinic", name="新站", at=position(point)).status_code == 403
    assert post(client_of(name), "points", id=point.pk, name="改名").status_code in (403, 404)
    assert not ServicePoint.objects.filter(name__in=["新站", "改名"]).exists()


def test_a_planner_changes_nothing_of_another_street(client_of):
    planner, theirs, ours = client_of("zhao"), point_in(OTHER_STREET), point_in(STREET)
    assert post(planner, "points", id=theirs.pk, name="改名").status_code == 404
    assert post(planner, "points", id=ours.pk, at=position(theirs)).status_code == 400
    assert post(planner, "points", kind="clinic", name="新站", at=position(theirs)).status_code == 400


@pytest.mark.parametrize(
    "told",
    [
        {"name": ""},
        {"name": "x" * 200},
        {"capacity": -1},
        {"capacity": "many"},
        {"at": "here"},
        {"at": [1]},
        {"at": [10**400, 1]},
        {"kind": "x"},
    ],
)
def test_it_refuses_a_point_that_is_wrong_and_says_what(told, client_of):
    given = {"kind": "clinic", "name": "新站", "at": position(point_in(STREET))} | told
    answer = post(client_of("zhao"), "points", **given)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_what_is_no_json_is_refused(client_of):
    for page in ("points", "proposals"):
        answer = client_of("zhao").post(f"/map/service/{page}/", "[1,", content_type="application/json")
        assert answer.status_code == 400


def test_a_proposal_is_saved_shown_by_link_in_scope_and_deleted_by_its_owner(client_of):
    where = position(point_in(STREET))
    saved = post(client_of("li"), "proposals", name="第二食堂", kind="canteen", minutes=15, sites=[where], area=STREET)
    (mine,) = saved.json()["proposals"]
    link = f"/map/service/proposals/?uuid={mine['uuid']}"
    assert client_of("zhao").get(link).json()["proposals"][0]["mine"] is False
    assert client_of("chen").get(link).status_code == 404
    assert client_of("zhao").get("/map/service/proposals/").json()["proposals"] == []
    post(client_of("zhao"), "proposals", delete=mine["uuid"])
    assert Proposal.objects.count() == 1
    assert post(client_of("li"), "proposals", delete=mine["uuid"]).json()["proposals"] == []


def test_odd_values_are_taken_as_what_they_can_mean(client_of):
    where = position(point_in(STREET))
    body = json.dumps({"name": "甲\x00", "kind": "canteen", "minutes": float("nan"), "sites": [where]})
    answer = client_of("li").post("/map/service/proposals/", body, content_type="application/json")
    assert [(one["name"], one["minutes"]) for one in answer.json()["proposals"]] == [("甲", 15)]
    made = post(client_of("zhao"), "points", kind="clinic", name="新\x00站", opening=None, at=where)
    assert ServicePoint.objects.get(pk=made.json()["id"]).name == "新站"
    nan = json.dumps({"kind": "clinic", "name": "新站", "at": [float("nan"), 1]})
    answer = client_of("zhao").post("/map/service/points/", nan, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "told",
    [{"name": " "}, {"sites": []}, {"sites": [[1, 2]] * 11}, {"sites": [["a", 2]]}, {"kind": "x"}],
)
def test_it_saves_no_proposal_that_says_nothing(told, client_of):
    given = {"name": "甲", "kind": "canteen", "minutes": 15, "sites": [[116.65, 40.13]]} | told
    assert post(client_of("li"), "proposals", **given).status_code == 400
    assert not Proposal.objects.exists()


def test_the_list_of_buildings_shows_those_beyond(client_of):
    point_in(STREET)
    li = client_of("li")
    tenths = ask(li, "&minutes=5")["homes"]["tenths"]
    page = li.get("/buildings/?beyond=canteen&minutes=5")
    beyond = sum(one > 50 or one < 0 for one in tenths)
    assert abs(page.context["page"].total - beyond) <= sum(one == 50 for one in tenths)
    assert "步行 5 分钟到不了" in page.content.decode()


def test_the_map_page_offers_it_to_everyone(client_of):
    page = client_of("wang").get("/", HTTP_ACCEPT="text/html").content.decode()
    assert "service-try" in page or "map/service/try" in page

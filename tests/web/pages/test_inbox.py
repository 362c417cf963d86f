"""The inbox: what waits for the reader, and many moves in one go."""

import re

import pytest
from django.utils import timezone

from gis.incidents.incident import OPEN
from gis.incidents.workflow import allowed, expected_moves, waiting
from gis.models import Assignment, Department, Incident, Step
from tests.gis.incidents.loop import a_case, brought_to, civil, go
from web.pages.case_moves import is_expected

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_ACCEPT": "application/json"}


def text(response, status: int = 200) -> str:
    assert response.status_code == status
    return response.content.decode()


def listed(page: str) -> set[str]:
    return set(re.findall(r'name="case" form="bulk" value="([^":]+):', page))


def tick(incident: Incident) -> str:
    return f"{incident.number}:{incident.revision}"


@pytest.mark.parametrize(
    ("who", "state", "act"),
    [
        ("zhou", "reported", "file"),
        ("li", "filed", "dispatch"),
        ("he", "dispatched", "take"),
        ("wang", "checking", "checked"),
    ],
)
def test_a_case_stands_in_the_inbox_of_who_has_the_next_move(cast, client_of, who, state, act):
    incident = brought_to(cast, state)
    browser = client_of(who)
    assert incident.number in listed(text(browser.get("/inbox/")))
    page = text(browser.get("/inbox/", {"act": act}))
    assert incident.number in listed(page)
    assert f"/incidents/{incident.number}/#move-{act}" in page
    assert incident.number not in listed(text(client_of("chen").get("/inbox/")))


def test_it_leaves_when_its_move_is_made(cast, client_of):
    incident = brought_to(cast, "dispatched")
    assert incident.number in listed(text(client_of("he").get("/inbox/", {"act": "take"})))
    go(cast, "he", incident, "take")
    assert incident.number not in listed(text(client_of("he").get("/inbox/", {"act": "take"})))
    assert incident.number in listed(text(client_of("he").get("/inbox/", {"act": "dispose"})))


@pytest.mark.parametrize("who", ["li", "wang", "zhou", "he", "sun"])
def test_the_page_of_a_case_and_the_inbox_agree(cast, who):
    for state in OPEN:
        if state in ("reported", "filed", "dispatched", "in_progress", "disposed", "checking"):
            brought_to(cast, state)
    user = cast[who]
    mine = set(Incident.objects.filter(waiting(user, user.access)).values_list("pk", flat=True))
    for incident in Incident.objects.filter(state__in=OPEN).order_by("-pk")[:40]:
        due = [one for one in allowed(incident, user, user.access) if is_expected(one, incident)]
        assert bool(due) == (incident.pk in mine), (incident.state, incident.asked)


def test_the_tabs_count_what_they_lead_to(cast, client_of):
    for state in ("reported", "filed", "filed"):
        brought_to(cast, state)
    page = client_of("li").get("/inbox/")
    for tab in page.context["tabs"]:
        assert client_of("li").get(f"/inbox/?{tab.query}").context["page"].total == tab.count, tab


def test_what_is_due_first_comes_first_and_urgent_before_all(cast, client_of):
    incidents = [brought_to(cast, "filed") for _ in range(3)]
    Incident.objects.filter(pk=incidents[1].pk).update(urgent=True)
    rows = client_of("li").get("/inbox/", {"act": "dispatch"}).context["page"].rows
    assert rows[0].pk == incidents[1].pk
    due = [one.stage_due_at or one.due_at for one in rows if not one.urgent]
    assert due == sorted(due)


@pytest.mark.parametrize("query", ["?act=nonsense", "?act=rate", "?page=x&late=2", "?act=dispatch&act=file&page=-1"])
def test_nonsense_shows_the_inbox(cast, client_of, query):
    text(client_of("li").get(f"/inbox/{query}"))


def test_who_has_no_cases_is_told_so(cast, client_of):
    Incident.objects.all().delete()
    assert "现在没有要您办的事件" in text(client_of("zhou").get("/inbox/"))
    assert client_of("zhao").get("/inbox/").status_code == 403


def test_many_are_moved_in_one_go_each_for_itself(cast, client_of):
    first, second, third = (brought_to(cast, "filed") for _ in range(3))
    go(cast, "zhou", second, "reject")
    sent = {
        "act": "dispatch",
        "department": civil().pk,
        "case": [tick(first), tick(second), tick(third), "none:1", "\x00"],
    }
    results = client_of("li", **SCRIPT).post("/incidents/bulk/", sent).json()["results"]
    assert [bool(one["error"]) for one in results] == [False, True, False, True, True]
    states = {one.refresh_from_db() or one.state for one in (first, third)}
    assert states == {"dispatched"}
    assert Step.objects.filter(incident=first).latest("pk").actor == cast.li


def test_many_go_to_a_lead_and_those_who_help_it_in_one_go(cast, client_of):
    first, second = (brought_to(cast, "filed") for _ in range(2))
    lead, helper = civil(), Department.objects.exclude(pk=civil().pk).order_by("pk").first()
    sent = {"act": "dispatch", "department": lead.pk, "helper": [helper.pk], "case": [tick(first), tick(second)]}
    results = client_of("li", **SCRIPT).post("/incidents/bulk/", sent).json()["results"]
    assert not any(one["error"] for one in results)
    for one in (first, second):
        given = Assignment.objects.filter(incident=one, ended=None).order_by("-lead")
        assert [(row.department, row.lead) for row in given] == [(lead, True), (helper, False)]


def test_one_that_changed_since_the_list_was_drawn_is_left(cast, client_of):
    incident = brought_to(cast, "filed")
    seen = tick(incident)
    go(cast, "zhou", incident, "comment")
    sent = {"act": "dispatch", "department": civil().pk, "case": [seen]}
    (result,) = client_of("li", **SCRIPT).post("/incidents/bulk/", sent).json()["results"]
    assert result["error"]
    incident.refresh_from_db()
    assert incident.state == "filed"


def test_all_of_them_are_taken_back_in_one_go(cast, client_of):
    incidents = [a_case() for _ in range(3)]
    browser = client_of("zhou", **SCRIPT)
    made = browser.post("/incidents/bulk/", {"act": "file", "case": [tick(one) for one in incidents]}).json()["results"]
    steps = [one["step"] for one in made]
    assert all(steps)
    others = client_of("li", **SCRIPT).post("/incidents/bulk/undo/", {"step": steps}).json()["results"]
    assert others == []  # they are not Li's
    browser.post("/incidents/bulk/undo/", {"step": steps})
    assert {one.refresh_from_db() or one.state for one in incidents} == {"reported"}


def test_without_a_script_a_page_says_what_came_of_it(cast, client_of):
    first, second = a_case(), a_case()
    go(cast, "zhou", second, "file")
    page = text(
        client_of("zhou").post("/incidents/bulk/", {"act": "file", "case": [tick(first), f"{second.number}:0"]})
    )
    assert "办成 1 件，没办成 1 件" in page
    assert second.number in page
    assert "全部撤销" in page


def test_the_list_of_all_incidents_moves_many_too(cast, client_of):
    incident = a_case(at=timezone.now())  # the latest, so on the first page
    page = text(client_of("zhou").get("/incidents/"))
    assert incident.number in listed(page)
    assert 'id="bulk"' in page


def test_every_expected_move_has_a_tab(cast, client_of):
    known = {move.act for move in expected_moves()}
    shown = {tab.code for tab in client_of("zhou").get("/inbox/").context["tabs"]}
    assert shown <= known | {"", "late"}

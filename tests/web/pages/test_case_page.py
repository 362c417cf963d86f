"""The page of a case: what may be done now, by whom, and what was done."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gis.models import Department, Incident, Step
from tests.cast import EVERYONE
from tests.gis.incidents.loop import a_case, brought_to, civil, go
from tests.gis.incidents.photos import a_jpeg
from tests.gis.incidents.reported import report

pytestmark = pytest.mark.django_db


def a_photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", a_jpeg(), "image/jpeg")


def text(response, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:500]
    return response.content.decode()


def acts(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('id="move-')[1:]]


def address(incident: Incident) -> str:
    return f"/incidents/{incident.number}/"


def post(browser, incident: Incident, act: str, **fields):
    sent = {"act": act, "seen": incident.revision, **fields}
    return browser.post(f"{address(incident)}moves/", sent)


@pytest.mark.parametrize(
    ("state", "who", "first", "never"),
    [
        ("reported", "zhou", "file", "dispose"),
        ("filed", "li", "dispatch", "take"),
        ("dispatched", "he", "take", "close"),
        ("in_progress", "he", "dispose", "close"),
        ("disposed", "zhou", "close", "dispose"),
        ("checking", "wang", "checked", "close"),
    ],
)
def test_it_offers_the_move_the_case_waits_for_first(cast, client_of, state, who, first, never):
    incident = brought_to(cast, state)
    found = acts(text(client_of(who).get(address(incident))))
    assert found[0] == first
    assert never not in found


def test_every_offered_move_is_one_the_domain_allows(cast, client_of):
    from gis.incidents.workflow import allowed

    for state in ("reported", "filed", "dispatched", "in_progress", "checking", "closed"):
        incident = brought_to(cast, state)
        for who in ("li", "wang", "zhou", "he", "sun"):
            found = set(acts(text(client_of(who).get(address(incident)))))
            expected = {move.act for move in allowed(incident, cast[who], cast[who].access)}
            assert found == expected - {"comment", "answer"}, (state, who)


def test_a_whole_case_is_worked_from_its_page(cast, client_of):
    incident = a_case()
    for who, act, fields in (
        ("zhou", "file", {}),
        ("zhou", "dispatch", {"department": civil().pk, "note": "请尽快"}),
        ("he", "take", {}),
        ("he", "dispose", {"note": "清理完毕", "photo": a_photo()}),
        ("zhou", "check", {}),
        ("wang", "checked", {"note": "现场干净"}),
        ("zhou", "close", {}),
    ):
        assert post(client_of(who), incident, act, **fields).status_code == 302, act
        incident.refresh_from_db()
    page = text(client_of("li").get(address(incident)))
    assert incident.state == "closed"
    assert page.index("清理完毕") < page.index("现场干净")
    assert "/photos/" in page


def test_two_clerks_do_not_overwrite_each_other(cast, client_of):
    incident = brought_to(cast, "filed")
    seen = incident.revision
    go(cast, "zhou", incident, "reject", note="不属于受理范围")
    sent = {"act": "dispatch", "seen": seen, "department": civil().pk, "note": "请王队长今天去看"}
    page = text(client_of("li").post(f"{address(incident)}moves/", sent), 409)
    assert "不予受理" in page
    assert "不属于受理范围" in page
    assert "请王队长今天去看" in page  # nobody types it twice
    assert Step.objects.filter(incident=incident).latest("pk").act == "reject"


def test_a_script_is_told_what_the_others_did(cast, client_of):
    incident = brought_to(cast, "filed")
    seen = incident.revision
    go(cast, "zhou", incident, "comment", note="等一下")
    answer = client_of("li", HTTP_ACCEPT="application/json").post(
        f"{address(incident)}moves/", {"act": "dispatch", "seen": seen, "department": civil().pk}
    )
    assert answer.status_code == 409
    assert answer.json()["theirs"]["revision"] == seen + 1
    assert answer.json()["theirs"]["steps"][0]["note"] == "等一下"


def test_what_is_missing_is_said_beside_its_field_and_the_rest_is_kept(cast, client_of):
    incident = brought_to(cast, "filed")
    page = text(post(client_of("li"), incident, "dispatch", note="尽快"), 422)
    assert "还没有选派给谁" in page
    assert ">尽快</textarea>" in page
    assert 'id="move-dispatch" open' in page


@pytest.mark.parametrize(
    "sent",
    [
        {"act": "nonsense"},
        {"act": ""},
        {"act": "dispatch", "department": "x", "helper": ["", "-1", "9" * 30], "team": "\x00" * 40},
        {"act": "dispatch", "department": "999999999"},
        {"act": "dispatch", "team": "110113001007"},
        {"act": "duplicate", "target": "no\x00such"},
        {"act": "comment", "note": "\x00 \n"},
        {"act": "comment", "note": "长" * 2001},
        {"act": "ask_suspend", "until": "2026-02-31", "note": "等配件"},
        {"act": "file", "seen": "99"},
    ],
)
def test_nonsense_is_refused_and_changes_nothing(cast, client_of, sent):
    incident = brought_to(cast, "filed")
    before = (Step.objects.count(), incident.revision)
    answer = client_of("li").post(f"{address(incident)}moves/", sent)
    assert 400 <= answer.status_code < 500
    incident.refresh_from_db()
    assert (Step.objects.count(), incident.revision) == before


def test_who_disposed_of_it_is_not_offered_to_close_it(cast, client_of):
    incident = brought_to(cast, "dispatched")
    go(cast, "zhou", incident, "redirect", team=incident.area[:12])
    go(cast, "zhou", incident, "take")
    go(cast, "zhou", incident, "dispose")
    assert "close" not in acts(text(client_of("zhou").get(address(incident))))
    assert post(client_of("zhou"), incident, "close").status_code == 403
    assert "close" in acts(text(client_of("li").get(address(incident))))


def test_a_step_is_taken_back_from_the_page_by_who_made_it(cast, client_of):
    incident = brought_to(cast, "reported")
    post(client_of("zhou"), incident, "file")
    step = Step.objects.filter(incident=incident).latest("pk")
    undo = f"{address(incident)}steps/{step.pk}/undo/"
    assert f'action="{undo}"' in text(client_of("zhou").get(address(incident)))
    assert undo not in text(client_of("li").get(address(incident)))
    assert client_of("li").post(undo).status_code == 404
    assert client_of("zhou").post(undo).status_code == 302
    incident.refresh_from_db()
    assert incident.state == "reported"
    page = text(client_of("zhou").get(address(incident)))
    assert "已撤销" in page
    assert undo not in page


def test_words_to_colleagues_and_to_the_public_are_told_apart(cast, client_of):
    incident = brought_to(cast, "in_progress")
    go(cast, "zhou", incident, "comment", note="当事人有情绪")
    go(cast, "zhou", incident, "answer", note="本周内清理完毕")
    page = text(client_of("li").get(address(incident)))
    steps = page[page.index('id="steps"') :]
    inside, outside = steps.index('class="inside"'), steps.index('class="outside"')
    assert inside < steps.index("当事人有情绪") < outside < steps.index("本周内清理完毕")


def test_it_says_whose_turn_it_is(cast, client_of):
    incident = brought_to(cast, "dispatched")
    page = text(client_of("wang").get(address(incident)))
    assert "接收" in page
    assert civil().name in page
    assert "这一步不归您办" in page or acts(page)


def test_it_names_whom_a_case_went_to(cast, client_of):
    incident = brought_to(cast, "filed")
    helper = Department.objects.exclude(pk=civil().pk).first()
    post(client_of("zhou"), incident, "dispatch", department=civil().pk, helper=[helper.pk])
    page = text(client_of("li").get(address(incident)))
    assert f"牵头：{civil().name}" in page
    assert f"协办：{helper.name}" in page


def test_photos_before_and_after_stand_side_by_side(cast, client_of):
    incident = brought_to(cast, "checking")
    browser = client_of("wang")
    page = text(browser.get(address(incident)))
    assert "处置前后" not in page
    post(browser, incident, "checked", note="好了", photo=a_photo())
    assert "处置前后" not in text(browser.get(address(incident)))  # one side is missing


@pytest.mark.parametrize("who", EVERYONE)
def test_a_case_that_is_not_theirs_is_not_moved(cast, client_of, who):
    incident = brought_to(cast, "reported")
    answer = post(client_of(who), incident, "dispose", note="好了")
    assert answer.status_code in (403, 404)
    incident.refresh_from_db()
    assert incident.state == "reported"


def test_the_page_is_kept_by_nobody(cast, client_of):
    incident = brought_to(cast, "reported")
    assert "no-store" in client_of("li").get(address(incident)).headers["Cache-Control"]


def test_it_speaks_english(cast, client_of):
    incident = brought_to(cast, "filed")
    page = text(client_of("li", HTTP_ACCEPT_LANGUAGE="en").get(address(incident)))
    assert "What you can do now" in page


def test_a_case_of_another_area_is_not_named(cast, client_of):
    """What it was merged into lies in a cell that Wang does not see."""
    kept, double = report(area="110113001006003"), a_case()
    go(cast, "zhou", double, "duplicate", target=kept.number)
    assert kept.number in client_of("zhou").get(f"/incidents/{double.number}/").content.decode()
    seen = client_of("wang").get(f"/incidents/{double.number}/").content.decode()
    assert kept.number not in seen
    assert "另一件事" in seen

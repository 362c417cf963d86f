"""The pages of subscriptions and the feed by token: asked for, decided, taken, and nothing to anybody else."""

import datetime as dt

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from gis.accounts.token import Token, digest_of, new_text
from gis.collection.sharing import preparing
from gis.collection.sharing.exporting import make_export
from gis.models import Department, Export, Posting, Reading, Resident, Subscription, User
from tests.browsing import Browser
from tests.cast import CELL, COMMUNITY, STREET
from tests.gis.collection.sharing.test_feed import resident
from tests.gis.collection.sharing.test_subscribing import asked, drafted, in_force

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return answer.content.decode()


def labour_officer() -> User:
    user = User.objects.create(username="x-labour", department=Department.objects.get(code="labour"))
    Posting.objects.create(user=user, role="department_officer", area="110113", starts=dt.date(2024, 1, 1))
    return user


def browser_of(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user, backend="web.sign_in.PostingsBackend")
    return browser


def test_from_asking_to_the_owners_answer(cast, client_of):
    browser = client_of("he")
    told = {"name": "就业核对", "area": STREET, "subject": "person", "starts": "2026-11-01"}
    page = browser.post("/subscriptions/new/", told).headers["Location"].partition("#")[0]
    assert "不予共享" in text(browser.get(page))
    lines = {"field": ["sex", "employment"], "purpose:sex": "核对", "purpose:employment": "核对困难家庭就业"}
    assert browser.post(f"{page}fields/", lines | {"purpose:sex": ""}).status_code == 422
    assert browser.post(f"{page}fields/", lines).status_code == 302
    assert browser.post(f"{page}submit/").status_code == 302
    owner = browser_of(labour_officer())
    assert "等您决定的" in text(owner.get("/subscriptions/"))
    refused = owner.post(f"{page}answer/", {"field": "employment", "to": "refused", "reason": ""})
    assert refused.status_code == 422
    assert owner.post(f"{page}answer/", {"field": "employment", "to": "granted"}).status_code == 302
    assert "增量接口" in text(browser.get(page))
    assert "增量接口" not in text(owner.get(page))


@pytest.mark.parametrize(("who", "status"), [("he", 200), ("li", 200), ("sun", 200), ("wang", 404), ("chen", 404)])
def test_it_is_read_by_whom_it_concerns(cast, client_of, who, status):
    one = asked(cast, "employment")
    assert client_of(who).get(f"/subscriptions/{one.uuid}/").status_code == status


@pytest.mark.parametrize("who", ["li", "sun", "wang", "zhou", "admin"])
def test_nobody_else_changes_or_takes_anything(cast, client_of, who):
    one, browser = in_force(cast, "sex", area=COMMUNITY), client_of(who)
    for act in ("fields", "submit", "end", "export"):
        told = {"kind": "csv", "purpose": "看看", "field": ["sex"], "purpose:sex": "看看"}
        assert browser.post(f"/subscriptions/{one.uuid}/{act}/", told).status_code in (403, 404)
    assert Subscription.objects.get(pk=one.pk).state == "approved"
    assert not Export.objects.exists()


def test_a_file_is_ordered_made_and_taken(cast, client_of, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    one, browser = in_force(cast, "sex", area=COMMUNITY), client_of("he")
    assert browser.post(f"/subscriptions/{one.uuid}/export/", {"kind": "csv", "purpose": ""}).status_code == 422
    assert browser.post(f"/subscriptions/{one.uuid}/export/", {"kind": "csv", "purpose": "核对"}).status_code == 302
    order = Export.objects.get()
    make_export(order.pk)
    assert "下载" in text(browser.get(f"/subscriptions/{one.uuid}/"))
    answer = browser.get(f"/subscriptions/files/{order.uuid}/")
    assert b"".join(answer.streaming_content).startswith("\ufeff".encode())
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert client_of("sun").get(f"/subscriptions/files/{order.uuid}/").status_code == 404


def token(user: User, area: str = STREET, department: str = "", capabilities=("share.take",)) -> str:
    made = new_text()
    Token.objects.create(
        name="就业系统", user=user, area=area, capabilities=list(capabilities), digest=digest_of(made),
        ending=made[-4:],
        issued_by=user, expires_at=timezone.now() + dt.timedelta(days=1),
        department=Department.objects.get(code=department) if department else None,
    )  # fmt: skip
    return made


def ask(one: Subscription, secret: str, **asked):
    headers = {"authorization": f"Bearer {secret}"} if secret else {}
    return Browser().get(f"/api/v1/subscriptions/{one.uuid}/changes", asked, headers=headers)


def test_a_program_follows_the_feed_and_every_page_is_logged(cast):
    one, secret = in_force(cast, "sex", area=COMMUNITY), token(cast.he)
    found, since, more = [], "0", True
    while more:
        page = ask(one, secret, since=since, limit=200).json()
        found, since, more = found + page["items"], page["next"], page["more"]
    assert len(found) == Resident.objects.filter(area__startswith=COMMUNITY).count()
    assert {tuple(row) for row in found} == {("id", "change", "cell", "values")}
    person = resident()
    [item] = ask(one, secret, since=since).json()["items"]
    assert (item["change"], item["cell"], item["values"]) == ("added", CELL, {"sex": None})
    noted = Reading.objects.get(by=cast.he, kind="feed", residents=[person.pk])
    assert noted.reason == one.name


def test_a_place_that_never_was_is_refused(cast):
    one, secret = in_force(cast, "sex", area=COMMUNITY), token(cast.he)
    for since in ("7", "x", "-1", "9" * 15):
        assert ask(one, secret, since=since).status_code == 422


def test_a_token_that_does_not_reach_it_finds_nothing(cast):
    one = in_force(cast, "sex", area=COMMUNITY)
    labour = labour_officer()
    reasons = {
        "another department": token(labour),
        "a part of the area": token(cast.he, area=CELL),
        "another capability": token(cast.he, capabilities=("incident.read",)),
        "narrowed to another": token(cast.he, department="labour"),
        "a supervisor": token(cast.li),
    }
    answers = {why: ask(one, secret) for why, secret in reasons.items()}
    assert {why: answer.status_code for why, answer in answers.items()} == dict.fromkeys(reasons, 404)
    assert len({answer.content for answer in answers.values()}) == 1
    assert ask(one, "").status_code == 401


def test_a_draft_gives_nothing(cast):
    one = drafted(cast, "sex", area=COMMUNITY)
    assert ask(one, token(cast.he)).status_code == 409


def test_the_first_reading_of_many_is_a_job_and_the_program_comes_again(cast, client_of, monkeypatch):
    monkeypatch.setattr(preparing, "AT_ONCE", 40)
    one, secret = in_force(cast, "sex", area=COMMUNITY), token(cast.he)
    first, again = ask(one, secret), ask(one, secret)
    assert (first.status_code, again.status_code, first["Retry-After"]) == (202, 202, "10")
    assert first.json() == {"items": [], "next": "0", "more": True, "preparing": 0}
    job = ProcrastinateJob.objects.get(task_name="prepare_feed", status="todo")
    assert job.args == {"subscription_id": one.pk}
    assert "正在准备，已完成 0%" in text(client_of("he").get(f"/subscriptions/{one.uuid}/"))
    preparing.prepare(one.pk, timezone.localdate())
    page = ask(one, secret, since=first.json()["next"])
    assert page.status_code == 200
    assert {item["change"] for item in page.json()["items"]} == {"added"}
    assert "已准备好" in text(client_of("he").get(f"/subscriptions/{one.uuid}/"))

"""Telling webhooks: noted with the step, sent to a real server, tried again, given up, sent once more."""

import json
import time
from datetime import timedelta
from ipaddress import ip_network
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from gis.errors import NotAllowed
from gis.incidents.mediation.opening import DISPUTES
from gis.incidents.webhooks.delivering import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    MOST_REFUSALS,
    OLDEST,
    clear_old,
    pause,
    redeliver,
    send_due,
)
from gis.incidents.webhooks.guarding import Target
from gis.incidents.webhooks.posting import post
from gis.incidents.webhooks.signing import is_signed
from gis.models import Category, Delivery, DeliveryTry, Department, Webhook
from tests.cast import CELL, COMMUNITY, DISTRICT, OTHER_STREET, STREET
from tests.gis.incidents.loop import a_case, brought_to, go
from tests.gis.incidents.webhooks.receiver import a_receiver


@pytest.fixture(autouse=True)
def _this_machine(db, settings):
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.0/8")]


def a_webhook(cast, url: str = "http://127.0.0.1:9/", **facts) -> Webhook:
    hook = Webhook(name="trial", url=url, created_by=cast.admin, **{"area": STREET} | facts)
    hook.new_secret()
    hook.save()
    return hook


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'deliver_webhooks'")
        return cursor.fetchone()[0]


# Noting


@pytest.mark.parametrize(("area", "hears"), [
    (DISTRICT, True), (STREET, True), (COMMUNITY, True), (CELL, True), ("11", True), (OTHER_STREET, False),
    (CELL[:-1] + "2", False),
])  # fmt: skip
def test_it_hears_of_its_own_area(area, hears, cast):
    hook = a_webhook(cast, area=area)
    go(cast, "li", a_case(), "file")
    assert hook.deliveries.exists() == hears


def test_it_hears_of_the_acts_it_asked_for(cast):
    hook = a_webhook(cast, acts=["dispatch", "close"])
    brought_to(cast, "closed")
    assert [one.step.act for one in hook.deliveries.order_by("pk")] == ["dispatch", "close"]


def test_a_department_hears_of_its_own_cases_from_when_it_has_them(cast):
    civil = a_webhook(cast, department=Department.objects.get(code="civil"))
    other = a_webhook(cast, department=Department.objects.exclude(code="civil").first())
    brought_to(cast, "disposed")
    assert [one.step.act for one in civil.deliveries.order_by("pk")] == ["dispatch", "take", "dispose"]
    assert not other.deliveries.exists()


def test_nobody_hears_of_a_dispute(cast):
    hook = a_webhook(cast)
    dispute = Category.objects.filter(kind="community", major=DISPUTES).first()
    go(cast, "li", a_case(dispute.code), "file")
    assert not hook.deliveries.exists()


def test_one_that_is_switched_off_hears_nothing(cast):
    hook = a_webhook(cast, is_active=False)
    go(cast, "li", a_case(), "file")
    assert not hook.deliveries.exists()


def test_what_is_undone_was_never_noted(cast):
    """A move that is refused leaves no delivery and no job."""
    hook, case, before = a_webhook(cast), a_case(), jobs()
    with pytest.raises(NotAllowed):
        go(cast, "wang", case, "file")
    assert not hook.deliveries.exists()
    assert jobs() == before


def test_a_job_is_asked_for_with_the_step(cast):
    a_webhook(cast)
    before = jobs()
    go(cast, "li", a_case(), "file")
    assert jobs() == before + 1


# Sending


def test_it_is_sent_signed_and_says_nothing_of_what_was_written(cast):
    with a_receiver() as there:
        hook, case = a_webhook(cast, there.url), a_case()
        type(case).objects.filter(pk=case.pk).update(description="王女士 13812345678", place="5号楼301")
        go(cast, "li", case, "file", note="电话 13812345678")
        assert send_due(hook.pk) == 1
    headers, body = there.taken[0]
    assert is_signed(hook.key, body, headers["Wangge-Signature"], int(time.time()))
    told = json.loads(body)
    assert told["event"] == headers["Wangge-Event"] == "case.file"
    assert told["delivery"] == headers["Wangge-Delivery"]
    assert told["case"] | {"number": case.number, "revision": case.revision, "state": "filed"} == told["case"]
    assert "138" not in body.decode().replace(told["delivery"], "")
    assert "王女士" not in body.decode()
    assert "号楼" not in body.decode()


def test_it_is_sent_once(cast):
    with a_receiver() as there:
        a_webhook(cast, there.url)
        go(cast, "li", a_case(), "file")
        assert [send_due(), send_due()] == [1, 0]
    assert len(there.taken) == 1


def test_steps_come_in_their_order(cast):
    with a_receiver() as there:
        a_webhook(cast, there.url)
        brought_to(cast, "closed")
        send_due()
    revisions = [json.loads(body)["case"]["revision"] for _headers, body in there.taken]
    assert revisions == sorted(revisions)
    assert len(revisions) == 7


def test_a_redirect_is_not_followed(cast):
    with a_receiver(302) as there, a_receiver() as elsewhere:
        there.moved_to = elsewhere.url
        a_webhook(cast, there.url)
        go(cast, "li", a_case(), "file")
        assert send_due() == 0
    assert elsewhere.taken == []
    assert DeliveryTry.objects.get().status == 302


def test_it_goes_to_the_address_that_was_looked_up_whatever_the_name_says_by_then():
    """A name that is changed between the look-up and the sending leads nowhere else: it is not looked up again."""
    with a_receiver() as there:
        target = Target(https=False, host="name.invalid", ip="127.0.0.1", port=urlsplit(there.url).port, path="/x")
        assert post(target, b"{}", {}).is_taken
    assert there.taken[0][0]["Host"].startswith("name.invalid")


def test_an_address_that_leads_inside_by_now_is_not_sent_to(cast, settings):
    with a_receiver() as there:
        a_webhook(cast, there.url)
        settings.WEBHOOK_NETWORKS = []
        go(cast, "li", a_case(), "file")
        assert send_due() == 0
    assert there.taken == []
    assert DeliveryTry.objects.get().trouble


def test_where_nobody_is_one_knock_a_pause_is_all(cast):
    hook = a_webhook(cast)
    case = a_case()
    for act in ("verify", "file"):
        go(cast, "li", case, act)
    assert [send_due(), send_due()] == [0, 0]
    assert DeliveryTry.objects.count() == 1
    hook.refresh_from_db()
    assert hook.failures == 1
    assert hook.not_before > timezone.now()


def test_when_somebody_is_there_again_all_of_it_arrives(cast):
    with a_receiver(503, 200) as there:
        hook, case = a_webhook(cast, there.url), a_case()
        for act in ("verify", "file"):
            go(cast, "li", case, act)
        send_due()
        Webhook.objects.update(not_before=timezone.now())
        Delivery.objects.update(next_at=timezone.now())
        assert send_due() == 2
    hook.refresh_from_db()
    assert (hook.failures, hook.not_before) == (0, None)
    assert len({headers["Wangge-Delivery"] for headers, _body in there.taken}) == 2
    assert there.taken[0][1] == there.taken[1][1]


def test_what_is_refused_holds_up_nothing_and_is_given_up(cast):
    with a_receiver(400, 200, 400) as there:
        a_webhook(cast, there.url)
        case = a_case()
        for act in ("verify", "file"):
            go(cast, "li", case, act)
        assert send_due() == 1
        for _ in range(MOST_REFUSALS + 2):
            Delivery.objects.waiting().update(next_at=timezone.now())
            send_due()
    first = Delivery.objects.order_by("pk").first()
    assert first.failed_at
    assert first.attempts.count() == MOST_REFUSALS


def test_what_nobody_took_for_days_is_given_up(cast):
    a_webhook(cast)
    go(cast, "li", a_case(), "file")
    Delivery.objects.update(noted_at=timezone.now() - OLDEST - timedelta(minutes=1))
    send_due()
    assert Delivery.objects.get().failed_at


def test_what_was_given_up_can_be_sent_again(cast):
    with a_receiver() as there:
        hook = a_webhook(cast, there.url)
        go(cast, "li", a_case(), "file")
        Delivery.objects.update(failed_at=timezone.now(), tries=9)
        Webhook.objects.update(failures=9, not_before=timezone.now() + LONGEST_PAUSE)
        assert send_due(hook.pk) == 0
        redeliver(Delivery.objects.get())
        assert send_due(hook.pk) == 1
    assert Delivery.objects.get().done_at


def test_a_sender_that_died_is_followed_by_another(cast):
    """Claimed and never heard of again: after the claim it is sent by whoever comes next, under the same name."""
    with a_receiver() as there:
        a_webhook(cast, there.url)
        go(cast, "li", a_case(), "file")
        Delivery.objects.update(next_at=timezone.now() + timedelta(minutes=2), tries=1)
        assert send_due() == 0
        Delivery.objects.update(next_at=timezone.now())
        assert send_due() == 1
    assert Delivery.objects.get().tries == 2


def test_pauses_grow_and_end_growing():
    longest = [pause(failures) for failures in range(1, 60)]
    assert all(FIRST_PAUSE * 0.8 <= one <= LONGEST_PAUSE * 1.2 for one in longest)
    assert longest[3] > longest[0]
    assert min(longest[20:]) >= LONGEST_PAUSE * 0.8


def test_old_deliveries_are_cleared_and_waiting_ones_kept(cast):
    a_webhook(cast)
    case = a_case()
    for act in ("verify", "file"):
        go(cast, "li", case, act)
    Delivery.objects.update(noted_at=timezone.now() - timedelta(days=60))
    done = Delivery.objects.order_by("pk").first()
    Delivery.objects.filter(pk=done.pk).update(done_at=timezone.now())
    clear_old()
    assert list(Delivery.objects.values_list("done_at", flat=True)) == [None]


def test_a_secret_is_stored_sealed(cast):
    hook = a_webhook(cast)
    text = hook.new_secret()
    assert text.encode() not in bytes(hook.secret)
    assert hook.key == text.encode()

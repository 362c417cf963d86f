"""Notices of plans by e-mail: by the settings and quiet hours of reminders, in one message with those of cases."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from gis.incidents.reminders.notice import Mail, NoticeSetting
from gis.models import Plan, PlanNotice, Posting, User
from gis.planning import notifying
from gis.planning.notifying import give
from gis.planning.talking import comment
from tests.gis.planning.drafts import a_plan
from tests.mailbox import a_mailbox
from web.jobs.mailing import send_waiting

pytestmark = pytest.mark.django_db
Kind = PlanNotice.Kind


@pytest.fixture
def mailbox(settings):
    with a_mailbox(settings) as box:
        yield box


@pytest.fixture
def plan(cast, mailbox) -> Plan:
    """Zhao's, who has an address and wants every notice, at whatever hour the tests run."""
    User.objects.filter(username="zhao").update(email="zhao@example.org")
    NoticeSetting.objects.create(user=cast.zhao, each="every", quiet_from=0, quiet_until=0)
    return a_plan(cast)


def later() -> datetime:
    return timezone.now() + timedelta(seconds=5)


def told(cast, plan: Plan, kind: str) -> PlanNotice:
    give([PlanNotice(user=cast.zhao, kind=kind, plan=plan)])
    return PlanNotice.objects.latest("pk")


@pytest.mark.parametrize("kind", Kind.values)
def test_every_kind_of_notice_goes_out_once(cast, plan, mailbox, kind):
    told(cast, plan, kind)
    assert (send_waiting(later()), send_waiting(later())) == (1, 0)
    (message,) = mailbox.messages
    assert message["To"] == "zhao@example.org"
    assert str(Kind(kind).label) in message["Subject"]


def test_a_comment_is_told_without_its_words_or_the_name_of_the_plan(cast, plan, mailbox, settings):
    settings.SITE_URL = "https://grid.example.gov.cn"
    comment(plan.uuid, "三号楼张三家不同意", user=cast.li, access=cast.li.access)
    send_waiting(later())
    (message,) = mailbox.messages
    text = message["Subject"] + message.get_content()
    assert "方案有新留言" in text
    assert "/plans/notices/" in text
    assert "张三" not in text
    assert plan.name not in text


def test_several_go_into_one_message(cast, plan, mailbox):
    give(PlanNotice(user=cast.zhao, kind=kind, plan=plan) for kind in (Kind.APPROVED, Kind.PUBLISHED))
    assert send_waiting(later()) == 1
    assert "2 条提醒" in mailbox.messages[0]["Subject"]


def test_whoever_no_longer_reads_the_plan_gets_nothing(cast, plan, mailbox):
    notice = told(cast, plan, Kind.APPROVED)
    Posting.objects.filter(user=cast.zhao).delete()
    assert send_waiting(later()) == 0
    notice.refresh_from_db()
    assert (notice.mail, mailbox.messages) == (Mail.NONE, [])


@pytest.mark.parametrize(
    ("each", "kind", "goes"),
    [
        ("every", Kind.COMMENT, True),
        ("late", Kind.COMMENT, False),
        ("late", Kind.REFUSED, True),
        ("none", Kind.REFUSED, False),
    ],
)
def test_what_somebody_wants_to_be_sent(cast, plan, each, kind, goes):
    NoticeSetting.objects.filter(user=cast.zhao).update(each=each)
    assert (told(cast, plan, kind).mail == Mail.WAITS) == goes


def test_quiet_hours_hold(cast, plan, monkeypatch):
    NoticeSetting.objects.filter(user=cast.zhao).update(quiet_from=21, quiet_until=7)
    night = timezone.localtime().replace(hour=23, minute=30, second=0, microsecond=0)
    monkeypatch.setattr(notifying.timezone, "now", lambda: night)
    notice = told(cast, plan, Kind.APPROVED)
    assert notice.mail_at == (night + timedelta(days=1)).replace(hour=7, minute=0)


def test_a_server_that_is_away_is_tried_again(cast, plan, mailbox, settings):
    notice = told(cast, plan, Kind.APPROVED)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert send_waiting(later()) == 0
    settings.EMAIL_PORT = port
    notice.refresh_from_db()
    assert (notice.mail, notice.tries) == (Mail.WAITS, 1)
    assert send_waiting(later() + timedelta(minutes=5)) == 1

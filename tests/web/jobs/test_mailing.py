"""Reminders by e-mail, over a real mail server: one message a person, quiet hours, a digest a day, and failures."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from gis.incidents.reminders.notice import Mail, NoticeSetting
from gis.incidents.reminders.telling import mail_at, tell
from gis.models import Incident, Notice, Posting, User
from gis.planning.deciding import decide
from tests.gis.incidents.loop import a_case, brought_to, civil
from tests.gis.planning.drafts import a_plan
from tests.mailbox import a_mailbox
from web.jobs.digests import send_digests
from web.jobs.mailing import send_waiting

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 25, 12, tzinfo=ZONE)  # a Wednesday


@pytest.fixture
def mailbox(settings):
    with a_mailbox(settings) as box:
        yield box


@pytest.fixture
def case(cast, mailbox) -> Incident:
    """A case that He's department has in hand; He and Zhou have addresses."""
    for name in ("he", "zhou"):
        User.objects.filter(username=name).update(email=f"{name}@example.org")
    User.objects.filter(username="he").update(department=civil())
    NoticeSetting.objects.create(user=cast.he, each="every", quiet_from=0, quiet_until=0)
    NoticeSetting.objects.create(user=cast.zhou, quiet_from=0, quiet_until=0)  # at whatever hour the tests run
    incident = brought_to(cast, "in_progress")
    Incident.objects.filter(pk=incident.pk).update(description="张三家漏水", place="幸福西街1号楼2单元")
    return incident


def way(**fields) -> NoticeSetting:
    return NoticeSetting(**fields)


def later() -> datetime:
    return timezone.now() + timedelta(seconds=5)


def test_what_waits_goes_out_once_in_one_message(case, mailbox, settings):
    settings.SITE_URL = "https://grid.example.gov.cn/"
    tell(case, "soon", "soon:1", ["holder"], at=timezone.now(), facts={"stage": "dispose", "due": NOON.isoformat()})
    assert send_waiting(later()) == 1
    assert send_waiting(later()) == 0
    (message,) = mailbox.messages
    assert message["To"] == "he@example.org"
    assert message["Subject"] == "[网格] 2 条提醒"
    text = message.get_content()
    assert "派给您处置" in text
    assert "即将到期" in text
    assert "2026-11-25 12:00" in text
    assert f"https://grid.example.gov.cn/incidents/{case.number}/" in text
    assert set(Notice.objects.filter(incident=case, user__username="he").values_list("mail", flat=True)) == {"sent"}


def test_it_tells_nothing_anybody_wrote_and_no_place(case, mailbox):
    send_waiting(later())
    (message,) = mailbox.messages
    text = message.get_content() + message["Subject"]
    assert "张三" not in text
    assert "1号楼" not in text


def test_it_speaks_its_readers_language(case, mailbox, cast):
    NoticeSetting.objects.filter(user=cast.he).update(language="en")
    send_waiting(later())
    assert "Sent to you to deal with" in mailbox.messages[0]["Subject"]


def test_whoever_may_not_read_the_case_any_more_gets_nothing(case, mailbox, cast):
    Posting.objects.filter(user=cast.he).update(area="110113002")
    assert send_waiting(later()) == 0
    assert mailbox.messages == []


def test_a_server_that_is_away_is_tried_again_later(case, mailbox, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert send_waiting(later()) == 0
    waits = Notice.objects.get(incident=case, kind="dispatch")
    assert (waits.mail, waits.tries) == ("waits", 1)
    settings.EMAIL_PORT = port
    assert send_waiting(later()) == 0  # not yet
    assert send_waiting(waits.mail_at) == 1


def test_a_refused_address_holds_up_nobody_else_and_is_given_up(case, mailbox, cast):
    User.objects.filter(username="he").update(email="nobody@example.org")
    tell(case, "late", "late:1", ["desk"], at=timezone.now(), late=True)
    Notice.objects.filter(user=cast.zhou).update(mail_at=timezone.now())
    assert send_waiting(later()) == 1
    assert mailbox.messages[0]["To"] == "zhou@example.org"
    Notice.objects.filter(user=cast.he).update(tries=10, mail_at=timezone.now())
    send_waiting(later())
    assert Notice.objects.get(user=cast.he).mail == Mail.FAILED


@pytest.mark.parametrize(
    ("hour", "quiet", "urgent", "goes"),
    [
        (12, (21, 7), False, 12),
        (22, (21, 7), False, 31),  # seven the next morning
        (3, (21, 7), False, 7),
        (22, (21, 7), True, 22),  # what is urgent does not wait
        (12, (11, 14), False, 14),
        (12, (0, 0), False, 12),
    ],
)
def test_quiet_hours(case, cast, hour, quiet, urgent, goes):
    day = datetime(2026, 11, 25, tzinfo=ZONE)
    wanted = way(each="every", quiet_from=quiet[0], quiet_until=quiet[1])
    cast.he.email = "he@example.org"
    at = mail_at(cast.he, wanted, urgent=urgent, late=False, now=day + timedelta(hours=hour))
    assert at == day + timedelta(hours=goes)


@pytest.mark.parametrize(
    ("each", "urgent", "late", "sent"),
    [("every", False, False, True), ("late", False, False, False), ("late", False, True, True),
     ("late", True, False, True), ("none", True, True, False)],
)  # fmt: skip
def test_what_somebody_wants_to_be_sent(case, cast, each, urgent, late, sent):
    cast.he.email = "he@example.org"
    assert bool(mail_at(cast.he, way(each=each), urgent=urgent, late=late, now=NOON)) is sent


def test_without_a_server_nothing_waits(case, cast, settings):
    settings.EMAIL_HOST = ""
    cast.he.email = "he@example.org"
    assert mail_at(cast.he, way(each="every"), urgent=True, late=True, now=NOON) is None
    assert send_waiting(later()) == send_digests(NOON) == 0


def test_the_digest_comes_once_a_day_at_its_hour(case, mailbox, cast):
    a_case()  # for Zhou to accept
    User.objects.exclude(username="zhou").update(email="")
    assert send_digests(NOON.replace(hour=7)) == 0
    assert send_digests(NOON.replace(hour=8)) == 1
    assert send_digests(NOON.replace(hour=9)) == 0
    (message,) = mailbox.messages
    assert message["To"] == "zhou@example.org"
    assert "待办" in message["Subject"]
    assert "张三" not in message.get_content()
    assert send_digests(NOON + timedelta(days=1)) == 0  # noon: too late for eight o'clock
    assert send_digests(NOON.replace(day=27, hour=10)) == 1


def test_no_digest_on_a_holiday_but_on_the_saturday_worked_for_it(case, mailbox):
    a_case()  # for Zhou to accept
    User.objects.exclude(username="zhou").update(email="")
    assert send_digests(datetime(2026, 2, 16, 8, tzinfo=ZONE)) == 0
    assert send_digests(datetime(2026, 2, 28, 8, tzinfo=ZONE)) == 1


def test_a_digest_that_did_not_go_out_is_tried_again(case, mailbox, settings):
    a_case()  # for Zhou to accept
    User.objects.exclude(username="zhou").update(email="")
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert send_digests(NOON.replace(hour=8)) == 0
    settings.EMAIL_PORT = port
    assert send_digests(NOON.replace(hour=8, minute=1)) == 1


def test_who_has_nothing_to_do_is_sent_nothing(mailbox):
    User.objects.exclude(username="zhao").update(email="")
    User.objects.filter(username="zhao").update(email="zhao@example.org")
    assert send_digests(NOON.replace(hour=8)) == 0
    assert mailbox.messages == []


def test_the_digest_counts_the_plans_that_wait_for_approval(cast, mailbox):
    plan = a_plan(cast)
    decide(
        plan.uuid, "submit", user=cast.zhao, access=cast.zhao.access, seen=plan.revision, starts=timezone.localdate()
    )
    User.objects.exclude(username="sun").update(email="")
    User.objects.filter(username="sun").update(email="sun@example.org")
    assert send_digests(NOON.replace(hour=8)) == 1
    (message,) = mailbox.messages
    assert "等您审批的方案 1 个" in message.get_content()
    assert plan.name not in message["Subject"] + message.get_content()


def test_a_name_of_two_lines_makes_no_header(case, mailbox):
    category = case.category
    category.name = "漏水\nBcc: evil@example.org"
    category.save()
    Notice.objects.all().delete()
    tell(case, "soon", "soon:1", ["holder"], at=timezone.now())
    assert send_waiting(later()) == 1
    assert mailbox.messages[0]["Bcc"] is None
    assert "漏水 Bcc" in mailbox.messages[0]["Subject"]


def test_an_address_that_is_none_holds_up_nobody_else(case, mailbox, cast):
    User.objects.filter(username="he").update(email=f"he@{'网' * 70}.example")
    tell(case, "late", "late:1", ["holder", "desk"], at=timezone.now(), late=True)
    assert send_waiting(later()) == 1
    assert [message["To"] for message in mailbox.messages] == ["zhou@example.org"]
    assert Notice.objects.get(user=cast.he, kind="late").tries == 1

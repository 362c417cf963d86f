"""The reader's own reminders: the bell, the list, opening, marking as read, settings, and nobody else's."""

import pytest
from django.utils import timezone

from gis.incidents.reminders.notice import setting_of
from gis.incidents.reminders.telling import tell
from gis.models import Notice, NoticeSetting, Posting, User
from tests.gis.incidents.loop import a_case
from tests.mailbox import a_mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    incident = a_case()
    tell(incident, "late", "late:1", ["desk"], at=timezone.now(), late=True, facts={"stage": "accept"})
    tell(incident, "case_late", "case_late:1", ["desk"], at=timezone.now(), late=True)
    return incident


def bell(browser) -> str:
    return browser.get("/notices/number/").content.decode()


def test_the_bell_counts_what_is_unread(case, client_of):
    zhou = client_of("zhou")
    assert ">2<" in bell(zhou)
    assert "bell-count" not in bell(client_of("wang"))
    assert ">2<" in zhou.get("/incidents/").content.decode()


def test_the_list_says_what_is_the_matter_and_with_what(case, client_of):
    page = client_of("zhou").get("/notices/").content.decode()
    for said in ("本阶段已超时", "全案已超时", case.number, "暴露垃圾"):
        assert said in page


def test_opening_one_leads_to_the_case_and_reads_all_about_it(case, client_of, cast):
    zhou = client_of("zhou")
    notice = Notice.objects.filter(user=cast.zhou).first()
    assert zhou.get(f"/notices/{notice.pk}/").headers["Location"] == f"/incidents/{case.number}/"
    assert "bell-count" not in bell(zhou)
    assert "没有未读的提醒" in zhou.get("/notices/").content.decode()
    assert case.number in zhou.get("/notices/?all=1").content.decode()


def test_marking_as_read(case, client_of, cast):
    zhou = client_of("zhou")
    first, second = Notice.objects.filter(user=cast.zhou)
    zhou.post("/notices/read/", {"notice": [first.pk, "x", "999999999999999"]})
    assert list(Notice.objects.filter(user=cast.zhou).unread()) == [second]
    zhou.post("/notices/read/", {"all": "1"})
    assert not Notice.objects.filter(user=cast.zhou).unread().exists()


def test_nobody_sees_or_reads_somebody_elses(case, client_of, cast):
    notice = Notice.objects.filter(user=cast.zhou).first()
    li = client_of("li")
    assert li.get(f"/notices/{notice.pk}/").status_code == 404
    li.post("/notices/read/", {"notice": notice.pk})
    notice.refresh_from_db()
    assert notice.read_at is None


def test_a_posting_that_has_ended_takes_its_notices_along(case, client_of, cast):
    Posting.objects.filter(user=cast.zhou).update(area="110113002001")
    zhou = client_of("zhou")
    assert case.number not in zhou.get("/notices/?all=1").content.decode()
    assert "bell-count" not in bell(zhou)


def test_settings_are_kept_with_the_language_of_the_page(client_of, cast):
    zhou = client_of("zhou", HTTP_ACCEPT_LANGUAGE="en")
    wanted = {"each": "none", "digest": "on", "digest_hour": "18", "quiet_from": "20", "quiet_until": "6"}
    assert zhou.post("/notices/settings/", wanted).status_code == 302
    kept = NoticeSetting.objects.get(user=cast.zhou)
    assert (kept.each, kept.digest_hour, kept.workdays_only, kept.language) == ("none", 18, False, "en")
    assert "checked" in zhou.get("/notices/settings/").content.decode()


@pytest.mark.parametrize("wrong", [{"digest_hour": "24"}, {"quiet_from": "-1"}, {"each": "always"}])
def test_nonsense_is_refused_and_nothing_kept(client_of, cast, wrong):
    fields = {"each": "none", "digest_hour": "8", "quiet_from": "20", "quiet_until": "6"} | wrong
    assert client_of("zhou").post("/notices/settings/", fields).status_code == 422
    assert setting_of(cast.zhou).pk is None


def test_a_test_message_says_what_is_missing_or_arrives(client_of, settings):
    zhou = client_of("zhou")
    assert "EMAIL_HOST" in zhou.post("/notices/settings/try/").content.decode()
    with a_mailbox(settings) as box:
        assert "邮箱" in zhou.post("/notices/settings/try/").content.decode()
        User.objects.filter(username="zhou").update(email="zhou@example.org")
        assert zhou.post("/notices/settings/try/").status_code == 302
        assert [message["To"] for message in box.messages] == ["zhou@example.org"]
        settings.EMAIL_PORT = 1
        assert "没有应答" in zhou.post("/notices/settings/try/").content.decode()

"""Making reports on the real queue: in the owner's scope of that moment, stopped, refused, begun again after a kill."""

import json
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app

from gis.models import Posting, Report, User
from gis.reports.ordering import cancel_report, order_report
from gis.reports.report import Kind
from layers.reports.view import View
from layers.values import Question
from tests.aside import aside
from tests.cast import OTHER_STREET, STREET
from web.jobs import reports
from web.jobs.reports import make
from web.tasks import make_report


@pytest.fixture(autouse=True)
def _town(own_town, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def ordered(kind: str = "xlsx", indicator: str = "population") -> Report:
    view = View(Question("cells", indicator))
    li = User.objects.get(username="li")
    return order_report(li, kind=kind, title="x", view=view.as_json(), areas=STREET, language="zh-hans")


def work() -> None:
    """Let a real worker do all that waits."""
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        aside(partial(working.run_worker, wait=False, install_signal_handlers=False, listen_notify=False))


def told(report: Report) -> list[str]:
    report.refresh_from_db()
    return list(report.acts.values_list("what", flat=True))


def test_a_worker_makes_what_waits():
    reports = [ordered("xlsx"), ordered("gpkg")]
    for report in reports:
        make_report.defer(report_id=report.pk)
    work()
    for report in reports:
        assert told(report) == ["ordered", "made"]
        assert (report.stage, report.percent) == ("done", 100)
        assert report.size == report.file.size > 0


def test_one_that_was_cut_off_is_begun_again_and_made_once(settings):
    report = ordered()
    Report.objects.filter(pk=report.pk).update(stage="working", percent=60)  # its worker was killed
    make(report.pk)
    make(report.pk)  # and once more, when another worker took it for lost
    assert told(report) == ["ordered", "made"]
    assert len(list((settings.MEDIA_ROOT / "reports").iterdir())) == 1


def test_one_that_was_cancelled_is_not_made(settings):
    report = ordered()
    cancel_report(report, report.owner)
    make(report.pk)
    assert told(report) == ["ordered", "cancelled"]
    assert not (settings.MEDIA_ROOT / "reports").exists()


def test_a_posting_that_ended_before_it_was_made_leaves_nothing_to_make():
    report = ordered()
    Posting.objects.filter(user=report.owner).update(ends=timezone.localdate() - timedelta(days=1))
    make(report.pk)
    assert told(report) == ["ordered", "failed"]
    assert report.trouble
    assert report.fix


def test_an_indicator_that_is_no_more_is_said(settings):
    report = ordered()
    view = Report.objects.values_list("view", flat=True).get(pk=report.pk)
    Report.objects.filter(pk=report.pk).update(view=json.loads(json.dumps(view).replace("population", "gone")))
    make(report.pk)
    assert told(report)[-1] == "failed"
    assert "indicator" in report.trouble


def test_it_belongs_to_the_areas_it_was_made_of_whatever_they_were_when_it_was_ordered():
    report = ordered()
    Posting.objects.filter(user=report.owner).update(area=OTHER_STREET)
    make(report.pk)
    report.refresh_from_db()
    assert report.areas == OTHER_STREET


def test_a_list_is_made_of_what_its_owner_may_see_at_that_moment():
    from django.http import QueryDict

    from web.lists.listing import Asked
    from web.lists.orders import facts_of

    li = User.objects.get(username="li")
    facts = facts_of("components", "csv", Asked(QueryDict("state=intact"), li.access, li))
    report = order_report(li, kind="csv", language="zh-hans", **facts)
    make(report.pk)
    assert told(report) == ["ordered", "made"]
    assert report.view["used"] == {"incident.read": STREET}
    lines = report.file.read().decode("utf-8-sig").splitlines()
    assert len(lines) > 1
    assert all("完好" in line for line in lines[1:])


def test_words_sealed_anew_while_it_is_made_stay_so(monkeypatch):
    from django.http import QueryDict

    from web.lists.listing import Asked
    from web.lists.orders import facts_of

    li = User.objects.get(username="li")
    facts = facts_of("components", "csv", Asked(QueryDict(""), li.access, li))
    report = order_report(li, kind="csv", language="zh-hans", **facts)
    write = reports.WRITERS[Kind.CSV]

    def after_the_keys_changed(*given):
        view = Report.objects.get(pk=report.pk).view
        view["list"]["text"] = "sealed by the key of today"
        Report.objects.filter(pk=report.pk).update(view=view)
        return write(*given)

    monkeypatch.setitem(reports.WRITERS, Kind.CSV, after_the_keys_changed)
    make(report.pk)
    assert told(report) == ["ordered", "made"]
    assert report.view["list"]["text"] == "sealed by the key of today"
    assert report.view["used"] == {"incident.read": STREET}

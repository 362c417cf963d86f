"""Ordering reports: by whom, of what, how many, and who may take the file."""

import json
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from gis.models import Posting, Report, ReportAct
from gis.reports.ordering import clear_outlived
from gis.reports.report import MOST_AT_WORK
from tests.cast import OTHER_STREET, STREET

VIEW = {"layer": "cells", "indicator": "population"}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def order(browser, kind: str = "xlsx", **view):
    return browser.post("/reports/", {"kind": kind, "view": json.dumps(VIEW | view)}, HTTP_ACCEPT="*/*")


def done(browser) -> Report:
    """A report of the reader's that has been made."""
    report = Report.objects.get(uuid=order(browser).json()["uuid"])
    report.file.save("x.xlsx", ContentFile(b"made"), save=False)
    report.finished(timezone.now())
    report.save()
    return report


def acts(report: Report) -> list[str]:
    return list(ReportAct.objects.filter(report=report).order_by("pk").values_list("what", flat=True))


def test_an_order_waits_in_the_owners_scope_and_is_logged(client_of, cast):
    answer = order(client_of("li"))
    report = Report.objects.get(uuid=answer.json()["uuid"])
    assert answer.status_code == 201
    assert (report.owner, report.areas, report.stage) == (cast.li, STREET, "waiting")
    assert acts(report) == ["ordered"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"kind": "exe"}, 400),
        ({"layer": "planets"}, 400),
        ({"area": OTHER_STREET}, 404),
    ],
)
def test_it_refuses_what_it_cannot_make(client_of, sent, status):
    assert order(client_of("li"), **sent).status_code == status
    assert not Report.objects.exists()


@pytest.mark.parametrize("view", ["", "[]", "{", '"x"'])
def test_it_refuses_a_view_that_is_none(client_of, view):
    assert client_of("li").post("/reports/", {"kind": "png", "view": view}).status_code == 400


def test_it_refuses_one_more_than_may_wait(client_of):
    browser = client_of("li")
    assert [order(browser).status_code for _ in range(MOST_AT_WORK + 1)] == [201] * MOST_AT_WORK + [400]
    client_of("li").post(f"/reports/{Report.objects.first().uuid}/cancel/")
    assert order(browser).status_code == 201


def test_nobody_else_learns_of_it(client_of):
    report = done(client_of("li"))
    for name in ("sun", "chen", "admin"):
        browser = client_of(name)
        assert report.title not in browser.get("/reports/").content.decode()
        for page in ("progress", "file"):
            assert browser.get(f"/reports/{report.uuid}/{page}/").status_code == 404
        assert browser.post(f"/reports/{report.uuid}/cancel/").status_code == 404
    assert acts(report) == ["ordered"]


def test_its_owner_takes_it_and_that_is_logged(client_of):
    report = done(client_of("li"))
    answer = client_of("li").get(f"/reports/{report.uuid}/file/")
    assert b"".join(answer.streaming_content) == b"made"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    assert acts(report) == ["ordered", "taken"]


@pytest.mark.parametrize(
    ("asked", "status", "body"),
    [("bytes=2-", 206, b"de"), ("bytes=1-2", 206, b"ad"), ("bytes=-1", 206, b"e"), ("bytes=0-99", 206, b"made"),
     ("bytes=4-", 416, b""), ("bytes=3-1", 416, b""), ("bytes=0-1,3-3", 200, b"made"), ("lines=1-", 200, b"made"),
     ("bytes=-", 200, b"made"), (f"bytes={'9' * 5000}-", 200, b"made"), (f"bytes={'9' * 18}-", 416, b"")],
)  # fmt: skip
def test_a_download_that_broke_off_goes_on(client_of, asked, status, body):
    report = done(client_of("li"))
    answer = client_of("li").get(f"/reports/{report.uuid}/file/", HTTP_RANGE=asked)
    assert answer.status_code == status
    assert (b"".join(answer.streaming_content) if answer.streaming else answer.content) == body
    assert "no-store" in answer["Cache-Control"]


def test_the_rest_of_another_file_is_not_sent_and_a_rest_is_no_second_download(client_of):
    report, browser = done(client_of("li")), client_of("li")
    address = f"/reports/{report.uuid}/file/"
    mark = browser.get(address)["ETag"]
    assert browser.get(address, HTTP_RANGE="bytes=2-", HTTP_IF_RANGE=mark).status_code == 206
    assert browser.get(address, HTTP_RANGE="bytes=2-", HTTP_IF_RANGE='"another"').status_code == 200
    assert acts(report) == ["ordered", "taken"]


def test_a_posting_that_ended_closes_the_file(client_of, cast):
    report = done(client_of("li"))
    Posting.objects.filter(user=cast.li).delete()
    Posting.objects.create(user=cast.li, role="street_supervisor", area=OTHER_STREET, starts=timezone.localdate())
    assert client_of("li").get(f"/reports/{report.uuid}/file/").status_code == 403
    assert acts(report)[-1] == "refused"


def test_a_file_is_deleted_by_its_owner_or_after_its_days_and_the_order_stays(client_of):
    first, second = done(client_of("li")), done(client_of("li"))
    client_of("li").post(f"/reports/{first.uuid}/cancel/")
    Report.objects.filter(pk=second.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert clear_outlived() == 1
    for report in (first, second):
        assert not report.file.storage.exists(report.file.name)
        assert client_of("li").get(f"/reports/{report.uuid}/file/").status_code == 400
        assert acts(report)[-1] == "deleted"


def test_what_was_done_with_a_report_cannot_be_rewritten(client_of, db):
    from django.db import ProgrammingError, transaction

    from tests.browsing import as_server

    order(client_of("li"))
    with as_server(), pytest.raises(ProgrammingError), transaction.atomic():
        ReportAct.objects.update(what="taken")


def test_the_page_says_how_far_it_is_and_asks_again_only_while_something_is_made(client_of):
    browser = client_of("li")
    assert 'hx-trigger="every 2s"' not in browser.get("/reports/").content.decode()
    order(browser)
    assert 'hx-trigger="every 2s"' in browser.get("/reports/").content.decode()


@pytest.mark.parametrize("address", ["/reports/", "/map/service/points/"])
def test_brackets_without_end_are_refused(address, client_of):
    brackets, client = "[" * 100_000, client_of("zhao")
    answers = [
        client.post(address, {"view": brackets}),
        client.post(address, brackets, content_type="application/json"),
    ]
    assert {one.status_code // 100 for one in answers} == {4}

"""The workers that `up` starts: a long job of the one holds up nothing of the other's."""

from contextlib import suppress
from functools import partial

import pytest
from django.db import connection, transaction
from procrastinate.exceptions import AlreadyEnqueued

from gis.models import Report
from tests.aside import aside
from tests.serving import do_jobs, start_worker
from tests.web.jobs.test_reports import ordered
from web.start.processes import wait_until
from web.start.serve import ANY_JOB, PROMPT_JOBS
from web.tasks import make_report, ring, send_mail, sweep_webhooks


@pytest.fixture(autouse=True)
def _town(own_town, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def states() -> dict[str, list[str]]:
    """Of each task how its jobs are: the worker's own clock may add one when a minute begins."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, array_agg(status::text) FROM procrastinate_jobs GROUP BY 1")
        return dict(cursor.fetchall())


def defer(job) -> None:
    with suppress(AlreadyEnqueued):
        aside(partial(job.defer, timestamp=0))


def test_reminders_mail_and_webhooks_do_not_wait_for_a_report():
    database, report = connection.settings_dict["NAME"], ordered()
    make_report.defer(report_id=report.pk)
    prompt = (ring, send_mail, sweep_webhooks)
    with transaction.atomic():
        Report.objects.select_for_update().get(pk=report.pk)  # it takes as long as we like
        working = start_worker(database, *ANY_JOB)
        assert wait_until(lambda: states()["make_report"] == ["doing"], 60)
        for job in prompt:
            defer(job)
        do_jobs(database, *PROMPT_JOBS)
        assert states()["make_report"] == ["doing"]
        assert all("succeeded" in states()[job.name] for job in prompt)
    assert working.wait(120) == 0
    assert states()["make_report"] == ["succeeded"]

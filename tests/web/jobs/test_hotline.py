"""Checking and filing an export in earnest: workers killed in the middle, two at once, a pause, a queue in slices."""

import os
import signal
import subprocess
import sys

import pytest
from django.db.models import Count

from gis.hotline.hotline_file import HotlineFile, HotlineRow, Stage
from gis.hotline.uploading import pause, set_columns, start
from gis.models import Follow, Incident, Reporter, Step, User
from tests.gis.hotline.bringing import an_order, brought
from tests.serving import ROOT, environment
from web.jobs import hotline
from web.jobs.hotline import check_file, file_rows

ROWS = 40
#: A worker that says a line after each row, so that it can be killed between two, or within one.
_FILE = """
import sys, django
django.setup()
from gis.hotline.filing import Filing
from gis.models import HotlineFile
filing = Filing.of(HotlineFile.objects.get(pk=int(sys.argv[1])))
while filing.next():
    print("row", flush=True)
"""


@pytest.fixture(autouse=True)
def town(own_town, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return own_town


def a_file(rows: int = ROWS) -> HotlineFile:
    file = brought(User.objects.get(username="li"), *[an_order(f"A{n}") for n in range(rows)])
    set_columns(file, [f"{name}={title}" for name, title in file.chosen.items()], "")
    return file


def check_all(file: HotlineFile) -> None:
    check_file(file.pk, lambda: check_all(file))


def to_be_filed(rows: int = ROWS) -> HotlineFile:
    file = a_file(rows)
    check_all(file)
    file.refresh_from_db()
    start(file)
    return file


def go_on(file: HotlineFile) -> None:
    file_rows(file.pk, lambda: go_on(file))


def a_worker(town: str, file: HotlineFile) -> subprocess.Popen:
    names = {"DJANGO_SETTINGS_MODULE": "web.settings", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", _FILE, str(file.pk)]
    return subprocess.Popen(command, env=environment(town) | names, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def everything_once() -> None:
    cases = Incident.objects.filter(source="12345")
    assert cases.count() == ROWS
    assert set(HotlineRow.objects.values_list("outcome", flat=True)) == {"filed"}
    assert not HotlineRow.objects.exclude(sealed=None).exists()
    assert not Step.objects.filter(incident__in=cases).values("incident").annotate(n=Count("pk")).exclude(n=1).exists()
    assert (
        Reporter.objects.filter(incident__in=cases).count() == Follow.objects.filter(incident__in=cases).count() == ROWS
    )


def test_a_worker_killed_in_the_middle_leaves_whole_cases_and_another_goes_on(town):
    file = to_be_filed()
    worker = a_worker(town, file)
    for _row in range(5):
        assert worker.stdout.readline() == "row\n"
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait(20)
    done = Incident.objects.filter(source="12345").count()
    assert 5 <= done < ROWS
    assert HotlineRow.objects.filter(outcome="filed").count() == done
    go_on(file)
    everything_once()
    file.refresh_from_db()
    assert file.stage == Stage.DONE


def test_two_workers_at_once_file_everything_once(town):
    file = to_be_filed()
    workers = [a_worker(town, file) for _each in range(2)]
    said = [worker.communicate(timeout=120)[0].count("row") for worker in workers]
    assert sum(said) == ROWS
    everything_once()


def test_a_check_that_was_cut_off_goes_on_after_the_last_row(monkeypatch):
    file = a_file(30)
    monkeypatch.setattr("gis.hotline.checking._BATCH", 10)

    class Killed(BaseException):
        pass

    def die(_file, _stage):
        raise Killed

    with monkeypatch.context() as once:
        once.setattr(hotline, "_go_on", die)
        with pytest.raises(Killed):
            check_all(file)
    assert file.rows.count() == 10
    check_all(file)
    assert list(file.rows.values_list("row", flat=True)) == list(range(2, 32))
    file.refresh_from_db()
    assert file.stage == Stage.READY


def test_a_long_check_is_cut_into_slices(monkeypatch):
    file = a_file(30)
    monkeypatch.setattr("gis.hotline.checking._BATCH", 10)
    monkeypatch.setattr(hotline, "CHECK_SLICE", 0)
    asked = []
    for _turn in range(4):
        check_file(file.pk, lambda: asked.append(1))
    file.refresh_from_db()
    assert (len(asked), file.rows.count(), file.stage) == (3, 30, Stage.READY)


def test_a_long_file_lets_other_jobs_take_their_turn(monkeypatch):
    file = to_be_filed(6)
    monkeypatch.setattr(hotline, "SLICE", 0)
    asked = []
    for _turn in range(7):
        file_rows(file.pk, lambda: asked.append(1))
    file.refresh_from_db()
    assert (len(asked), file.stage) == (6, Stage.DONE)


def test_a_pause_is_heard_in_the_middle(monkeypatch):
    file = to_be_filed(6)
    monkeypatch.setattr(hotline, "_LOOK", 1)
    real, rows = hotline.Filing.next, []

    def next_then_pause(filing):
        rows.append(1)
        if len(rows) == 3:
            pause(file)
        return real(filing)

    monkeypatch.setattr(hotline.Filing, "next", next_then_pause)
    go_on(file)
    assert Incident.objects.filter(source="12345").count() == 3
    file.refresh_from_db()
    assert file.stage == Stage.PAUSED

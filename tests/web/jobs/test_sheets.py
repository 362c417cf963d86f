"""Checking and filing tables in earnest: workers killed in the middle, two at once, a pause, a table in slices."""

import os
import random
import signal
import subprocess
import sys
from threading import Barrier, get_ident

import pytest
from django.db import connection

from gis.collection.sheets.bringing import discard, pause, resume, set_columns, set_values, start, values_of
from gis.collection.sheets.sheet import Sheet, SheetRow, Stage
from gis.models import Department, Fact, Resident, User
from gis.statistics.recounting import wrong_areas
from tests.gis.collection.sheets.bringing import a_row, address_of, brought, checked, door_of, empty_door, residents
from tests.gis.collection.sheets.tables import number
from tests.serving import ROOT, environment
from web.jobs import sheets
from web.jobs.sheets import check_sheet, file_sheet
from web.start.processes import wait_until

ROWS = 24
#: A worker that says a line after each lot, so that it can be killed between two, or within one.
_FILE = """
import sys, django
django.setup()
from gis.collection.sheets.filing import file_lot
from gis.models import Sheet
sheet = Sheet.objects.get(pk=int(sys.argv[1]))
while file_lot(sheet, int(sys.argv[2])):
    print("lot", flush=True)
"""


#: One that says so when that step of its first lot is done, and stays there until it is let on.
_WITHIN = """
import sys, django
django.setup()
from gis.collection.sheets.filing import Lot, file_lot
from gis.models import Sheet
step = getattr(Lot, sys.argv[3])
def stay(lot):
    step(lot)
    print("within", flush=True)
    sys.stdin.read()
setattr(Lot, sys.argv[3], stay)
while file_lot(Sheet.objects.get(pk=int(sys.argv[1])), int(sys.argv[2])):
    pass
"""


@pytest.fixture(autouse=True)
def town(own_town, settings, tmp_path):
    settings.MEDIA_ROOT, settings.SYNTHETIC_IDS = tmp_path, True
    return own_town


def a_sheet(rows: int = ROWS) -> Sheet:
    he = User.objects.get(username="he")
    sheet = brought(he, *[a_row(person, 是否低保="是") for person in residents(rows)])
    set_columns(sheet, sheet.plan["mapping"], sheet.as_of)
    columns = values_of(sheet).columns
    set_values(sheet, {target.code: {one.value: one.code or "" for one in coded} for target, _title, coded in columns})
    return sheet


def to_be_filed(rows: int = ROWS) -> Sheet:
    sheet = a_sheet(rows)
    check_sheet(sheet.pk)
    sheet.refresh_from_db()
    assert sheet.stage == Stage.READY
    start(sheet)
    return sheet


def go_on(sheet: Sheet) -> None:
    file_sheet(sheet.pk, lambda: go_on(sheet))


def a_worker(town: str, sheet: Sheet, does: str = _FILE, lot: int = 2, step: str = "") -> subprocess.Popen:
    names = {"DJANGO_SETTINGS_MODULE": "web.settings", "PYTHONUNBUFFERED": "1", "SYNTHETIC_IDS": "1"}
    command = [sys.executable, "-c", does, str(sheet.pk), str(lot), step]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=environment(town) | names, cwd=ROOT, **pipes)


def a_worker_within(town: str, sheet: Sheet, lot: int = 2, step: str = "settle") -> subprocess.Popen:
    worker = a_worker(town, sheet, _WITHIN, lot, step)
    assert worker.stdout.readline() == "within\n"
    return worker


def both_file(first: subprocess.Popen, second: subprocess.Popen, lock: str) -> None:
    """The first has a lot in hand, and ends it when the second waits for a lock of that kind; then both file all."""
    assert wait_until(lambda: waits_for(lock) or second.poll() is not None, 60)
    assert second.poll() is None, "the second waited for nothing"
    first.stdin.close()
    assert [first.wait(120), second.wait(120)] == [0, 0]


def waits_for(lock: str) -> bool:
    with connection.cursor() as cursor:
        asked = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = %s"
        cursor.execute(asked, [lock])
        return bool(cursor.fetchall())


def everything_once(rows: int = ROWS) -> None:
    assert set(SheetRow.objects.values_list("outcome", flat=True)) == {"changed"}
    assert not SheetRow.objects.exclude(sealed=None).exists()
    facts = Fact.objects.filter(field__code="need_subsistence", source="file")
    assert facts.count() == facts.values("resident").distinct().count() == rows


def test_a_worker_killed_in_the_middle_leaves_whole_lots_and_another_goes_on(town):
    sheet = to_be_filed()
    worker = a_worker(town, sheet)
    for _lot in range(3):
        assert worker.stdout.readline() == "lot\n"
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait(20)
    done = SheetRow.objects.filter(outcome="changed").count()
    assert 6 <= done < ROWS
    assert Fact.objects.filter(field__code="need_subsistence", source="file").count() == done
    go_on(sheet)
    everything_once()
    sheet.refresh_from_db()
    assert (sheet.stage, sheet.percent) == (Stage.DONE, 100)


def test_two_workers_at_once_file_everything_once(town):
    sheet = to_be_filed()
    workers = [a_worker(town, sheet) for _each in range(2)]
    for worker in workers:
        worker.communicate(timeout=120)
    everything_once()


def test_what_another_has_in_hand_is_left_to_it_and_filed_when_it_is_killed(town):
    sheet, asked = to_be_filed(), []
    worker = a_worker_within(town, sheet, 5, "_end")  # before it holds up who counts
    file_sheet(sheet.pk, lambda: asked.append(1))
    sheet.refresh_from_db()
    assert (sheet.stage, len(asked), SheetRow.objects.filter(outcome="").count()) == (Stage.FILING, 1, 5)
    worker.kill()
    worker.communicate(timeout=20)
    go_on(sheet)
    everything_once()
    sheet.refresh_from_db()
    assert sheet.stage == Stage.DONE


def test_a_job_files_two_lots_at_a_time(monkeypatch):
    sheet, real, both = to_be_filed(), sheets.file_lot, Barrier(2)
    within = []

    def lot(one):
        if len(within) < 2:
            within.append(get_ident())
            both.wait(60)  # breaks where nobody else comes
        return real(one, 2)

    monkeypatch.setattr(sheets, "file_lot", lot)
    go_on(sheet)
    assert len(set(within)) == 2
    everything_once()


def test_lots_that_change_the_same_figures_wait_for_each_other_and_count_right(town):
    """Newcomers and births of a few cells, here and there, in many lots at once: no deadlock, no figure lost."""
    he, people = User.objects.get(username="he"), residents(24)
    he.department = Department.objects.get(code="police")  # its word on a birth stands
    he.save()
    random.Random(3).shuffle(people)
    doors = [address_of(door_of(person)) for person in people[::2]] + [address_of(empty_door())]
    known = [a_row(person, 出生日期=f"19{50 + at}-03-04", 身份证号="") for at, person in enumerate(people)]
    fresh = [
        a_row(None, 姓名=f"欧阳{sign}", 身份证号=number(f"1980-01-{at + 1:02}", 11), 住址=doors[at % 13])
        for at, sign in enumerate("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥")
    ]
    sheet = checked(he, *known, *fresh)
    for row, person in enumerate(people, 2):
        SheetRow.objects.filter(row=row).update(verdict="link", outcome="", resident=person)
    start(sheet)
    both_file(a_worker_within(town, sheet), a_worker(town, sheet), "advisory")
    assert sorted(SheetRow.objects.values_list("outcome", flat=True)) == ["changed"] * 24 + ["made"] * 22
    assert Resident.objects.filter(name__startswith="欧阳").count() == 22
    assert wrong_areas() == set()


def test_a_newcomer_in_two_tables_at_once_is_registered_once(town):
    he, doors = User.objects.get(username="he"), {address_of(door_of(person)) for person in residents(24)}
    told = {"姓名": "欧阳甲", "身份证号": number("1980-01-01", 11)}
    tables = [checked(he, a_row(None, **told, 住址=door)) for door in sorted(doors)[:2]]
    for sheet in tables:
        start(sheet)
    both_file(a_worker_within(town, tables[0]), a_worker(town, tables[1]), "advisory")
    assert list(Resident.objects.filter(name="欧阳甲").values_list("doubled", flat=True)) == [False]


def test_what_two_lots_say_of_one_household_is_written_once(town):
    he, by_home = User.objects.get(username="he"), {}
    for person in residents(60):
        by_home.setdefault(person.residences.get(kind="living", ends=None).household_id, []).append(person)
    people = next(some for some in by_home.values() if len(some) > 1)[:2]
    sheet = checked(he, *[a_row(person, 住址="", 家庭人口数="3") for person in people])
    start(sheet)
    both_file(a_worker_within(town, sheet, 1), a_worker(town, sheet, lot=1), "transactionid")
    assert Fact.objects.filter(field__code="household_size").count() == 1


def test_a_check_that_was_cut_off_leaves_nothing_and_begins_anew(monkeypatch):
    sheet = a_sheet(6)

    class Killed(BaseException):
        pass

    class Dying:
        def __init__(self, *_all):
            pass

        def __call__(self, share):
            if share > 0.5:
                raise Killed

    with monkeypatch.context() as once:
        once.setattr(sheets, "Progress", Dying)
        with pytest.raises(Killed):
            check_sheet(sheet.pk)
    assert not SheetRow.objects.exists()
    check_sheet(sheet.pk)
    assert SheetRow.objects.count() == 6


def test_progress_is_seen_from_elsewhere_and_a_cancelled_check_stops(monkeypatch):
    sheet = a_sheet(4)
    monkeypatch.setattr(sheets, "_BREATH", 0)
    heard = []
    real = sheets.Progress._write

    def write(self, percent):
        heard.append(percent)
        if len(heard) == 3:
            discard(Sheet.objects.get(pk=sheet.pk))
        return real(self, percent)

    monkeypatch.setattr(sheets.Progress, "_write", write)
    check_sheet(sheet.pk)
    sheet.refresh_from_db()
    assert sheet.stage == Stage.DONE
    assert heard == sorted(heard)
    assert not SheetRow.objects.exists()


def test_a_pause_is_heard_and_gone_on_from(monkeypatch):
    sheet = to_be_filed(6)
    monkeypatch.setattr(sheets, "_BREATH", 0)
    monkeypatch.setattr(sheets, "AT_ONCE", 1)
    real, lots = sheets.file_lot, []

    def lot_then_pause(one):
        done = real(one, 2)
        lots.append(done)
        if len(lots) == 1:
            pause(Sheet.objects.get(pk=sheet.pk))
        return done

    with monkeypatch.context() as once:
        once.setattr(sheets, "file_lot", lot_then_pause)
        go_on(sheet)
    sheet.refresh_from_db()
    assert (sheet.stage, SheetRow.objects.filter(outcome="").count()) == (Stage.PAUSED, 4)
    resume(sheet)
    go_on(sheet)
    everything_once(6)


def test_a_long_table_lets_other_jobs_take_their_turn(monkeypatch):
    sheet = to_be_filed(6)
    monkeypatch.setattr(sheets, "SLICE", 0)
    monkeypatch.setattr(sheets, "AT_ONCE", 1)
    real = sheets.file_lot
    monkeypatch.setattr(sheets, "file_lot", lambda one: real(one, 2))
    asked = []
    for _turn in range(4):
        file_sheet(sheet.pk, lambda: asked.append(1))
    sheet.refresh_from_db()
    assert (len(asked), sheet.stage) == (2, Stage.DONE)


def test_whoever_has_lost_the_ground_files_nothing():
    sheet = to_be_filed(2)
    User.objects.get(username="he").postings.all().delete()
    go_on(sheet)
    sheet.refresh_from_db()
    assert sheet.stage == Stage.FAILED
    assert sheet.fix
    assert not Fact.objects.filter(source="file").exists()

"""Checking and filing the tables of departments, a slice at a time.

A job that was killed is run again: a check begins anew, filing goes on with what is left. One whose table is paused,
thrown away or no longer its owner's to bring does nothing.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

from django.db import OperationalError, connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gis.collection.sheets.bringing import content_of
from gis.collection.sheets.checking import check
from gis.collection.sheets.filing import file_lot, is_filed
from gis.collection.sheets.progress import rows_left
from gis.collection.sheets.sheet import AT_WORK, Sheet, Stage
from gis.errors import WanggeError

#: Seconds of one job that files; and between two looks at whether somebody has stopped it.
SLICE, _BREATH = 20, 0.5
#: Lots filed at a time: the database does two thirds of the work, so two of ours keep two cores busy.
AT_ONCE = 2
#: What PostgreSQL calls a deadlock; and how often a lot that met one is tried again.
_DEADLOCK, _TRIES = "40P01", 3


class Stopped(Exception):
    """The table was paused or thrown away meanwhile."""


class Progress:
    """Hears the share that is done, and tells it, not too often: on a connection of its own, because the transaction of
    a check is open until its end, and whoever waits must see it, and may stop it."""

    def __init__(self, sheet: Sheet, stage: str) -> None:
        self.rows, self.told = Sheet.objects.filter(pk=sheet.pk, stage=stage), time.monotonic()

    def __call__(self, share: float) -> None:
        """Raises Stopped when nobody waits any more."""
        if time.monotonic() - self.told < _BREATH:
            return
        self.told = time.monotonic()
        with ThreadPoolExecutor(1) as aside:
            if not aside.submit(self._write, min(99, int(share * 100))).result():
                raise Stopped

    def _write(self, percent: int) -> int:
        try:
            return self.rows.all().update(percent=percent)
        finally:
            connection.close()


def check_sheet(key: int) -> None:
    """Check one table, from its beginning."""
    sheet = _begin(key, Stage.CHECKING)
    if sheet is None:
        return
    with _accounted(sheet):
        with translation.override(sheet.language), content_of(sheet) as path:
            check(sheet, path, Progress(sheet, Stage.CHECKING))
        _end(sheet, Stage.CHECKING, Stage.READY, percent=100)


def file_sheet(key: int, again: Callable[[], object]) -> None:
    """File rows of a table. `again` asks for another job where a slice was not enough."""
    sheet = _begin(key, Stage.FILING)
    if sheet is None:
        return
    with _accounted(sheet):
        Slice(sheet).work()
        if is_filed(sheet):
            _end(sheet, Stage.FILING, Stage.DONE, percent=100, ended_at=timezone.now())
        else:
            again()


class Slice:
    """Filing for a while, several lots at a time: while the database works on the one, we do on the other."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.ends, self.over = sheet, time.monotonic() + SLICE, Event()
        self.left, self.total = rows_left(sheet)

    def work(self) -> None:
        """Returns when time or rows are out. Raises what any of the workers has met, when all of them have ended."""
        with ThreadPoolExecutor(AT_ONCE) as several:
            for worker in [several.submit(self._file) for _each in range(AT_ONCE)]:
                worker.result()

    def _file(self) -> None:
        tell = Progress(self.sheet, Stage.FILING)
        try:
            with translation.override(self.sheet.language):
                while not self.over.is_set() and (done := _unlocked(lambda: file_lot(self.sheet))):
                    self.left -= done
                    tell(1 - self.left / self.total)
                    if time.monotonic() > self.ends:
                        return
        except BaseException:
            self.over.set()
            raise
        finally:
            connection.close()


def _unlocked(work: Callable[[], int]) -> int:
    """What `work` gives; tried again where another transaction and ours waited for each other, and ours was ended."""
    for _try in range(_TRIES):
        try:
            return work()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != _DEADLOCK:
                raise
    return work()


def _begin(key: int, stage: str) -> Sheet | None:
    """The table, where it is in that stage and whoever brought it still may."""
    sheet = Sheet.objects.select_related("owner", "department").filter(pk=key, stage=stage).first()
    if sheet is None or sheet.owner.access.may("sheet.bring", sheet.area):
        return sheet
    with translation.override(sheet.language):
        _fail(sheet, _("上传人的任职已不包括这个辖区。"), _("请由现在负责的人重新上传。"))
    return None


def _end(sheet: Sheet, before: str, after: str, **facts) -> None:
    Sheet.objects.filter(pk=sheet.pk, stage=before).update(stage=after, **facts)


@contextmanager
def _accounted(sheet: Sheet) -> Iterator[None]:
    """Whatever goes wrong is written into the table, for whoever looks at it."""
    try:
        yield
    except Stopped:
        return
    except OperationalError:
        raise  # the database was away: the job is run again
    except Exception as error:
        with translation.override(sheet.language):
            if isinstance(error, WanggeError):
                _fail(sheet, error.message, error.fix)
                return
            _fail(sheet, _("处理时出错。"), _("请点“继续”；若再次出错，请联系管理员。"))
        raise


def _fail(sheet: Sheet, trouble: str, fix: str) -> None:
    Sheet.objects.filter(pk=sheet.pk, stage__in=AT_WORK).update(
        stage=Stage.FAILED, trouble=str(trouble)[:200], fix=str(fix)[:200], ended_at=timezone.now()
    )

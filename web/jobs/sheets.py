"""Checking and filing the tables of departments, a slice at a time.

A job that was killed is run again: a check begins anew, filing goes on with what is left. One whose table is paused,
thrown away or no longer its owner's to bring does nothing.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import OperationalError, connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gis.collection.sheets.bringing import content_of
from gis.collection.sheets.checking import check
from gis.collection.sheets.filing import file_lot
from gis.collection.sheets.progress import filed_share
from gis.collection.sheets.sheet import AT_WORK, Sheet, Stage
from gis.errors import WanggeError

#: Seconds of one job that files; and between two looks at whether somebody has stopped it.
SLICE, _BREATH = 20, 0.5


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
    tell, ends = Progress(sheet, Stage.FILING), time.monotonic() + SLICE
    with _accounted(sheet), translation.override(sheet.language):
        while file_lot(sheet):
            tell(filed_share(sheet))
            if time.monotonic() > ends:
                again()
                return
        _end(sheet, Stage.FILING, Stage.DONE, percent=100, ended_at=timezone.now())


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

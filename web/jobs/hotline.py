"""Checking and filing an export a slice at a time, so that a reminder need not wait for a year of calls.

A job that was killed is run again and goes on with what is left; one whose file is paused or gone does nothing.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import OperationalError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gis.errors import NotReady, WanggeError
from gis.hotline.checking import check
from gis.hotline.filing import Filing
from gis.hotline.hotline_file import HotlineFile, Stage
from gis.hotline.placing import patiently
from gis.hotline.uploading import content_of

#: Seconds of one job; and rows between two looks at whether the file was paused.
SLICE, _LOOK = 20, 20
#: Seconds of one job that checks: each opens the file anew, which takes a large workbook some seconds.
CHECK_SLICE = 60


class Stopped(Exception):
    """The file was paused or thrown away meanwhile."""


class Enough(Exception):
    """The slice is over; rows are left."""


def check_file(key: int, again: Callable[[], object]) -> None:
    """Check rows of one file. Run again, after a kill too, it goes on after the last row that was kept."""
    file = _begin(key, Stage.CHECKING)
    if file is None:
        return
    ends = time.monotonic() + CHECK_SLICE

    def tell(_row: int) -> None:
        _go_on(file, Stage.CHECKING)
        if time.monotonic() > ends:
            raise Enough

    with _accounted(file):
        try:
            with translation.override(file.language), content_of(file) as path:
                check(file, path, tell)
        except Enough:
            again()
        else:
            _end(file, Stage.CHECKING, Stage.READY)


def file_rows(key: int, again: Callable[[], object]) -> None:
    """File what waits of one file. `again` asks for another job where a slice was not enough."""
    file = _begin(key, Stage.FILING, Stage.DONE)
    if file is None:
        return
    with _accounted(file), translation.override(file.language):
        if _slice(file):
            again()
        elif file.stage == Stage.FILING:
            _end(file, Stage.FILING, Stage.DONE, ended_at=timezone.now())


def _slice(file: HotlineFile) -> bool:
    """File rows for a while; whether some are left."""
    filing, ends, done = Filing.of(file), time.monotonic() + SLICE, 0
    while patiently(filing.next):
        done += 1
        if done % _LOOK == 0:
            _go_on(file, file.stage)
        if time.monotonic() > ends:
            return True
    return False


def _begin(key: int, *stages: str) -> HotlineFile | None:
    """The file, where it is in one of some stages and whoever brought it still may."""
    file = HotlineFile.objects.select_related("owner", "department").filter(pk=key, stage__in=stages).first()
    settled = file is None or file.owner is None or file.stage == Stage.DONE
    if settled or file.owner.access.may("case.bring", file.area):
        return file
    with translation.override(file.language):
        _fail(file, _("上传人的任职已不包括这个辖区。"), _("请由现在负责的人重新上传。"))
    return None


def _go_on(file: HotlineFile, stage: str) -> None:
    if not HotlineFile.objects.filter(pk=file.pk, stage=stage).exists():
        raise Stopped


def _end(file: HotlineFile, before: str, after: str, **facts) -> None:
    HotlineFile.objects.filter(pk=file.pk, stage=before).update(stage=after, **facts)


@contextmanager
def _accounted(file: HotlineFile) -> Iterator[None]:
    """Whatever goes wrong is written into the file, for whoever looks at it."""
    try:
        yield
    except Stopped:
        return
    except OperationalError:
        raise  # the database was away: the job is run again
    except Exception as error:
        with translation.override(file.language):
            if isinstance(error, WanggeError) and not isinstance(error, NotReady):
                _fail(file, error.message, error.fix)
                return
            _fail(file, _("处理时出错。"), _("请点“继续”；若再次出错，请联系管理员。"))
        raise


def _fail(file: HotlineFile, trouble: str, fix: str) -> None:
    stages = (Stage.CHECKING, Stage.FILING)
    now = timezone.now()
    HotlineFile.objects.filter(pk=file.pk, stage__in=stages).update(
        stage=Stage.FAILED, trouble=str(trouble)[:200], fix=str(fix)[:200], ended_at=now
    )

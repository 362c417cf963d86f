"""Making a report: its owner's postings of this moment decide what is in it, whatever they were when it was ordered."""

import logging
import tempfile
import time
from pathlib import Path

from django.core.files import File
from django.db import close_old_connections, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gis.accounts.scope import applied
from gis.errors import WanggeError
from gis.reports.ordering import What, note
from gis.reports.report import AT_WORK, Kind, Report, Stage
from layers.reports import picture, web_map, workbook
from layers.reports.contents import gather, with_incidents
from layers.reports.tables import told_of
from layers.reports.view import read_stored
from web.lists.files import WRITERS
from web.lists.orders import gather_ordered

logger = logging.getLogger(__name__)
#: Writers that draw a view of the map; the others write its tables.
_DRAWERS = {Kind.HTML: web_map.write, Kind.PNG: picture.write, Kind.XLSX: workbook.write}
#: What is known of a report when it has been made, and what a view learns of itself by then.
_KEPT = ("stage", "percent", "ended_at", "expires_at", "size", "areas")
_LEARNT = ("used",)
#: Seconds between two lines of progress: each is a row written.
_BREATH = 0.3


class Stopped(Exception):
    """The report was cancelled while it was made."""


def make(report_id: int) -> None:
    """Make one report. Run again after a kill it begins anew; one that has ended stays as it is."""
    close_old_connections()
    if not Report.objects.filter(pk=report_id, stage__in=AT_WORK).update(stage=Stage.WORKING, percent=0):
        return
    report = Report.objects.select_related("owner").get(pk=report_id)
    try:
        with translation.override(report.language), tempfile.TemporaryDirectory(prefix="wangge-report-") as folder:
            path = _write(report, Path(folder) / f"report.{report.kind}")
            _keep(report, path)
    except Stopped:
        return
    except WanggeError as refused:
        _fail(report, refused.message, refused.fix)
    except Exception:
        _fail(report, _("制作时出错。"), _("请重新申请；若再次出错，请联系管理员。"))
        raise


def _write(report: Report, path: Path) -> Path:
    """Write the file and return where it lies; note the areas it really tells of, which decide who may take it."""
    return _write_list(report, path) if "list" in report.view else _write_view(report, path)


def _write_list(report: Report, path: Path) -> Path:
    with applied(report.owner.access.which("people.count")):
        told = gather_ordered(report)
    progress = _Progress(report)
    progress(40)
    return WRITERS[Kind(report.kind)](told, path, lambda percent: progress(40 + percent * 55 // 100))


def _write_view(report: Report, path: Path) -> Path:
    view, access = read_stored(report.view), report.owner.access
    with applied(access.which("people.count")):
        contents = gather(view, access, report.owner)
    progress = _Progress(report)
    progress(5)
    contents = with_incidents(contents, lambda percent: progress(5 + percent // 3))
    report.areas = contents.scope.setting
    kind = Kind(report.kind)
    writer, what = (_DRAWERS[kind], contents) if kind in _DRAWERS else (WRITERS[kind], told_of(contents))
    return writer(what, path, lambda percent: progress(40 + percent * 55 // 100))


class _Progress:
    def __init__(self, report: Report) -> None:
        self.report, self.told = report, 0.0

    def __call__(self, percent: int) -> None:
        """Tell it, not too often. Raises Stopped when nobody waits for the report any more."""
        if time.monotonic() - self.told < _BREATH:
            return
        self.told = time.monotonic()
        if not Report.objects.filter(pk=self.report.pk, stage=Stage.WORKING).update(percent=percent):
            raise Stopped


def _keep(report: Report, path: Path) -> None:
    """Store the file under a name that tells nothing, and say that it is there; not when it was cancelled meanwhile."""
    with path.open("rb") as file:
        report.file.save(f"{report.uuid}{path.suffix}", File(file), save=False)
    report.size = path.stat().st_size
    report.finished(timezone.now())
    if not _say_it_is_there(report):
        report.file.storage.delete(report.file.name)


@transaction.atomic
def _say_it_is_there(report: Report) -> bool:
    """False when it was cancelled. The words of its view may have been sealed anew meanwhile, and stay so."""
    found = Report.objects.select_for_update().filter(pk=report.pk, stage=Stage.WORKING)
    stored = found.values_list("view", flat=True).first()
    if stored is None:
        return False
    fields = {name: getattr(report, name) for name in _KEPT}
    view = stored | {name: report.view[name] for name in _LEARNT if name in report.view}
    Report.objects.filter(pk=report.pk).update(file=report.file.name, view=view, **fields)
    note(report, What.MADE, None)
    return True


def _fail(report: Report, trouble: str, fix: str) -> None:
    report.failed(timezone.now(), trouble, fix)
    fields = {name: getattr(report, name) for name in ("stage", "ended_at", "trouble", "fix")}
    if Report.objects.filter(pk=report.pk, stage=Stage.WORKING).update(**fields):
        note(report, What.FAILED, None)

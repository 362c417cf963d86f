"""`import_incidents` on the export of a 12345 hotline: the way of the page, on the terminal, in one go.

The rows that were kept before an interruption are not judged again, and a work order that is filed is filed: the same
command goes on where it ended.
"""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from django.core.management.base import CommandError

from gis.accounts.scope import applied
from gis.areas.area import Area
from gis.errors import BadFile, WanggeError
from gis.hotline.checking import check
from gis.hotline.columns import choose, looks_like_hotline, missing
from gis.hotline.faults import Fault
from gis.hotline.filing import Filing
from gis.hotline.hotline_file import HotlineFile, HotlineRow, Outcome, Stage
from gis.hotline.placing import patiently
from gis.hotline.report import save_faults
from gis.hotline.sheet import sample
from gis.hotline.uploading import content_of, discard, forget_content, keep

#: Faults named on the screen; all are in the report.
_PRINTED = 20


def is_hotline(path: Path) -> bool:
    """Whether a file looks like the export of a hotline."""
    try:
        return looks_like_hotline(sample(path, 1)[0])
    except (WanggeError, OSError):
        return False


def import_hotline(given: dict, say: Callable[[str], object]) -> None:
    """Check and file an export, and account for every row. Raises CommandError."""
    started = time.monotonic()
    path: Path = given["file"]
    try:
        file = _kept(path, given)
        _tell_columns(file, say)
        with content_of(file) as content:
            check(file, content, lambda row: None, given["layer"])
        _account(file, say)
        if not given["dry_run"]:
            HotlineFile.objects.filter(pk=file.pk).update(stage=Stage.FILING)
            _file(file, say)
            _account_filed(file, say, time.monotonic() - started)
        if given["report"]:
            save_faults(file, given["report"])
            say(f"Report saved as {given['report']}.")
    except WanggeError as error:
        raise CommandError(str(error)) from None
    except KeyboardInterrupt:
        raise CommandError("Stopped. What is filed is whole; the same command goes on where it ended.") from None
    if given["dry_run"]:
        HotlineFile.objects.filter(pk=file.pk).update(stage=Stage.READY)
        discard(file)


def _kept(path: Path, given: dict) -> HotlineFile:
    if not path.is_file():
        raise BadFile(f"There is no file {path.name}.", fix="Check the path.")
    file = HotlineFile(area=given["area"] or _everywhere(), source=given["source"] or "12345", name=path.name[:120])
    _clear_broken_off(file)
    file = keep(file, path.read_bytes())
    file.chosen = choose(file.titles, file.chosen, given["wishes"])
    if lacking := missing(file.chosen):
        names = ", ".join(f"{one.name} ({one.label})" for one in lacking)
        discard(file)
        raise BadFile(f"No column was recognised for {names}.", fix=f"Name it: --map {lacking[0].name}=COLUMN.")
    file.shift = given["crs"] if given["crs"] in HotlineFile.Shift.values else ""
    file.stage = Stage.CHECKING
    file.save()
    return file


def _clear_broken_off(file: HotlineFile) -> None:
    """Throw away what a run that was stopped has left: this one judges the rows anew."""
    for old in HotlineFile.objects.filter(owner=None, area=file.area, source=file.source).exclude(stage=Stage.DONE):
        HotlineFile.objects.filter(pk=old.pk).update(stage=Stage.PAUSED)
        with applied(old.scope):
            discard(old)


def _everywhere() -> str:
    """The one area that holds all others. Raises BadFile where there is none or several."""
    codes = set(Area.objects.values_list("code", flat=True))
    tops = [code for code in codes if not any(code != other and code.startswith(other) for other in codes)]
    if len(tops) != 1:
        raise BadFile("The file may be of several places.", fix="Name the area it is of: --area 110113001.")
    return tops[0]


def _tell_columns(file: HotlineFile, say: Callable[[str], object]) -> None:
    say(f"{file.name}: work orders of {file.source} for {file.area}, {file.how}.")
    for name, title in file.chosen.items():
        say(f"  {name:<12} ← {title}")
    rest = [title for title in file.titles if title not in file.chosen.values()]
    if rest:
        say(f"  not imported: {', '.join(rest[:12])}")


def _account(file: HotlineFile, say: Callable[[str], object]) -> None:
    with applied(file.scope):
        rows = list(file.rows.values_list("row", "verdict", "faults"))
    verdicts = Counter(verdict for _row, verdict, _faults in rows)
    said = ", ".join(f"{verdicts[name]:,} {word}" for name, word in _VERDICTS.items())
    say(f"{len(rows):,} rows: {said}.")
    faults = [(row, Fault.from_json(told)) for row, _verdict, all_told in rows for told in all_told]
    stopping = [(row, fault) for row, fault in faults if fault.stops]
    for row, fault in stopping[:_PRINTED]:
        say(f"  row {row}: {fault.of} {fault.reason} {fault.fix}")
    if len(stopping) > _PRINTED:
        say(f"  and {len(stopping) - _PRINTED:,} more (--report FILE.xlsx lists every one)")


_VERDICTS = {"new": "new", "known": "known", "changed": "changed", "fault": "with faults"}


def _file(file: HotlineFile, say: Callable[[str], object]) -> None:
    filing, done = Filing.of(file), 0
    while patiently(filing.next):
        done += 1
        if done % 500 == 0:
            say(f"  {done:,} rows")
    forget_content(file)
    HotlineFile.objects.filter(pk=file.pk).update(stage=Stage.DONE)


def _account_filed(file: HotlineFile, say: Callable[[str], object], seconds: float) -> None:
    with applied(file.scope):
        found = Counter(HotlineRow.objects.filter(file=file).values_list("outcome", flat=True))
    say(
        f"{found[Outcome.FILED]:,} filed, {found[Outcome.CHANGED]:,} changed, {found[Outcome.KNOWN]:,} known, "
        f"{found[Outcome.FAULT]:,} with faults in {seconds:.1f} s."
    )
    if found[Outcome.PLACE] or found[Outcome.KIND]:
        say(
            f"  {found[Outcome.PLACE]:,} wait for a place and {found[Outcome.KIND]:,} for a category:"
            " a person decides on the page 12345 工单 (/hotline/)."
        )

"""Checking a file: every row judged, held against what is known of its work order, and kept sealed. Writes no case.

A worker that was killed goes on after the last row that is there: rows are kept a batch at a time, in their order.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from gis.accounts.departments import Department
from gis.accounts.scope import applied
from gis.hotline.faults import Fault
from gis.hotline.hotline_file import TOLD, HotlineFile, HotlineRow, Outcome, Verdict
from gis.hotline.order import Order, Reading, judge
from gis.hotline.sheet import Row, open_sheet
from gis.incidents.holidays import calendar_in_force
from gis.incidents.incident import Incident

#: Rows kept in one transaction.
_BATCH = 500


def check(file: HotlineFile, path: Path, tell: Callable[[int], None], sheet: str | None = None) -> int:
    """Keep every row of a file that is not kept yet; how many there are. `tell` hears the number of each batch's last
    row and may stop it by raising. Raises BadFile; what was kept stays.
    """
    opened = open_sheet(path, sheet)
    reading = Reading.of(
        opened.titles, file.chosen, zone=ZoneInfo(settings.TIME_ZONE), work=calendar_in_force().work, now=timezone.now()
    )
    with applied(file.scope):
        last = file.rows.aggregate(last=Max("row"))["last"] or 0
        seen = dict(file.rows.exclude(verdict=Verdict.FAULT).values_list("number", "row"))
    checked = _Checked(file, reading, seen)
    for batch in _batches(row for row in opened.rows if row.number > last):
        with applied(file.scope):
            HotlineRow.objects.bulk_create(checked.rows(batch))
        tell(batch[-1].number)
    return len(seen)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while batch := list(islice(left, _BATCH)):
        yield batch


def departments() -> dict[str, Department]:
    """Departments by what an export may call them."""
    found = {}
    for one in Department.objects.all():
        found |= {word.casefold(): one for word in (one.code, one.name, one.name_en) if word}
    return found


def department_of(text: str, known: dict[str, Department]) -> Department | None:
    """The department of a text; 顺义区民政局 is 民政局, and of several in one cell the first that is known."""
    for part in text.replace("，", ",").replace("、", ",").replace("；", ",").replace(";", ",").split(","):
        plain = part.strip().casefold()
        if plain in known:
            return known[plain]
        ends = [word for word in known if len(word) > 2 and not word.isascii() and plain.endswith(word)]
        if ends:
            return known[max(ends, key=len)]
    return None


@dataclass
class _Checked:
    file: HotlineFile
    reading: Reading
    seen: dict[str, int]
    known: dict[str, Department] = field(default_factory=departments)

    def rows(self, batch: list[Row]) -> list[HotlineRow]:
        judged = [(row, *judge(row, self.reading)) for row in batch]
        judged = [(row, order, self._more(row, order, faults)) for row, order, faults in judged]
        numbers = [order.number for _row, order, faults in judged if not _stopped(faults)]
        last, there = self._last(numbers), self._there(numbers)
        return [self._made(row, order, faults, last, there) for row, order, faults in judged]

    def _more(self, row: Row, order: Order, faults: list[Fault]) -> list[Fault]:
        """What only the file as a whole can tell."""
        if _stopped(faults):
            return faults
        first = self.seen.setdefault(order.number, row.number)
        if first != row.number:
            return [Fault("twin", "number", {"row": first})]
        theirs = department_of(order.department, self.known) if self.file.department_id else None
        if theirs and theirs.pk != self.file.department_id:
            return [Fault("other_department", "department")]
        return faults

    def _last(self, numbers: list[str]) -> dict[str, dict]:
        """How each work order stood when a file last told of it."""
        told = HotlineRow.objects.filter(source=self.file.source, number__in=numbers, outcome__in=TOLD)
        return dict(told.order_by("pk").values_list("number", "prints"))

    def _adopt(self, number: str, prints: dict) -> None:
        """Nobody can hold an order against what was printed by a key that is gone: as it stands now it is known."""
        told = HotlineRow.objects.filter(source=self.file.source, number=number, outcome__in=TOLD).order_by("-pk")
        HotlineRow.objects.filter(pk=told.values("pk")[:1]).update(prints=prints)

    def _there(self, numbers: list[str]) -> set[str]:
        cases = Incident.objects.filter(source=self.file.source, source_code__in=numbers)
        return set(cases.values_list("source_code", flat=True))

    def _made(self, row: Row, order: Order, faults: list[Fault], last: dict, there: set[str]) -> HotlineRow:
        made = HotlineRow(
            file=self.file, row=row.number, area=self.file.area, source=self.file.source, number=order.number,
            faults=[fault.as_json() for fault in faults],
        )  # fmt: skip
        if _stopped(faults):
            made.verdict, made.outcome = Verdict.FAULT, Outcome.FAULT
            return made
        made.prints, made.words = order.prints(), order.words
        before = last.get(order.number)
        if before is not None and order.prints_like(before) is None:
            self._adopt(order.number, made.prints)
            before = made.prints
        is_known = order.number in there if before is None else before == order.prints_like(before)
        if is_known:
            made.verdict, made.outcome = Verdict.KNOWN, Outcome.KNOWN
            return made
        made.verdict = Verdict.CHANGED if before is not None else Verdict.NEW
        made.sealed = order.sealed()
        return made


def _stopped(faults: list[Fault]) -> bool:
    return any(fault.stops for fault in faults)

"""Categories as a table, out and in: what leaves as CSV, changed in a spreadsheet, comes back by paste or file."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gis.accounts.users import User
from gis.errors import Refused
from gis.incidents.category import FIELDS, Category, Terms
from gis.incidents.category_change import CategoryChange
from gis.incidents.category_changing import add_category, change_category
from gis.incidents.category_text import judge_terms, read_code, read_terms

#: Rows read in one go.
MOST = 1000
#: Column → its name in Chinese, in the order of the file.
COLUMNS = {
    "kind": "类别体系", "code": "代码", "major": "大类", "name": "小类", "urgent": "紧急",
    "accept_within_hours": "受理时限（工作时）", "dispose_within": "处置时限", "dispose_unit": "时限单位",
    "is_public": "向居民公开", "synonyms": "别的说法", "retired": "停用", "successors": "后继",
}  # fmt: skip
_NAMES = (
    {word: name for name, word in COLUMNS.items()}
    | {name: name for name in COLUMNS}
    | {"受理时限": "accept_within_hours"}
)
_KINDS = {"社区事件": "community", "城市事件": "city", "城市部件": "component"} | {
    kind: kind for kind in ("community", "city", "component")
}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row: its number in the text, the column (by its word), the sentence with the fix."""

    row: int
    column: str
    said: str


@dataclass(frozen=True)
class Line:
    """One row that would change something: what the category says and would say. No `category`: it would be new."""

    kind: str
    code: str
    category: Category | None
    before: Terms
    after: Terms

    @property
    def sets(self) -> dict:
        return {
            name: getattr(self.after, name)
            for name in FIELDS
            if getattr(self.after, name) != getattr(self.before, name)
        }


@dataclass
class Read:
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    same: int = 0


def write_table(categories: Iterable[Category]) -> str:
    """As CSV that a spreadsheet opens; what begins like a formula is kept from being one."""
    codes = dict(Category.objects.values_list("pk", "code"))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS.values())
    for one in categories:
        writer.writerow([_cell(_written(one, name, codes)) for name in COLUMNS])
    return "\ufeff" + out.getvalue()


def _written(one: Category, name: str, codes: dict[int, str]) -> str:
    value = getattr(one, name)
    if name == "successors":
        return " ".join(codes[pk] for pk in value if pk in codes)
    if name == "kind":
        return next((word for word, kind in _KINDS.items() if kind == value), value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(Category.Unit(value).label) if name == "dispose_unit" and value else str(value)


def _cell(text: str) -> str:
    return f"'{text}" if text[:1] in "=+-@\t" and text[:1] else text


def read_table(text: str, starts_at) -> Read:
    """The rows of a text and what each would change at a moment; rows that cannot be, each fault with its fix."""
    found = Read()
    rows = _rows(text)
    if not rows:
        found.faults.append(Fault(0, "", _("没有读到内容。请连同第一行的列名一起粘贴。")))
        return found
    header = [_NAMES.get(cell.strip().strip("\ufeff")) for cell in rows[0]]
    for column in ("kind", "code"):
        if column not in header:
            said = _("第一行没有“%(column)s”这一列。请从导出的表格开始改。") % {"column": COLUMNS[column]}
            found.faults.append(Fault(1, COLUMNS[column], said))
    if len(rows) > MOST + 1:
        found.faults.append(Fault(0, "", _("超过 %(most)d 行：请分几次粘贴。") % {"most": MOST}))
    if not found.faults:
        _read_rows(found, header, rows[1:], starts_at)
    return found


def _rows(text: str) -> list[list[str]]:
    plain = text.replace("\x00", "").lstrip("\ufeff")
    first = plain.partition("\n")[0]
    delimiter = "\t" if "\t" in first else ";" if first.count(";") > first.count(",") else ","
    try:
        return [row for row in csv.reader(io.StringIO(plain), delimiter=delimiter) if any(map(str.strip, row))]
    except csv.Error:
        return []


def _read_rows(found: Read, header: list[str | None], rows: list[list[str]], moment) -> None:
    known = {(one.kind, one.code): one for one in Category.objects.all()}
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows, 2):
        told = {name: _bare(cell) for name, cell in zip(header, row, strict=False) if name}
        try:
            line = _read_line(told, known, moment)
            if (line.kind, line.code) in seen:
                raise Refused("", fields={"code": _("与前面一行重复。请只留一行。")})
            seen.add((line.kind, line.code))
        except Refused as refused:
            found.faults += [Fault(number, COLUMNS.get(name, name), said) for name, said in refused.fields.items()]
            continue
        if line.category and not line.sets:
            found.same += 1
        else:
            found.lines.append(line)


def _bare(cell: str) -> str:
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@") else text


def _read_line(told: dict[str, str], known: dict[tuple[str, str], Category], moment) -> Line:
    kind = _KINDS.get(told.get("kind", ""))
    if kind is None:
        raise Refused("", fields={"kind": _("没有这个体系。请写社区事件、城市事件或城市部件。")})
    mine = {code: one for (of, code), one in known.items() if of == kind}
    category = mine.get(told.get("code", "").upper())
    code = category.code if category else read_code(kind, told.get("code", ""))
    before = category.at(moment) if category else Terms(0)
    told = told if category else {"major": "", "name": ""} | told
    read = read_terms(told, kind, {one: each.pk for one, each in mine.items()})
    after = replace(before, **read | ({"successors": tuple(read["successors"])} if "successors" in read else {}))
    judge_terms(category and category.pk, kind, after, mine.values())
    return Line(kind, code, category, before, after)


@transaction.atomic
def take_table(lines: list[Line], *, user: User, starts: date | None, reason: str) -> int:
    """Make all those changes, or none. How many categories changed or were added."""
    for line in lines:
        if line.category:
            change_category(
                line.category, line.sets, user=user, starts=starts, reason=reason, seen=line.category.revision,
                origin=CategoryChange.Origin.FILE,
            )  # fmt: skip
        else:
            terms = {name: getattr(line.after, name) for name in FIELDS} | {"successors": []}
            add_category(
                line.kind, line.code, terms, user=user, starts=starts, reason=reason,
                origin=CategoryChange.Origin.FILE,
            )  # fmt: skip
    return len(lines)

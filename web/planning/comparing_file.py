"""A comparison as CSV, with the mark that lets a spreadsheet read it as UTF-8. Codes are text."""

import csv
from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.translation import gettext as _

from gis.areas.plans.comparing import NOBODY, Layout
from gis.exchange.plain import shown_as_is
from gis.models import Plan
from gis.planning.comparing import Beside


def cells_file(plan: Plan, sides: Beside, kinds: dict[str, str]) -> HttpResponse:
    head = [
        _("原网格代码"), _("原网格"), _("新网格代码"), _("新网格"), _("变化"), _("原户数"), _("新户数"),
        _("迁出户数"), _("迁入户数"), _("迁出楼栋"), _("迁入楼栋"),
    ]  # fmt: skip
    rows = (
        [
            *_cell(sides.before, pair.before), *_cell(sides.after, pair.after), kinds[pair.kind],
            f"{pair.households_before:.0f}", f"{pair.households_after:.0f}", f"{pair.out:.0f}", f"{pair.come:.0f}",
            pair.buildings_out, pair.buildings_come,
        ]
        for pair in sides.found.pairs
    )  # fmt: skip
    return _file(f"plan-{plan.uuid}-cells.csv", head, rows)


def buildings_file(plan: Plan, sides: Beside, addresses: dict[int, str]) -> HttpResponse:
    found = sides.found
    head = [_("楼栋"), _("原网格代码"), _("原网格"), _("新网格代码"), _("新网格"), _("户数")]
    columns = (found.buildings.tolist(), found.origin.tolist(), found.target.tolist(), found.households.tolist())
    rows = (
        [addresses.get(pk, str(pk)), *_cell(sides.before, origin), *_cell(sides.after, target), f"{households:.0f}"]
        for pk, origin, target, households in zip(*columns, strict=True)
    )
    return _file(f"plan-{plan.uuid}-buildings.csv", head, rows)


def _cell(layout: Layout, row: int) -> list[str]:
    return ["", ""] if row == NOBODY else [str(layout.codes[row]), str(layout.names[row])]


def _file(name: str, head: list[str], rows: Iterable[list]) -> HttpResponse:
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    out = csv.writer(answer)
    out.writerow(head)
    out.writerows([shown_as_is(value) for value in row] for row in rows)
    return answer

"""How far a table is, and what became of its rows: counted from the rows themselves."""

from django.db.models import Count, Sum

from gis.accounts.scope import applied
from gis.collection.sheets.sheet import Outcome, Sheet, SheetRow, Verdict


def rows_left(sheet: Sheet) -> tuple[int, int]:
    """How many rows wait to be filed, of how many. In a transaction of its own scope."""
    with applied(sheet.scope):
        rows = SheetRow.objects.filter(sheet=sheet)
        return rows.filter(outcome=Outcome.WAITS).count(), rows.count()


def counts(sheet: Sheet) -> dict[str, int]:
    """Rows by verdict (`v_…`) and outcome (`o_…`), all, and the facts and corrections they brought."""
    found = {f"v_{one.value}": 0 for one in Verdict} | {f"o_{one.name.lower()}": 0 for one in Outcome}
    names = {one.value: one.name.lower() for one in Outcome}
    rows = SheetRow.objects.filter(sheet=sheet).order_by()
    for verdict, outcome, number in rows.values_list("verdict", "outcome").annotate(n=Count("pk")):
        found[f"v_{verdict}"] += number
        found[f"o_{names[outcome]}"] += number
    brought = rows.aggregate(facts=Sum("facts"), corrections=Sum("corrections"))
    return found | {
        "total": sum(found[f"v_{one.value}"] for one in Verdict),
        "facts": brought["facts"] or 0,
        "corrections": brought["corrections"] or 0,
    }

"""How far a table is, and what became of its rows: counted from the rows themselves."""

from django.db.models import Count, Sum

from gis.accounts.scope import applied
from gis.collection.sheets.sheet import Outcome, Sheet, SheetRow, Verdict


def filed_share(sheet: Sheet) -> float:
    """Share of the rows that are settled. In a transaction of its own scope."""
    with applied(sheet.scope):
        rows = SheetRow.objects.filter(sheet=sheet)
        left = rows.filter(outcome=Outcome.WAITS).count()
        total = rows.count()
    return 1 - left / total if total else 1.0


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

"""What names a cell by its code, and what becomes of it when cells change. Every column and text that holds 15 digits:

| where | what becomes of it |
|---|---|
| `CellVersion.code` | the publication itself |
| `Building`, `Dwelling`, `DoorPlate`, `DoorNote`, `Household`, `Residence`, `Resident`, `Need`, `Visit`,
  `VisitWithdrawal`, `LifeEvent`, `LifeEventWithdrawal`,
  `Organisation`, `OrganisationCheck`,
  `PlaceAlias` of a building: `area` | follows the building (`gis.exchange.relinking`) |
| `Incident`, `Component`, `ServicePoint`: `area` | follows the position (same) |
| `Incident.cell` | stays: the version it was reported in |
| `VisitDue`, `Figures`, `Births`, `Block`, `BlockChange`, address index, notes of tiles and incidents | triggers |
| `Posting.area` | `workers`: ends at a vanished cell, begins at its heir |
| `Assignment.team` of an open case | `cases`: to the team of the cell where it lies, by a step |
| `RoutingRule.area` | below: a new version of the table, a rule for each heir |
| `SavedFilter.query`, `Proposal.area`, `HotlineFile.area`, `HotlineRow.area`, `PlaceAlias.area` of a road | below: the
  heir with most of the households |
| `HotlineColumns.whose`, `HotlineKind.whose` | below: the same, where the heir has none of its own |
| `Token.area`, `Webhook.area` | left alone: they open nothing and send nothing more, because nobody decided that a
  program may have other ground. The impact report lists them, so that they are issued anew |
| `Step.facts`, `Report.view` and `.areas`, `Submission.outcome`, `Notice.facts` | history: they say what was then |
"""

import re
from collections.abc import Mapping
from datetime import timedelta

from django.db import connection
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.users import User
from gis.incidents.routing.rule import COPIED, RoutingRule, RoutingTable
from gis.incidents.saved_filter import SavedFilter
from gis.planning.publishing.cases import transfer, transfers
from gis.planning.publishing.heirs import Heir, heirs, main_heirs
from gis.planning.publishing.reckoning import Reckoning
from gis.planning.publishing.redrawing import Redrawing
from gis.planning.publishing.telling import tell_workers
from gis.planning.publishing.workers import Choices, hand_over

__all__ = ["Choices", "follow"]

_NAMED = "WITH named AS (SELECT * FROM unnest(%s::text[], %s::text[]) AS n(old, new))"
_RENAMED = (
    "UPDATE grid_proposal t SET area = n.new FROM named n WHERE t.area = n.old",
    "UPDATE grid_hotlinefile t SET area = n.new FROM named n WHERE t.area = n.old",
    "UPDATE grid_hotlinerow t SET area = n.new FROM named n WHERE t.area = n.old",
    "UPDATE grid_placealias t SET area = n.new FROM named n WHERE t.area = n.old AND t.kind <> 'building'"
    " AND NOT EXISTS (SELECT FROM grid_placealias o"
    " WHERE (o.area, o.kind, o.alias, o.name) = (n.new, t.kind, t.alias, t.name))",
    "UPDATE grid_hotlinecolumns t SET whose = n.new FROM named n WHERE t.whose = n.old"
    " AND NOT EXISTS (SELECT FROM grid_hotlinecolumns o WHERE (o.whose, o.source) = (n.new, t.source))",
    "UPDATE grid_hotlinekind t SET whose = n.new FROM named n WHERE t.whose = n.old AND NOT EXISTS"
    " (SELECT FROM grid_hotlinekind o WHERE (o.whose, o.source, o.words) = (n.new, t.source, t.words))",
)


def follow(reckoning: Reckoning, redrawing: Redrawing, choices: Choices) -> None:
    """Take along what hangs on the codes of cells, in the transaction that changes them."""
    found = heirs(reckoning)
    main = main_heirs(found)
    changed = {str(reckoning.before.codes[place]) for place in reckoning.ends} - main.keys()
    given = hand_over(reckoning, found, choices)
    moved = transfers(reckoning.communities, main, changed, keep=choices.keep_cases)
    cases = transfer(moved, redrawing.user, str(redrawing.uuid))
    rename(main)
    tables = carry_routes(found, redrawing.user)
    filters = carry_filters(main)
    redrawing.facts |= {"cases": cases, "routing": tables, "filters": filters, "heirs": main}
    redrawing.save(update_fields=["facts"])
    tell_workers(redrawing, found, changed, given)


def rename(main: Mapping[str, str]) -> None:
    if not main:
        return
    with connection.cursor() as cursor:
        for statement in _RENAMED:
            cursor.execute(f"{_NAMED} {statement}", [list(main), list(main.values())])


def carry_filters(main: Mapping[str, str]) -> int:
    """A saved filter goes on with the heir of its cell."""
    if not main:
        return 0
    codes = rf"(?<!\d)(?:{'|'.join(main)})(?!\d)"  # a street's code begins those of its communities
    changed = list(SavedFilter.objects.filter(query__regex=codes).select_for_update())
    for one in changed:
        one.query = re.sub(codes, lambda found: main[found[0]], one.query)
    SavedFilter.objects.bulk_update(changed, ["query"])
    return len(changed)


def carry_routes(found: Mapping[str, list[Heir]], user: User | None) -> int:
    """Let rules that name a vanished cell name its heirs: in drafts, and in new versions of what holds or will."""
    named = RoutingRule.objects.filter(area__in=list(found)).values_list("table_id", flat=True).distinct()
    now, changed = timezone.now(), 0
    for table in RoutingTable.objects.filter(pk__in=list(named)).order_by("owner", "begins"):
        holds = table.begins and table.begins <= now
        if holds and table != RoutingTable.objects.in_force(table.owner, now).first():
            continue  # an earlier version: it says what was
        _rewrite(_anew(table, user or table.made_by) if table.begins else table, table, found)
        changed += 1
    return changed


def _anew(table: RoutingTable, user: User) -> RoutingTable:
    last = RoutingTable.objects.filter(owner=table.owner).aggregate(last=Max("number"))["last"] or 0
    now = timezone.now()
    return RoutingTable.objects.create(
        owner=table.owner, number=last + 1, begins=now + timedelta(days=1), made_by=user, published_by=user,
        published_at=now, note=_("网格重新划分"),
    )  # fmt: skip


def _rewrite(target: RoutingTable, source: RoutingTable, found: Mapping[str, list[Heir]]) -> None:
    rules = list(source.rules.order_by("position"))
    if target == source:
        source.rules.all().delete()
        RoutingTable.objects.filter(pk=source.pk).update(revision=source.revision + 1)
    lines = [(rule, code) for rule in rules for code in _areas(rule, found)]
    RoutingRule.objects.bulk_create(
        _copy(rule, target, position, code, first=code == _areas(rule, found)[0])
        for position, (rule, code) in enumerate(lines, 1)
    )
    if target != source:  # a table that has begun takes no rules: it begins once it has them
        RoutingTable.objects.filter(pk=target.pk).update(begins=max(source.begins, target.published_at))


def _areas(rule: RoutingRule, found: Mapping[str, list[Heir]]) -> list[str]:
    if rule.area not in found:
        return [rule.area]
    return [heir.code for heir in found[rule.area]] or [rule.area[:12]]


def _copy(rule: RoutingRule, table: RoutingTable, position: int, area: str, *, first: bool) -> RoutingRule:
    values = {name: getattr(rule, name) for name in COPIED} | {"position": position, "area": area}
    if not first:
        del values["key"]  # `key` names one rule of a table
    return RoutingRule(table=table, **values)

"""Publishing: the cells of a plan come into force, and everything that names a cell goes with them.

One transaction. Killed in the middle it leaves nothing; done twice it does nothing the second time. Cells that stay as
they are keep version and code; one that goes on with another outline keeps its code and gets a new version; new cells
get new codes; the versions of the others end that day and their codes retire.

A cell that was replaced on the day it began was in force on no whole day: its version's validity is empty. It stays,
because cases were reported in it and others descend from it.

Codes are never used again for *another* cell. A cell that comes back as it was (an earlier state published anew) is the
same `Cell` and takes its own code up again: cases, postings and paper of that time mean just this ground.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import shapely
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis import crs
from gis.accounts.scope import applied
from gis.accounts.users import User
from gis.areas.cell import Cell, CellVersion, Lineage
from gis.areas.covering import scope_over
from gis.errors import Refused
from gis.exchange.copying import copy_columns, reserve_ids
from gis.exchange.placing import Ground
from gis.exchange.relinking import Relinked, relink_within
from gis.planning.basis import is_outdated
from gis.planning.plan import Plan
from gis.planning.publishing.drafts import Draft
from gis.planning.publishing.faults import Fault, faults, outdated
from gis.planning.publishing.following import Choices, follow
from gis.planning.publishing.mending import mend
from gis.planning.publishing.reckoning import Reckoning, reckon
from gis.planning.publishing.redrawing import Redrawing
from gis.planning.publishing.writers import hold_writers, one_at_a_time


class NotPublished(Refused):
    """Drafts that cannot come into force as they are: `faults` says why."""

    def __init__(self, found: list[Fault]) -> None:
        self.faults = found
        first = found[0]
        rest = _("另有 %(count)d 处问题。") % {"count": len(found) - 1} if len(found) > 1 else ""
        super().__init__(f"{first.text}{rest}", fix=first.fix)


@dataclass(frozen=True)
class Published:
    """What a publication did. `fresh` is false where somebody had done it before."""

    redrawing: Redrawing
    fresh: bool = True
    codes: dict[int, str] = field(default_factory=dict)  # number of a draft → code
    relinked: Relinked = field(default_factory=Relinked)


def publish(
    drafts: Sequence[Draft],
    communities: Sequence[str],
    day: date,
    *,
    user: User | None,
    plan: Plan | None = None,
    choices: Choices | None = None,
    outlines: Ground | None = None,
) -> Published:
    """Bring drafts into force on a day, which is today. That `user` may do so, the caller has made sure.

    `outlines`: the communities as they are now, where the caller has changed these in the same transaction, and has
    made sure that the plan was not outdated before.

    Raises NotPublished with the faults, and then nothing has changed.
    """
    if day != timezone.localdate():
        raise Refused(_("网格只能在生效当天发布。"), fix=_("请等到那一天；已批准的方案会自动发布。"))
    with applied(scope_over(communities)):
        one_at_a_time(communities)
        if plan and (done := Redrawing.objects.filter(plan=plan).first()):
            return Published(done, fresh=False, codes=_codes_of(done))
        hold_writers()
        if plan and outlines is None and is_outdated(plan):
            raise NotPublished([outdated()])
        reckoning = reckon(drafts, communities, day, outlines)
        if found := faults(reckoning):
            raise NotPublished(found)
        published = _bring_into_force(reckoning, user, plan, choices or Choices())
        transaction.on_commit(lambda: mend(communities))
    return published


def _bring_into_force(reckoning: Reckoning, user: User | None, plan: Plan | None, choices: Choices) -> Published:
    _prepare(reckoning)
    cells = _write_cells(reckoning)
    ended = [int(key) for key in reckoning.before.ids[reckoning.ends]]
    _end(ended, reckoning.day)
    begun = _begin(reckoning, cells, plan)
    _fit(reckoning)
    _write_lineage(reckoning, begun)
    relinked = relink_within(
        reckoning.communities, _ground(reckoning, cells), outlines=reckoning.outlines, housed=reckoning.housed
    )
    redrawing = Redrawing.objects.create(
        plan=plan, day=reckoning.day, user=user, communities=list(reckoning.communities), ended=ended,
        begun=list(begun.values()), facts=_facts(reckoning, relinked),
    )  # fmt: skip
    follow(reckoning, redrawing, choices)
    codes = {draft.number: code for draft, code in zip(reckoning.drafts, reckoning.codes, strict=True)}
    return Published(redrawing, codes=codes, relinked=relinked)


def _prepare(reckoning: Reckoning) -> None:
    """Work out, while the old cells are still in force, what is worked out on demand."""
    _ = reckoning.lineage


def _write_cells(reckoning: Reckoning) -> np.ndarray:
    """The identity of each draft's cell, new ones made."""
    cells = reckoning.cells.copy()
    new = np.flatnonzero(cells == 0)
    ids = reserve_ids(Cell, len(new))
    copy_columns(Cell, {"id": ids, "kind": [reckoning.drafts[place].kind for place in new]})
    cells[new] = ids
    return cells


def _end(versions: list[int], day: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE grid_cellversion SET valid = daterange(lower(valid), %s) WHERE id = ANY(%s)", [day, versions]
        )


def _fit(reckoning: Reckoning) -> None:
    """Let the outlines of cells that stay as they are meet their new neighbours corner by corner: no gap between them.

    No ground wider than `SAME_M` changes hands, so the version stays the same.
    """
    stay = np.flatnonzero(reckoning.unchanged)
    now, then = reckoning.shapes[stay], reckoning.before.shapes[reckoning.continues[stay]]
    other = ~shapely.equals_exact(now, then, tolerance=0.0)
    ids = reckoning.before.ids[reckoning.continues[stay][other]]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE grid_cellversion v SET geometry = ST_Multi(ST_SetSRID(ST_GeomFromWKB(n.shape), %s))"
            " FROM unnest(%s::bigint[], %s::bytea[]) AS n(id, shape) WHERE v.id = n.id",
            [crs.STORE, ids.tolist(), shapely.to_wkb(now[other]).tolist()],
        )


def _begin(reckoning: Reckoning, cells: np.ndarray, plan: Plan | None) -> dict[int, int]:
    """Index of each draft that begins a version → the version."""
    places = reckoning.begins
    ids = reserve_ids(CellVersion, len(places))
    columns = {
        "id": ids,
        "cell": cells[places],
        "code": reckoning.codes[places],
        "name": reckoning.names[places],
        "geometry": reckoning.shapes[places],
        "valid": [f"[{reckoning.day},)"] * len(places),
        "source": [plan.name if plan else ""] * len(places),
    }
    copy_columns(CellVersion, columns)
    return dict(zip(places.tolist(), ids.tolist(), strict=True))


def _write_lineage(reckoning: Reckoning, begun: dict[int, int]) -> None:
    links = [link for link in reckoning.lineage if link.after in begun]
    Lineage.objects.bulk_create(
        Lineage(
            before_id=int(reckoning.before.ids[link.before]), after_id=begun[link.after], kind=link.kind,
            share_area=link.share_area, share_households=link.share_households,
        )
        for link in links
    )  # fmt: skip


def _ground(reckoning: Reckoning, cells: np.ndarray) -> Ground:
    """The service cells as they are in force now."""
    ground = reckoning.ground
    return Ground(ground.codes, ground.shapes, ground.ids, ground.starts, ground.ends, cells[ground.ids])


def _facts(reckoning: Reckoning, relinked: Relinked) -> dict:
    codes = [
        {"number": draft.number, "code": code, "name": name}
        for draft, code, name in zip(reckoning.drafts, reckoning.codes, reckoning.names, strict=True)
    ]
    return {
        "codes": codes,
        "unchanged": int(reckoning.unchanged.sum()),
        "appeared": sorted(reckoning.codes[reckoning.appeared]),
        "vanished": sorted(reckoning.before.codes[reckoning.vanished]),
        "relinked": vars(relinked),
    }


def _codes_of(redrawing: Redrawing) -> dict[int, str]:
    return {row["number"]: row["code"] for row in redrawing.facts["codes"]}


__all__ = ["Choices", "Draft", "NotPublished", "Published", "publish"]

"""What it costs to keep the figures of every cell: one change of a row with the triggers that keep them and without,
and how many cells are wrong after a long mix of changes."""

import random
from collections.abc import Callable
from datetime import date
from statistics import median

from django.db import connection

from gis.models import Dwelling, Figures, Household, Incident, Residence, Resident
from gis.statistics.keeping import COUNTED
from gis.statistics.recounting import recount, wrong_areas
from tests.bench.clock import seconds
from tests.bench.report import Report
from tests.bench.scratch import scratch_database

_LIMIT = 1.5
Act = Callable[[], object]


class Changes:
    """Changes of one row, each committed by itself, as pages make them."""

    def __init__(self, pick: random.Random) -> None:
        self.pick = pick
        self.areas = list(Figures.objects.exclude(residents=0).values_list("area", flat=True))
        self.keys = {
            model: list(model.objects.order_by("pk").values_list("pk", flat=True))
            for model in (Dwelling, Resident, Incident, Residence)
        }

    def acts(self) -> dict[str, Act]:
        return {
            "a dwelling falls empty or is let": lambda: self._change(
                Dwelling, state=self._one("empty rented occupied")
            ),
            "a person is registered anew": self._register,
            "a person moves to another cell": lambda: self._change(Residence, area=self.pick.choice(self.areas)),
            "an incident is closed or opened": lambda: self._change(Incident, state=self._one("closed reported")),
            "a household is formed": self._form,
        }

    def _register(self) -> None:
        born = date(self.pick.randint(1930, 2020), 5, 5)
        self._change(Resident, population=self._one("floating registered"), born=born)

    def _one(self, words: str) -> str:
        return self.pick.choice(words.split())

    def _change(self, model, **fields) -> None:
        model.objects.filter(pk=self.pick.choice(self.keys[model])).update(**fields)

    def _form(self) -> None:
        Household.objects.create(dwelling_id=self.pick.choice(self.keys[Dwelling]), area=self.pick.choice(self.areas))


def measure(quick: bool) -> Report:
    """On the small town. Changes with and without the triggers alternate, so that a noisy machine slows both."""
    with scratch_database("small"):
        changes = Changes(random.Random(7))
        report = Report(["one change", "kept, ms", "bare, ms", "ratio"])
        spent = _alternating(changes.acts(), rounds=4 if quick else 12, each=25 if quick else 60)
        _tell(report, spent)
        recount()
        for act in changes.pick.choices(list(changes.acts().values()), k=300 if quick else 3000):
            act()
        report.named.append(("stats.wrong_cells", len(wrong_areas()), ""))
        report.notes.append(f"Limit of the ratio: {_LIMIT}. Medians; every change is a transaction on its own.")
    return report


def _alternating(acts: dict[str, Act], rounds: int, each: int) -> dict[str, tuple[list, list]]:
    """Seconds of every single change, name → (kept, bare)."""
    spent: dict[str, tuple[list, list]] = {name: ([], []) for name in acts}
    for turn in range(rounds + 1):
        for bare in (False, True):
            _keep(not bare)
            for name, act in acts.items():
                found = [seconds(act) for _ in range(each)]
                if turn:  # the first is not counted
                    spent[name][bare].extend(found)
    _keep(True)
    return spent


def _keep(on: bool) -> None:
    """The triggers that keep figures, and no others."""
    with connection.cursor() as cursor:
        for counted in COUNTED:
            name = counted.table.replace("grid_", "grid_keep_")
            for change in ("insert", "update", "delete"):
                word = "ENABLE" if on else "DISABLE"
                cursor.execute(f"ALTER TABLE {counted.table} {word} TRIGGER {name}_{change}")


def _tell(report: Report, spent: dict[str, tuple[list, list]]) -> None:
    ratios = []
    for name, (kept, bare) in spent.items():
        ratios.append(median(kept) / median(bare))
        report.rows.append([name, 1000 * median(kept), 1000 * median(bare), ratios[-1]])
    all_kept, all_bare = (sum(median(one[side]) for one in spent.values()) for side in (0, 1))
    report.rows.append(["all of them", 1000 * all_kept, 1000 * all_bare, all_kept / all_bare])
    report.named += [("stats.change_ratio", all_kept / all_bare, "x"), ("stats.worst_ratio", max(ratios), "x")]

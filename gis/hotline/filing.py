"""Filing a file: each row in a transaction of its own becomes a case, a change of one, or one more in a queue.

Killed anywhere, what is committed is whole, and the next run goes on with the rows that wait.
"""

import hashlib
import logging
from dataclasses import dataclass, field

from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from gis.accounts.departments import Department
from gis.accounts.scope import Scope, applied
from gis.errors import NotReady, WanggeError
from gis.hotline.changing import take_in
from gis.hotline.checking import departments
from gis.hotline.faults import Fault
from gis.hotline.hotline_file import QUEUES, HotlineFile, HotlineRow, Outcome
from gis.hotline.kinds import Kinds
from gis.hotline.opening import Case, open_case
from gis.hotline.order import Order
from gis.hotline.placing import Spot, locate
from gis.incidents.incident import Incident

logger = logging.getLogger(__name__)


@dataclass
class Filing:
    """The filing of a file: what is looked up once for all its rows."""

    file: HotlineFile
    kinds: Kinds
    known: dict[str, Department] = field(default_factory=departments)
    spots: dict[tuple, Spot] = field(default_factory=dict)

    @classmethod
    def of(cls, file: HotlineFile) -> "Filing":
        return cls(file, Kinds.of(file))

    @property
    def scope(self) -> Scope:
        return self.file.scope

    def next(self) -> bool:
        """Settle the next row that waits; False where none does. Raises NotReady, with the row untouched."""
        with applied(self.scope):
            waiting = self.file.rows.filter(outcome=Outcome.WAITS).order_by("row")
            row = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("category").first()
            if row is not None:
                self.settle(row)
        return row is not None

    def settle(self, row: HotlineRow, spot: Spot | None = None) -> None:
        """Do with a locked row what there is to do. `spot`: where a person says it lies."""
        try:
            with transaction.atomic():
                self._settle(row, spot)
        except (NotReady, OperationalError):
            raise
        except WanggeError as refused:
            _stay_out(row, Fault("refused", "", {"why": f"{refused.message}"}))
        except (DataError, IntegrityError, ValueError, TypeError, KeyError) as error:
            # Its words may hold what a row says: only its kind is logged.
            logger.error(
                "a hotline row could not be filed: %s in file %s row %s", type(error).__name__, row.file_id, row.row
            )
            _stay_out(row, Fault("broken"))

    def _settle(self, row: HotlineRow, spot: Spot | None) -> None:
        _wait_for_others(f"order {row.source} {row.number}")
        order = Order.opened(row.sealed)
        incident = Incident.objects.filter(source=row.source, source_code=row.number).first()
        if incident is not None:
            changed = take_in(row, order, incident, self.file, self.scope)
            row.incident = incident if self.scope.covers(incident.area) else None
            return _end(row, Outcome.CHANGED if changed else Outcome.KNOWN)
        self._replace_older(row)
        category = row.category or self.kinds.find(order.words)
        if category is None or category.retired:
            row.category, row.outcome = None, Outcome.KIND
            return row.save(update_fields=["outcome", "category"])
        row.category = category
        spot = spot or self._spot(order)
        if not spot:
            row.outcome = Outcome.PLACE
            return row.save(update_fields=["outcome", "category"])
        row.incident = open_case(Case(self.file, order, category, spot, self.known), self.scope)
        return _end(row, Outcome.FILED)

    def _spot(self, order: Order) -> Spot:
        asked = (order.within, order.place, order.longitude, order.latitude)
        if asked not in self.spots:
            self.spots[asked] = locate(order, self.scope, self.file.shift)
        return self.spots[asked]

    def _replace_older(self, row: HotlineRow) -> None:
        """What an older file said of the same order, and what waits for a person, is out of date; a choice stays."""
        older = HotlineRow.objects.filter(source=row.source, number=row.number, outcome__in=QUEUES)
        for one in older.exclude(pk=row.pk).select_for_update(of=("self",)).select_related("category"):
            if one.words == row.words:
                row.category = row.category or one.category
            one.outcome, one.sealed, one.settled_at = Outcome.LATER, None, timezone.now()
            one.save(update_fields=["outcome", "sealed", "settled_at"])


def _end(row: HotlineRow, outcome: str) -> None:
    row.outcome, row.sealed, row.settled_at = outcome, None, timezone.now()
    row.save(update_fields=["outcome", "sealed", "settled_at", "incident", "category"])


def _stay_out(row: HotlineRow, fault: Fault) -> None:
    row.refresh_from_db()
    row.faults = [*row.faults, fault.as_json()]
    row.outcome, row.sealed, row.settled_at = Outcome.FAULT, None, timezone.now()
    row.save(update_fields=["faults", "outcome", "sealed", "settled_at"])


def _wait_for_others(what: str) -> None:
    """Whoever files the same order at this moment goes one after the other, until the transaction ends."""
    key = int.from_bytes(hashlib.blake2b(what.encode(), digest_size=8).digest(), signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])

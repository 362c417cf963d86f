"""Keeping everybody else from writing while cells change. Readers go on: they see the state before, then the one after.

A worker who files a case reads the cell first and writes afterwards; a change in between would leave a code that has
retired. Who writes already is waited for, who comes later waits. The locks are taken all or none, so that nobody who
holds one and wants another waits for us in a circle.
"""

import time
from collections.abc import Sequence

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from gis.errors import WanggeError

#: In no other use: the advisory lock's first half, "plan".
_LOCK_CLASS = 0x706C616E
_PATIENCE = 60.0
_TABLES = (
    "grid_building", "grid_dwelling", "grid_household", "grid_residence", "grid_resident", "grid_need",
    "grid_doorplate", "grid_incident", "grid_component", "grid_servicepoint", "grid_cellversion", "grid_posting",
    "grid_assignment",
)  # fmt: skip


def one_at_a_time(communities: Sequence[str]) -> None:
    """Wait until no other publication touches these communities; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        # One after the other in the order of their codes, so that two never wait for each other in a circle.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(code)) FROM unnest(%s::text[]) code",
            [_LOCK_CLASS, sorted(communities)],
        )


def hold_writers() -> None:
    """Let nobody else write what is re-linked. Raises WanggeError when an import keeps its tables for a minute."""
    tables, begun = ", ".join(_TABLES), time.monotonic()
    while True:
        spent = time.monotonic() - begun
        # At first without waiting; later longer than PostgreSQL needs to send its own housekeeping away.
        if _take(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE", "1500ms" if spent > 5 else "50ms"):
            return
        if spent > _PATIENCE:
            raise WanggeError(_("现在有导入或其他大量写入，暂时不能发布。"), fix=_("请等它结束再发布。"))
        time.sleep(0.05)


def _take(statement: str, patience: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [patience])
            cursor.execute(statement)
            cursor.execute("SELECT set_config('lock_timeout', '0', true)")
    except OperationalError as trouble:
        if getattr(trouble.__cause__, "sqlstate", "") not in ("55P03", "40P01"):  # not available, deadlock
            raise
        return False
    return True

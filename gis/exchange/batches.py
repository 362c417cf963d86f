"""A long import as a row of short transactions: stopped anywhere, it leaves whole batches only."""

from collections.abc import Callable

import numpy as np
from django.db import DatabaseError, IntegrityError, transaction

from gis.errors import WanggeError
from gis.exchange.merging import Tally
from gis.exchange.options import Options
from gis.refused_rows import constraint_of


def in_batches(rows: np.ndarray, options: Options, write: Callable[[np.ndarray], Tally]) -> Tally:
    """Call `write` with the indices of each batch in a transaction of its own. Raises WanggeError.

    What was written before an error stays; running the import again takes up where it ended.
    """
    total = Tally()
    for start in range(0, len(rows), options.batch):
        batch = rows[start : start + options.batch]
        try:
            with transaction.atomic():
                total += write(batch)
        except IntegrityError as error:
            raise _refused(error) from None
        except DatabaseError as error:
            raise WanggeError(
                f"The database refused a batch ({_first_line(error)}).",
                fix=f"{start} rows are in. Run the same command again when the cause is gone: nothing is doubled.",
            ) from None
        options.tell(min(start + options.batch, len(rows)), len(rows))
    return total


def _refused(error: IntegrityError) -> WanggeError:
    name = constraint_of(error) or "a constraint"
    return WanggeError(
        f"A batch breaks {name}: a row of it entered the database another way at the same time.",
        fix="Run the same command again: what is known by then is updated instead.",
    )


def _first_line(error: Exception) -> str:
    """What the server said, without the row's contents, which stand in the detail."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "message_primary", None) or str(error).split("\n")[0]

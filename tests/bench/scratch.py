"""A database of its own for a measurement, beside the product's, made and dropped in the same run."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection


@contextmanager
def scratch_database(size: str | None = None) -> Iterator[None]:
    """The default connection on an empty, migrated database; with the town of that size where one is named."""
    product = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"{product}_bench"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        call_command("load_codes", verbosity=0, stdout=_Quiet())
        if size:
            from fixtures.town import write_town

            write_town(size=size)
        yield
    finally:
        connection.creation.destroy_test_db(product, verbosity=0)


class _Quiet:
    def write(self, text: str) -> None:
        pass

    def flush(self) -> None:
        pass

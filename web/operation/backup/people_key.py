"""Whether the key of people, which is kept apart from every backup, is the one a backup was sealed by."""

import psycopg
from django.apps import apps
from psycopg import sql

from gis.columns import SealedField
from gis.errors import WanggeError
from gis.people.keyring import keyring
from gis.people.sealing import SealBroken, open_seal
from web.operation.backup.fingerprint import fingerprint


def check_keys(needed: list[str]) -> None:
    """Raises WanggeError that names the key a backup needs, where PEOPLE_KEY holds another."""
    held = [fingerprint(key) for key in keyring().keys]
    if missing := [key for key in needed if key not in held]:
        raise WanggeError(
            f"The backup needs the PEOPLE_KEY {', '.join(missing)}, and here is {', '.join(held)}.",
            fix="Put that key's copy into the key file, or restore without reading numbers: --without-key.",
        )


def check_opens(restored: psycopg.Connection) -> int:
    """Open one value of every sealed column; how many there were. Raises WanggeError for one that does not open."""
    opened = 0
    for table, column in _sealed_columns():
        parts = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
        chosen = sql.SQL("SELECT {column} FROM {table} WHERE length({column}) > 0 LIMIT 1").format(**parts)
        for (value,) in restored.execute(chosen).fetchall():
            try:
                open_seal(value)
            except SealBroken:
                raise WanggeError(
                    f"PEOPLE_KEY does not open {table}.{column} of the backup.", fix="Put the key of its day in place."
                ) from None
            opened += 1
    return opened


def _sealed_columns() -> list[tuple[str, str]]:
    return [
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedField)
    ]

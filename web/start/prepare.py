"""Migrations, code tables, messages and the demonstration town, in one process of `.venv` (one start of Django).

The only file here that needs more than the standard library. Called as `python -m web.start.prepare REPORT [--empty]`.
"""

import hashlib
import os
import sys
from io import StringIO
from pathlib import Path

from web.start.messages import compile_messages
from web.start.problems import explain_django
from web.start.say import part, step, write_parts


def prepare(empty: bool) -> None:
    """Bring messages, tables, codes and, where there is nothing yet, the town up to date."""
    with part("messages"):
        compile_messages(Path(__file__).resolve().parent.parent / "locale")
    with part("django"):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "web.settings")
        import django

        django.setup()
    from django.core.management import call_command

    with part("migrate"):
        _migrate()
    with part("codes"):
        call_command("load_codes", stdout=StringIO())
        _gather_changes()
    with part("town"):
        if not empty and _is_empty():
            step("building the demonstration town")
            call_command("make_town")


def _migrate() -> None:
    """Asking is cheap; Django's own command also rewrites content types and rights each time."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        step("migrating the database")
        call_command("migrate", verbosity=0, interactive=False)


def _gather_changes() -> None:
    from gis import changes
    from gis.incidents import changes as incident_changes
    from gis.places import blocks
    from gis.places.search import changes as address_changes

    changes.gather()
    incident_changes.gather()
    blocks.gather()
    address_changes.gather()


def _is_empty() -> bool:
    """True when nobody has put anything in: then there is nothing to lose and nothing to show."""
    from gis.models import Area, Building, Incident, Resident

    return not any(model.objects.exists() for model in (Area, Building, Resident, Incident))


def _are_untold() -> bool:
    from fixtures.town.stories.telling import are_untold

    return are_untold()


def demonstration_accounts(memory: Path) -> list[list[str]]:
    """Rows (name, password, who it is) of the town's accounts that still have its password; `memory` is a folder."""
    from fixtures.town.accounts import CAST, PASSWORD
    from gis.models import User

    hashes = dict(
        User.objects.filter(username__in=[row[0] for row in CAST], is_active=True).values_list("username", "password")
    )
    known = {text: _opens(text, PASSWORD, memory / "demonstration") for text in set(hashes.values())}
    return [
        [row[0], PASSWORD, f"{row[1]} ({row[2].replace('_', ' ')})"]
        for row in CAST
        if known.get(hashes.get(row[0], ""))
    ]


def _opens(hashed: str, password: str, memory: Path) -> bool:
    """check_password, which takes a third of a second by design; the answer of the last start is kept as a digest."""
    from django.contrib.auth.hashers import check_password

    digest = hashlib.sha256(f"{hashed} {password}".encode()).hexdigest()
    if memory.exists() and memory.read_text() == digest:
        return True
    if not check_password(password, hashed):
        return False
    memory.write_text(digest)
    return True


def main(arguments: list[str]) -> int:
    report, empty = Path(arguments[0]), "--empty" in arguments
    try:
        prepare(empty)
        with part("accounts"):
            accounts = demonstration_accounts(report.parent)
            untold = bool(accounts) and _are_untold()
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        problem = explain_django(error)
        if problem is None:
            raise
        print(f"\n{problem}", file=sys.stderr)
        return 1
    write_parts(report, accounts=accounts, untold=untold)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

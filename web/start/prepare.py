"""Migrations, code tables, messages and the demonstration town, in one process of `.venv` (one start of Django).

The only file here that needs more than the standard library. Called as `python -m web.start.prepare REPORT [--empty]`.
"""

import os
import sys
from io import StringIO
from pathlib import Path

from web.start.messages import compile_messages
from web.start.problems import explain_django
from web.start.say import part, step, write_parts


def prepare(empty: bool) -> list[list[str]]:
    """Bring the database up to date. Returns the demonstration accounts as rows of text."""
    with part("messages"):
        compile_messages(Path(__file__).resolve().parent.parent / "locale")
    with part("django"):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "web.settings")
        import django

        django.setup()
    with part("migrate"):
        _migrate()
    with part("codes"):
        _call_if_there("load_codes", stdout=StringIO())
        _gather_changes()
    with part("town"):
        if not empty and _is_empty():
            step("building the demonstration town")
            _call_if_there("make_town")
    return demonstration_accounts()


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

    changes.gather()
    incident_changes.gather()


def _call_if_there(name: str, **options: object) -> None:
    from django.core.management import call_command, get_commands

    if name in get_commands():
        call_command(name, **options)


def _is_empty() -> bool:
    """True when nobody has put in areas: then there is nothing to lose and nothing to show."""
    from django.apps import apps

    try:
        area = apps.get_model("grid", "Area")
    except LookupError:
        return False
    return not area._default_manager.exists()


def demonstration_accounts() -> list[list[str]]:
    """Rows (name, password, who it is) of the invented accounts that exist, [] when the town was left out."""
    return []


def main(arguments: list[str]) -> int:
    report, empty = Path(arguments[0]), "--empty" in arguments
    try:
        accounts = prepare(empty)
    except Exception as error:
        problem = explain_django(error)
        if problem is None:
            raise
        print(f"\n{problem}", file=sys.stderr)
        return 1
    write_parts(report, accounts=accounts)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Sends a command of `manage.py` where it belongs: to the start, or to Django inside `.venv`."""

import os
import signal
import sys
from collections.abc import Callable

from web.start.checkout import Checkout, this_checkout
from web.start.environment import ensure_environment
from web.start.problems import CannotStart, explain, explain_django
from web.start.trial import test
from web.start.up import down, ensure_machine, up, use_database

_OURS: dict[str, Callable[[list[str]], int]] = {"up": up, "down": down, "test": test}
_WITHOUT_DATABASE = {
    "help", "--help", "-h", "version", "--version", "makemessages", "compilemessages", "collectstatic", "findstatic",
    "diffsettings",
}  # fmt: skip
_HELP = """Wangge: python3 manage.py COMMAND
  up     start everything and serve (--port, --host, --no-serve, --empty)
  down   stop the server and the database
  test   run all tests (arguments go to pytest)
Every other command is Django's or Wangge's own; `python3 manage.py help` lists them.
"""


def run(argv: list[str]) -> int:
    """Run one command and return its exit code. A trouble we know is one plain sentence with its fix, and code 1."""
    name = argv[1] if len(argv) > 1 else ""
    try:
        if not name:
            print(_HELP, end="")
            return 0
        if name in _OURS:
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # unwinds, ending our children
            return _OURS[name](argv[2:])
        _enter_environment(this_checkout(), argv)
    except CannotStart as problem:
        return _say(problem)
    except OSError as error:
        return _say(explain(error))
    except KeyboardInterrupt:
        return 130
    return _run_django(argv)


def _say(problem: CannotStart) -> int:
    print(f"\n{problem}", file=sys.stderr)
    return 1


def _enter_environment(checkout: Checkout, argv: list[str]) -> None:
    """Make sure of environment and database; continue in `.venv`'s Python unless this is it already."""
    private = argv[1] not in _WITHOUT_DATABASE and not os.environ.get("DATABASE_URL")
    ensure_machine(checkout, private_database=private)
    ensure_environment(checkout)
    if private:
        use_database(checkout)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "web.settings")
    if argv[1] == "runserver":
        os.environ.setdefault("WANGGE_SERVING", "1")
    if os.path.realpath(sys.prefix) != os.path.realpath(checkout.venv):
        script = str(checkout.root / "manage.py")
        os.execv(checkout.python, [str(checkout.python), script, *argv[1:]])


def _run_django(argv: list[str]) -> int:
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(argv)
    except (ImproperlyConfigured, OperationalError) as error:
        if "--traceback" in argv:
            raise
        return _say(explain_django(error) or CannotStart(str(error)))
    return 0

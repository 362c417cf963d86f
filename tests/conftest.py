"""What every test may ask for. The database is a fresh one of this run, on the test cluster of `manage.py test`.

It holds the small town of `fixtures.town`, copied before the first test that names a database (`tests.kept`):

* `db` (or the mark `django_db`): the town inside a transaction that is rolled back. Nearly every test.
* `bare`: the same, with every table of the town empty.
* `own_town`: a copy of the town in which a test may commit, with as many connections as it likes.
* `server`: the real server in its own process on a copy of the town, one for the whole run; browser tests.
* `cast`, `client_of("li")`: the accounts of `tests.cast`, and a browser in which one of them is signed in.

Clients ask with the rights of the runtime login, so row-level security holds in every test of a page.
A transactional test would empty the town for all that follow, so it is refused.
"""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cast import Cast, read_cast


def pytest_configure(config: pytest.Config) -> None:
    import hypothesis
    from django.conf import settings

    from web.start.messages import compile_messages

    # A fresh clone has no compiled words, and Django reads them once.
    compile_messages(Path(__file__).resolve().parent.parent / "web" / "locale")
    # No test measures time: a busy machine must not fail one. Nor may luck: a test tries the same examples each time,
    # and others with `--hypothesis-profile=default`.
    hypothesis.settings.register_profile("wangge", deadline=None, derandomize=True)
    if not config.getoption("--hypothesis-profile"):
        hypothesis.settings.load_profile("wangge")
    settings.PASSWORD_HASHERS = ["tests.hasher.FewRounds"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        mark = item.get_closest_marker("django_db")
        names = set(getattr(item, "fixturenames", ()))
        empties = (mark and mark.kwargs.get("transaction")) or "transactional_db" in names
        if empties or {"live_server", "db"} <= names:
            raise pytest.UsageError(f"{item.nodeid} would empty the town: ask for `own_town` or `server` instead.")


def pytest_collection_finish() -> None:
    keep_out_of_collecting()


def keep_out_of_collecting() -> None:
    """What lives as long as the run, modules and thousands of tests, is not looked through for garbage again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker) -> Iterator[None]:
    """A migrated database with the code tables and the small town, of this process alone (`tests.kept`).

    pytest-django's own would make it only when a test with the mark `django_db` is among those collected; a lone test
    with `own_town` would then work on the cluster's everyday database.
    """
    from django.db import connection

    from tests.databases import drop, pattern_of
    from tests.kept import copy_town

    everyday, name = connection.settings_dict["NAME"], f"test_wangge_{os.getpid()}"
    with django_db_blocker.unblock():
        copy_town(name, pattern_of(name))
        connection.close()
        connection.settings_dict["NAME"] = name
    keep_out_of_collecting()
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = everyday
        drop(pattern_of(name))
        drop(name)


@pytest.fixture(autouse=True)
def speaks_the_usual_language() -> Iterator[None]:
    """A page leaves the language it was asked for in active in its thread, as in a server; a test leaves none."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def bare_connection(django_db_setup: None, django_db_blocker) -> Iterator:
    """The driver's connection to a copy of the town with every table empty, a transaction of which is never committed.

    To empty them for each test would take longer than most of these tests."""
    from tests.databases import a_copy, connected_to, empty

    with django_db_blocker.unblock(), a_copy() as name, connected_to(name) as other:
        empty(other)
        other.set_autocommit(False)
        yield other.connection


@pytest.fixture
def bare(db: None, bare_connection) -> Iterator[None]:
    """Every table of the town empty, code tables and accounts included, until the test's transaction ends."""
    from django.db import connection

    town, connection.connection = connection.connection, bare_connection
    yield
    connection.connection.rollback()
    connection.connection = town


@pytest.fixture
def own_town(django_db_setup: None, django_db_blocker) -> Iterator[str]:
    """Name of a copy of the town that Django's connection works on; what is committed is gone after the test."""
    from tests.databases import a_copy, moved_to

    with django_db_blocker.unblock(), a_copy() as name, moved_to(name):
        yield name


@pytest.fixture(scope="session")
def server(django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    """The real server on a copy of the town; `server.url`, and `server + "/path"`."""
    from tests.databases import a_copy
    from tests.serving import a_server

    log = tmp_path_factory.mktemp("server") / "log"
    with django_db_blocker.unblock(), a_copy() as name, a_server(name, log) as running:
        yield running


@pytest.fixture(scope="session")
def live_server(server) -> object:
    """The name pytest-django gives it. Ours commits into a copy of the town, so nothing is emptied after a test."""
    return server


@pytest.fixture
def _live_server_helper() -> None:
    """pytest-django's would make every test with `live_server` a transactional one."""


@pytest.fixture
def cast(db: None) -> Cast:
    return read_cast()


@pytest.fixture
def client():
    """A browser in which nobody is signed in."""
    from tests.browsing import Browser

    return Browser()


@pytest.fixture
def client_of(cast: Cast) -> Callable:
    """`client_of("li")`: a browser in which that member of the cast is signed in."""
    from tests.browsing import Browser

    def sign_in(name: str, **defaults):
        browser = Browser(**defaults)
        browser.force_login(cast[name], backend="web.sign_in.PostingsBackend")
        return browser

    return sign_in


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Debian's Chromium instead of a downloaded one."""
    return {**browser_type_launch_args, "executable_path": os.environ.get("CHROMIUM") or None, "args": ["--no-sandbox"]}

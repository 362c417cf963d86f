"""The real feed in its own process on a copy of the town, and browsers that listen to it.

* `feed`: the process, one for the tests of a file; Django's connection works on the same copy.
* `listen("li")`: a stream for that member of the cast; `listen("li", after=position)` comes back.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.browsing import Browser
from tests.cast import read_cast
from tests.databases import a_copy, moved_to
from tests.serving import Server, a_feed
from tests.web.live.stream import Stream


@pytest.fixture(scope="module")
def feed(django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("feed") / "log"
    with django_db_blocker.unblock(), a_copy() as name, moved_to(name), a_feed(name, log) as running:
        yield running


@pytest.fixture
def session_of(feed: Server) -> Callable[[str], str]:
    """Sign a member of the cast in: the session's key."""

    def sign_in(name: str) -> str:
        browser = Browser()
        browser.force_login(read_cast()[name], backend="web.sign_in.PostingsBackend")
        return browser.cookies["sessionid"].value

    return sign_in


@pytest.fixture
def listen(feed: Server, session_of: Callable[[str], str]) -> Iterator[Callable[..., Stream]]:
    with ExitStack() as streams:

        def open_stream(name: str = "", after: str = "", session: str = "", **headers: str) -> Stream:
            session = session or (session_of(name) if name else "")
            return streams.enter_context(Stream(feed.url, session, after, headers))

        yield open_stream

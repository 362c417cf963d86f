"""What is walked: the addresses of the product by who may enter, and what must not be told of 胜利街道."""

from tests.browsing import Browser
from tests.cast import STREET
from tests.web.walking import Belongings, Page, addresses, pages, told
from web.scope import FOR_ALL, PUBLIC

ALL = pages()
#: Entered with a token and with no session: walked in `tests/web/api/test_scope.py`.
BY_TOKEN = [page for page in ALL if page.name.startswith("api:") and page.name not in PUBLIC]
#: Entered by everybody, each seeing what they may: also walked in `tests/web/ogc`.
FOR_EVERYBODY = [page for page in ALL if page.name.startswith(f"{FOR_ALL}:")]
CLOSED = [page for page in ALL if page.name not in PUBLIC and page not in BY_TOKEN and page not in FOR_EVERYBODY]
OPEN = [page for page in ALL if page.name in PUBLIC]
#: Open pages that name places, because they are about them.
OF_A_COMMUNITY = {name for name in PUBLIC if name.startswith(("community", "open311:request"))}
OURS = [page for page in CLOSED if not page.name.startswith("admin:")]
SCRIPT = {"HTTP_ACCEPT": "*/*"}
#: Says of a text that it came from 胜利街道; no code of digits, so nothing is numbered like it by chance.
SECRET = "密䶮"


def ids(page: Page) -> str:
    return page.name


def turned_away(entry: Page, things: Belongings) -> None:
    """Assert that nobody enters a page without signing in, by whichever method."""
    visitor, script = Browser(), Browser(**SCRIPT)
    for address in addresses(entry, things)[:6]:
        for method in ("get", "post", "put", "delete", "head", "options"):
            assert getattr(visitor, method)(address).headers["Location"].startswith("/sign-in/"), address
            assert getattr(script, method)(address).status_code == 401, address


def leaks(browser, walked: list[Page], things: Belongings, secrets: tuple[str, ...]) -> list[str]:
    """The addresses whose answer, asked for by get or post, holds one of the secrets."""
    found = []
    for page in walked:
        asked = addresses(page, things)
        answers = [(address, browser.get(address)) for address in asked]
        answers.append((asked[0], browser.post(asked[0], {"text": "欧", "area": STREET})))
        found += [address for address, answer in answers if any(secret in told(answer) for secret in secrets)]
    return found

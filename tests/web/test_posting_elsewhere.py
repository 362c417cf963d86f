"""What is posted to a thing of another street does nothing: by its id, at every address that takes one.

Nothing is even tried: the database counts every row that a request writes, those of a savepoint rolled back included.
"""

import pytest
from django.db import connection

from gis.models import Area
from tests.cast import STREET
from tests.gis.collection.test_forms import a_form
from tests.web.walking import Belongings, Page, addresses, pages
from web.scope import PUBLIC

#: What a request may write though it is refused: the session, what it has been counted for, that somebody looked.
OWN = {"django_session", "grid_allowance", "grid_reading", "grid_user"}
#: What many forms hold, filled in.
SAID = {
    "field": "identity", "reason": "本人申请办理", "act": "approve", "answer": "x", "value": "1", "state": "closed",
    "name": "x", "text": "x", "area": STREET, "confirm": "1", "correction": "1", "said": "1",
}  # fmt: skip
#: Addresses that name one thing. A program's enter with a token, which `tests/web/api` walks.
ONE_THING = [
    page for page in pages()
    if page.name not in PUBLIC and page.parameters and not page.name.startswith("api:") and "z" not in page.parameters
]  # fmt: skip
_MOST = 6


def written() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return dict(cursor.fetchall())


@pytest.fixture
def things(cast) -> Belongings:
    a_form(cast)
    return Belongings.of(STREET)


def named(page: Page, things: Belongings) -> list[str]:
    return [one for one in addresses(page, things) if "?" not in one][:_MOST]


@pytest.mark.parametrize("who", ["chen", "he-elsewhere"])
def test_what_is_posted_to_another_streets_things_does_nothing(things, cast, client_of, who):
    if who == "he-elsewhere":  # a department's officer of the other street
        cast.he.postings.update(area="110113002")
        who = "he"
    assert Area.objects.filter(code=STREET).exists()
    browser, tried = client_of(who), []
    for page in ONE_THING:
        for address in named(page, things):
            before = written()
            answer = browser.post(address, SAID)
            touched = {name for name, count in written().items() if count != before.get(name, 0) and name not in OWN}
            if touched or answer.status_code >= 500:
                tried.append((page.name, address, answer.status_code, sorted(touched)))
    assert tried == []

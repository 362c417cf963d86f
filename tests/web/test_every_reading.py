"""Whoever is shown a person leaves a reading of that person: every address of the product is walked.

Each person's name says whose it is, so an answer that holds one tells of whom a row must be there. A new view is walked
without being named here.
"""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from gis.collection.standing import stored_value
from gis.commons.wishing import offer_help, post_wish, wish_of
from gis.models import CommunityWish, Fact, Field, Incident, LifeEvent, Reading, Reporter, Resident, Step
from gis.people.sealing import seal
from tests.cast import COMMUNITY
from tests.web.walking import Belongings, Page, addresses, of_a_cell, pages, told
from web.scope import PUBLIC

#: Of one page so many addresses: with the thing it is named after first.
_MOST = 12
#: A person, one who reported a case, one who left a name with a wish, by the key of whom or what it is.
_SHOWN = re.compile(r"([民报愿])䶮(\d+)终")
#: Without the administrator's site, which shows no resident, and the program's, which enters with a token.
WALKED = [
    page for page in pages() if page.name not in PUBLIC and not page.name.startswith(("admin:", "api:", "open311:"))
]  # fmt: skip
_SIGN_OUT = {"sign-out", "password-change"}


@pytest.fixture
def things(cast) -> Belongings:
    """One of everything in the community; whatever is known of its people says of whom it is."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE grid_resident SET name = '民䶮' || id || '终' WHERE area LIKE %s", [f"{COMMUNITY}%"])
    found = of_a_cell()
    person, stay = found.objects["resident"], found.objects["residence"]
    for one in (person, stay.resident):
        sign = f"民䶮{one.pk}终"
        Resident.objects.filter(pk=one.pk).update(phone_sealed=seal(sign), phone_last4="0001")
        for field in Field.objects.filter(subject="person", kept="", kind="text")[:4]:
            Fact.objects.create(
                field=field, resident=one, said_on=date(2026, 1, 2), source="visit", **stored_value(field, sign)
            )
        LifeEvent.objects.create(
            resident=one, kind="came", name=sign, on=date(2026, 1, 2), area=one.area, by=cast.zhou, note=sign
        )
    _name_strangers(found.objects["incident"])
    return found


def _name_strangers(case: Incident) -> None:
    step = Step.objects.create(incident=case, at=timezone.now(), after=case.state, act="report", revision=9)
    Reporter.objects.create(
        step=step, incident=case, name=f"报䶮{case.pk}终", phone_sealed=seal("13977770003"), phone_last4="0003"
    )
    from gis.models import Follow

    Follow.objects.create(step=step, incident=case, token=uuid4().hex, content="x")
    wish = wish_of(post_wish(COMMUNITY, "想要一把椅子", uuid=uuid4(), name="", phone=""))
    CommunityWish.objects.filter(pk=wish.pk).update(state="open", text="椅子")
    offer_help(
        CommunityWish.objects.get(pk=wish.pk), name=f"愿䶮{wish.pk}终", phone="13977770005", words="我有", uuid=uuid4()
    )


def asked(page: Page, things: Belongings) -> list[str]:
    wish = CommunityWish.objects.latest("pk")
    more = [f"/commons/wishes/{wish.pk}/"] if page.name == "commons-wish" else []
    case = things.objects["incident"]
    more += [f"/incidents/{case.number}/"] if page.name == "incident" else []
    every = [one for one in addresses(page, things) if "/tiles/" not in one]
    return [*more, *every[:_MOST]]


@pytest.mark.parametrize("who", ["wang", "zhou"])
def test_nobody_is_shown_without_a_reading(things, client_of, who):
    browser, missing, seen = client_of(who), [], set()
    for page in WALKED:
        if page.name in _SIGN_OUT:
            continue
        for address in asked(page, things):
            last = Reading.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            answer = browser.get(address)
            shown = set(_SHOWN.findall(told(answer)))
            seen |= {kind for kind, _key in shown}
            if unread := shown - read_since(last):
                missing.append((page.name, address, sorted(unread)[:3]))
    assert missing == []
    assert seen >= {"民", "报"}


def read_since(last: int) -> set[tuple[str, str]]:
    """Who has been noted since a row."""
    rows = list(Reading.objects.filter(pk__gt=last))
    people = {("民", str(key)) for row in rows for key in row.residents}
    cases = Incident.objects.filter(number__in=[row.reason for row in rows if row.act == "reporter"])
    strangers = {("报", str(key)) for key in cases.values_list("pk", flat=True)}
    return people | strangers | {("愿", row.reason) for row in rows if row.act == "neighbour"}


def test_the_walk_would_notice(things, client_of, monkeypatch):
    """The same page with its note taken out."""
    one = things.objects["resident"]
    browser = client_of("zhou")
    monkeypatch.setattr("web.pages.residents.note", lambda *_args, **_more: None)
    last = Reading.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    shown = set(_SHOWN.findall(told(browser.get(f"/residents/{one.pk}/"))))
    assert ("民", str(one.pk)) in shown - read_since(last)

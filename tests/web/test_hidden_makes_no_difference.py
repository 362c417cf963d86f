"""What a role may not see of a person makes no difference to what it is answered: no list, count, order, search,
record, panel, figure or error is another one when only that is another.

The same questions are asked before and after what is hidden was changed; the answers must be the same, byte by byte.
"""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from gis.collection.standing import stored_value
from gis.models import Dwelling, Fact, Field, Need, Residence, Resident
from gis.people.sealing import blind_index, seal
from tests.cast import CELL
from tests.web.walking import Belongings, addresses, of_a_cell, pages, told

#: Pages that tell of people, or count them.
_PAGES = {
    "residents", "resident", "building", "building-panel", "cell", "cell-panel", "area", "area-panel",
    "search", "at", "visits", "field-pack",
}  # fmt: skip
OLD = {"name": "司马甲乙", "identity": "99010119600101001X", "phone": "13977771234"}
NEW = {"name": "司马丙丁", "identity": "99019919600101001X", "phone": "13966661234"}
_DRAWN_ANEW = re.compile(
    "|".join(
        (
            r'name="csrfmiddlewaretoken" value="\w+"', r"nonce-[\w+/=-]+", r'nonce="[^"]*"', r"held=[\w-]+",
            r'"made": ?\d+', r'"after": ?"[^"]*"', r'data-live[\w-]*="[^"]*"', r"X-CSRFToken[^}]*",
            r"\b\d\d:\d\d(:\d\d)?\b",
        )
    )
)  # fmt: skip


@pytest.fixture
def person(db) -> Resident:
    """Somebody of whom everything is known, behind a door of a building that has other doors."""
    door = doors()[0]
    one = Resident.objects.create(area=door.area, sex="1", born=date(1960, 3, 5), **columns(OLD))
    Residence.objects.create(resident=one, dwelling=door, starts=date(2020, 1, 1), area=door.area)
    Need.objects.create(resident=one, tag="elder_alone", starts=date(2020, 1, 1), area=one.area)
    say(one, "甲")
    like = Resident.objects.create(area=door.area, sex="1", born=date(1961, 3, 5), name="诸葛")
    Residence.objects.create(resident=like, dwelling=doors()[2], starts=date(2020, 1, 1), area=door.area)
    return one


def doors() -> list[Dwelling]:
    """Two doors of a building and one of another, all in one cell."""
    every = list(Dwelling.objects.filter(area=CELL).order_by("building", "pk"))
    first = every[0]
    beside = next(one for one in every[1:] if one.building_id == first.building_id)
    return [first, beside, next(one for one in every if one.building_id != first.building_id)]


def columns(told: dict) -> dict:
    found = {"name": told["name"]}
    for name in ("identity", "phone"):
        found |= {f"{name}_sealed": seal(told[name]), f"{name}_index": blind_index(told[name])}
        found[f"{name}_last4"] = told[name][-4:]
    return found


def say(one: Resident, value: str) -> None:
    for field in Field.objects.filter(subject="person", kept="", kind="text")[:3]:
        Fact.objects.create(
            field=field, resident=one, said_on=date(2026, 1, 2), source="visit", **stored_value(field, value)
        )


def change_what_the_street_may_not_see(one: Resident) -> None:
    """The given name, the phone but its end, the day of birth, the door within the building, the facts.

    A whole identity number finds its owner there (`gis.people.searching`), so it is not hidden from a search.
    """
    told = NEW | {"identity": OLD["identity"]}
    Resident.objects.filter(pk=one.pk).update(born=one.born + timedelta(days=1), **columns(told))
    move(one, doors()[1])


def change_what_the_district_may_not_see(one: Resident) -> None:
    """The numbers altogether, and the building within the cell, besides: with one like them, for houses are counted."""
    told = NEW | {"identity": "990101196001010044", "phone": "13955559876"}
    Resident.objects.filter(pk=one.pk).update(born=one.born + timedelta(days=1), **columns(told))
    there, here = doors()[2], one.residences.get().dwelling
    Residence.objects.filter(resident__name="诸葛").update(dwelling=here)
    move(one, there)


def move(one: Resident, door: Dwelling) -> None:
    Residence.objects.filter(resident=one).update(dwelling=door)
    Fact.objects.filter(resident=one)._raw_delete("default")
    say(one, "乙")


TYPED = [
    *OLD.values(), *NEW.values(), "990101196001010044", "13955559876", "simajiayi", "smjy", "司马", "司", "马甲", "甲",
    "1234",
]  # fmt: skip


def answers(browser, things: Belongings) -> dict[str, str]:
    found = {}
    for page in pages():
        if page.name in _PAGES:
            for address in addresses(page, things)[:3]:
                found[address] = said(browser.get(address))
    for filters in ("age=35-64", "age=65-79", "population=registered", "need=elder_alone", f"area={CELL}"):
        found[filters] = said(browser.get(f"/residents/?{filters}"))
    for door in doors():
        found[f"building {door.building_id}"] = said(browser.get(f"/residents/?building={door.building_id}"))
        found[f"door {door.pk}"] = said(browser.get(f"/buildings/{door.building_id}/?door={door.pk}"))
    for text in [*TYPED, doors()[0].building.label]:
        found[f"list {text}"] = said(browser.post("/residents/", {"text": text}, follow=True))
        found[f"box {text}"] = said(browser.post("/search/people/", {"q": text}))
    return found


def said(answer) -> str:
    return f"{answer.status_code} " + _DRAWN_ANEW.sub("", told(answer))


@pytest.mark.parametrize(
    ("who", "change"),
    [
        ("li", change_what_the_street_may_not_see),
        ("he", change_what_the_district_may_not_see),
        ("sun", change_what_the_district_may_not_see),
    ],
)
def test_what_is_hidden_makes_no_difference(person, client_of, who, change):
    browser = client_of(who)
    things = of_a_cell()
    things.objects["resident"] = person
    before = answers(browser, things)
    change(person)
    after = answers(browser, things)
    different = {one: difference(before[one], after[one]) for one in before if before[one] != after[one]}
    assert sorted(different) == [], "\n".join(map(str, different.items()))


def difference(one: str, other: str) -> tuple[str, str]:
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[max(0, at - 60) : at + 60], other[max(0, at - 60) : at + 60]


def test_it_would_notice(person, client_of):
    """Whoever sees names and doors is answered otherwise."""
    browser, today = client_of("zhou"), timezone.localdate()
    assert person.born < today
    before = said(browser.get(f"/residents/{person.pk}/"))
    change_what_the_street_may_not_see(person)
    assert said(browser.get(f"/residents/{person.pk}/")) != before

"""A dump of the database alone gives no identity number and no phone, whatever has been searched, shown and printed."""

import re
import subprocess
from collections.abc import Iterator

import pytest
from django.test import Client

from gis.accounts.users import User
from gis.models import Reading, Resident
from gis.people.sealing import open_seal
from tests.cast import COMMUNITY
from tests.databases import a_copy, address_of, moved_to
from web.start.postgres import find_postgres

#: A number as it would stand in a dump, and not as a part of the hexadecimal digits of something sealed.
_NUMBER = re.compile(rb"(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx]|[0-9]{11})(?![0-9A-Za-z])")


@pytest.fixture
def copied(django_db_setup, django_db_blocker) -> Iterator[str]:
    """The whole town, committed, so that another process sees it."""
    with django_db_blocker.unblock(), a_copy() as name, moved_to(name):
        yield name


def dump(name: str) -> bytes:
    program = find_postgres()[0].programs / "pg_dump"
    return subprocess.run([program, "--dbname", address_of(name)], check=True, capture_output=True).stdout


def of_all() -> tuple[set[bytes], set[bytes]]:
    """Every identity number and every phone there is."""
    rows = Resident.objects.values_list("identity_sealed", "phone_sealed")
    numbers, phones = zip(*rows, strict=True)
    return ({open_seal(one).encode() for one in column if one} for column in (numbers, phones))


def test_it_holds_no_number_and_no_phone(copied):
    numbers, phones = of_all()
    assert len(numbers) > 100
    assert len(phones) > 100
    work_with_one()
    found = set(_NUMBER.findall(dump(copied)))
    assert found & numbers == set()
    assert found & phones == set()


def work_with_one() -> None:
    """Find somebody by number and phone, have them shown and print them."""
    person = Resident.objects.filter(area__startswith=COMMUNITY).exclude(phone_sealed=None).earliest("pk")
    number, phone = open_seal(person.identity_sealed), open_seal(person.phone_sealed)
    browser = Client()
    browser.force_login(User.objects.get(username="zhou"))
    for typed in (number, phone):
        page = browser.post("/residents/", {"text": typed}, follow=True)
        assert person.name in page.content.decode()
    for act, form in (("reveal", {"field": "identity"}), ("paper", {})):
        page = browser.post(f"/residents/{person.pk}/{act}/", form | {"reason": "本人申请"})
        assert number in page.content.decode()
    assert Reading.objects.filter(act__in=("reveal", "print")).count() == 2


def test_the_dump_would_show_one_that_is_not_sealed(copied):
    numbers, _phones = of_all()
    one = min(numbers)
    Resident.objects.filter(pk=Resident.objects.earliest("pk").pk).update(source=one.decode())
    assert one in set(_NUMBER.findall(dump(copied)))

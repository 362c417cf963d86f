"""The sections of the case page: each in its place, each only for whom it is meant."""

from dataclasses import replace

import pytest
from django.test import RequestFactory
from django.utils import timezone

from gis.models import Incident, User
from web.pages import case_facts
from web.pages.case import Case, Part, drawn
from web.pages.case_parts import PARTS

pytestmark = pytest.mark.django_db
NUMBER = "99001001001-2"


@pytest.fixture
def case(street) -> Case:
    request = RequestFactory().get("/")
    request.user = User.objects.get(username="paper-worker")
    request.access = request.user.access
    request.scope = request.access.which("area.read")
    incident = Incident.objects.select_related("category", "building", "cell").get(number=NUMBER)
    return Case(incident, request, timezone.now())


def test_every_section_draws_itself_under_its_own_name(case):
    for part in PARTS:
        sections = drawn((part,), case)
        for place, texts in sections.items():
            assert not texts or place == part.place
            assert all(f'id="{part.name}"' in text for text in texts), part.name


def test_names_are_given_once():
    names = [part.name for part in PARTS]
    assert len(names) == len(set(names))


def test_a_section_with_nothing_to_say_is_left_out(case):
    nothing = Part("nothing", "web/case/facts.html", lambda _case: None)
    assert drawn((nothing,), case) == {"top": [], "main": [], "side": []}


def test_a_section_is_kept_from_who_may_not_read_it(case):
    def never(_case: Case) -> dict:
        raise AssertionError("it was looked up for somebody who may not see it")

    closed = Part("closed", "web/case/facts.html", never, read_by="accounts.manage")
    assert drawn((closed,), case)["main"] == []
    opened = replace(closed, read_by="people.read", context=case_facts.facts)
    assert drawn((opened,), case)["main"]

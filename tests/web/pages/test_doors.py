"""Doors on the page of a building: plain forms, the same acts as in the field."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from gis.models import Building, DoorNote, Dwelling, Residence
from gis.statistics.recounting import wrong_areas
from tests.cast import CELL, EVERYONE

WRITERS = {"wang", "zhou"}


@pytest.fixture
def home(db) -> Dwelling:
    stays = Residence.objects.filter(area=CELL, kind="living", ends=None).exclude(household=None).order_by("dwelling")
    return stays.first().dwelling


def page(home: Dwelling, query: str = "") -> str:
    return reverse("building", args=[home.building_id]) + query


def form(home: Dwelling) -> str:
    return reverse("doors", args=[home.building_id])


def unseen(html: str) -> dict[str, str]:
    """The hidden fields of the door's form, as a browser would send them."""
    inside = html[html.index('class="door-form"') :]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside))


def test_it_saves_a_door_and_shows_it(client_of, home):
    answer = client_of("wang").post(form(home), {"door": home.pk, "answer": "answered", "state": "rented"}, follow=True)
    home.refresh_from_db()
    assert (home.state, home.verified_on) == ("rented", timezone.localdate())
    assert "已保存" in answer.content.decode()
    assert answer.redirect_chain[0][0].endswith(f"?door={home.pk}#household")


def test_it_goes_on_to_the_next_unverified_door(client_of, home):
    answer = client_of("wang").post(form(home), {"door": home.pk, "answer": "answered", "then": "next"})
    following = int(re.search(r"door=(\d+)", answer["Location"])[1])
    assert following != home.pk
    assert Dwelling.objects.get(pk=following).building_id == home.building_id


def test_it_changes_a_household(client_of, home):
    stay = Residence.objects.filter(dwelling=home, kind="living", ends=None).first()
    sent = {
        "door": home.pk,
        "stay": stay.pk,
        f"stays-{stay.pk}": "left",
        f"left-{stay.pk}": "2026-01-02",
        "add-name": "甲乙丙",
        "add-relation": "10",
    }
    client_of("wang").post(form(home), sent)
    stay.refresh_from_db()
    assert stay.ends.isoformat() == "2026-01-02"
    assert Residence.objects.filter(dwelling=home, resident__name="甲乙丙", ends=None).count() == 1
    assert wrong_areas() == set()


def test_it_shows_a_refused_form_again_as_it_was_filled_in(client_of, home):
    sent = {"door": home.pk, "answer": "answered", "add-name": "甲乙丙", "add-number": "123"}
    answer = client_of("wang").post(form(home), sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="甲乙丙"' in html
    assert "17 位数字" in html
    assert not DoorNote.objects.filter(dwelling=home.pk).exists()


def test_it_shows_both_sides_and_lets_mine_be_saved_knowing_theirs(client_of, home):
    seen = unseen(client_of("wang").get(page(home, f"?door={home.pk}")).content.decode())
    client_of("zhou").post(form(home), {"door": home.pk, "answer": "answered", "state": "rented"})
    mine = seen | {"door": home.pk, "answer": "answered", "state": "empty"}
    answer = client_of("wang").post(form(home), mine)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "别人已保存：" in html
    assert "出租" in html
    again = client_of("wang").post(form(home), mine | unseen(html))
    assert again.status_code == 302
    home.refresh_from_db()
    assert home.state == "empty"


def test_it_shows_new_doors_before_it_adds_exactly_those(client_of, home):
    wang = client_of("wang")
    shown = wang.get(page(home, "?add=floor&floor=77")).content.decode()
    assert "将新增" in shown
    assert "7701" in shown
    assert not Dwelling.objects.filter(building=home.building, floor=77).exists()
    doors = re.search(r'name="doors" value="([^"]+)"', shown)[1].replace("&quot;", '"')
    answer = wang.post(form(home), {"act": "add", "doors": doors}, follow=True)
    added = Dwelling.objects.filter(building=home.building, floor=77)
    assert added.exists()
    keys = re.findall(r'name="key" value="(\d+)"', answer.content.decode())
    wang.post(form(home), {"act": "remove", "key": keys})
    assert not added.exists()
    assert wrong_areas() == set()


@pytest.mark.parametrize(
    "query",
    [
        "add=floor&floor=x",
        "add=unit&from=9&to=1",
        "add=one&room=",
        "add=building&units=0&floors=0",
        "add=moon",
        "add=floor",
    ],
)
def test_it_says_why_there_is_nothing_to_add(query, client_of, home):
    answer = client_of("wang").get(page(home, f"?{query}"))
    assert answer.status_code == 200
    assert ("将新增" not in answer.content.decode()) or query == "add=moon"


@pytest.mark.parametrize("sent", [{"act": "add", "doors": "["}, {"act": "add", "doors": "[[1]]"}, {"door": "x"}, {}])
def test_it_refuses_nonsense(sent, client_of, home):
    assert client_of("wang").post(form(home), sent).status_code == 422


@pytest.mark.parametrize("name", EVERYONE)
def test_only_who_writes_people_there_may(name, client_of, home):
    answer = client_of(name).post(form(home), {"door": home.pk, "answer": "no_answer"})
    assert answer.status_code == (302 if name in WRITERS else 404 if name == "chen" else 403)
    assert DoorNote.objects.filter(dwelling=home.pk).exists() == (name in WRITERS)


@pytest.mark.parametrize("name", sorted(set(EVERYONE) - {"chen"}))
def test_who_may_not_sees_neither_form_nor_how_doors_stand(name, client_of, home):
    html = client_of(name).get(page(home, f"?door={home.pk}")).content.decode()
    assert ('class="door-form"' in html) == (name in WRITERS)
    assert ("door-progress" in html) == (name in WRITERS)
    assert ("+" + home.room in html) is False


def test_a_building_without_doors_says_how_to_begin(client_of, cast):
    bare = Building.objects.filter(area=CELL, dwellings=None).first()
    html = client_of("wang").get(reverse("building", args=[bare.pk])).content.decode()
    assert "还没有登记户室" in html
    assert 'name="each"' in html

"""What a phone takes along of its own ground: it …"""

import gzip
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from gis.models import Building, CellVersion, Fact, Field, Reading
from tests.cast import CELL, COMMUNITY, OTHER_STREET
from tests.gis.collection.test_forms import in_force
from web.field import pack

SCRIPT = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def ask(client_of):
    def get(name="wang", **query):
        answer = client_of(name, **SCRIPT).get("/field/pack/", query)
        if answer.status_code != 200:
            return answer
        return json.loads(gzip.decompress(answer.content))

    return get


def test_it_holds_the_worker_s_own_cell_and_no_other(ask):
    sent = ask()
    parts = {name: part["content"] for name, part in sent["parts"].items()}
    assert sent["area"] == CELL
    assert [cell["code"] for cell in parts["cells"]] == [CELL]
    assert {one["id"] for one in parts["ground"]["buildings"]} == set(
        Building.objects.filter(area=CELL).values_list("pk", flat=True)
    )
    assert {one["cell"] for one in parts["workers"]} == {CELL}


def test_it_sends_only_what_changed(ask):
    first = ask()
    have = ",".join(f"{name}.{part['mark']}" for name, part in first["parts"].items())
    again = ask(have=have)
    assert again["parts"] == {}
    assert set(again["same"]) == set(pack.PARTS)
    building = Building.objects.filter(area=CELL).first()
    Building.objects.filter(pk=building.pk).update(floors=(building.floors or 0) + 1)
    assert list(ask(have=have)["parts"]) == ["ground"]


def test_it_draws_what_lies_there(ask):
    parts = {name: part["content"] for name, part in ask()["parts"].items()}
    west, south, east, north = CellVersion.objects.on(timezone.localdate()).get(code=CELL).geometry.extent
    lon, lat = parts["cells"][0]["rings"][0][0::2], parts["cells"][0]["rings"][0][1::2]
    assert (min(lon), min(lat), max(lon), max(lat)) == pytest.approx((west, south, east, north), abs=1e-5)
    xs = [x for road in parts["ground"]["roads"] for x in road["line"][0::2]]
    assert min(xs) >= west - 0.0021
    assert max(xs) <= east + 0.0021


def test_whoever_has_more_than_a_phone_holds_chooses(ask, monkeypatch):
    assert {one["code"] for one in ask("li")["choose"]} >= {COMMUNITY}
    assert ask("li", area=COMMUNITY)["area"] == COMMUNITY
    monkeypatch.setattr(pack, "MOST_BUILDINGS", 1)
    assert {len(one["code"]) for one in ask("zhou")["choose"]} == {15}
    assert {len(one["code"]) for one in ask("li", area=COMMUNITY)["choose"]} == {15}


@pytest.mark.parametrize("area", [OTHER_STREET, COMMUNITY, "1", "x", "110113001006002,110113001006001"])
def test_nobody_takes_along_what_is_not_theirs(ask, area):
    assert ask("wang", area=area).status_code == 404


def test_a_phone_with_nothing_is_sent_the_opening_view_first(ask, cast):
    sent = ask(first="1")
    assert set(sent["parts"]) == {name for name, part in pack.PARTS.items() if part.first}
    assert (sent["whole"], sent["hello"]["holder"]) == (False, sent["holder"])
    assert "hello" not in ask()


def test_the_page_asks_for_it_before_its_script_is_there(client_of, client):
    assert "/field/pack/?first=1" in client_of("wang").get("/field/").headers["Link"]
    assert "Link" not in client_of("wang").get("/field/?lang=en").headers
    assert "Link" not in client.get("/field/").headers


def test_a_part_without_marks_that_make_sense_is_sent_whole(ask):
    assert set(ask(have="cells,ground.x,,.")["parts"]) == set(pack.PARTS)


def test_whom_and_what_the_forms_tell_is_in_the_log(ask, cast):
    in_force(cast, "education", every_months=12)
    forms = ask()["parts"]["visits"]["content"]["forms"]
    row = next(row for rows in forms["asks"].values() for row in rows if row[1].startswith("p"))
    education = Field.objects.get(code="education")
    old = timezone.localdate() - timedelta(days=700)
    Fact.objects.create(field=education, value="初中", source="visit", said_on=old, resident_id=int(row[1][1:]))
    shown = Reading.objects.filter(by=cast.wang).latest("pk")
    assert f"#{education.pk}" not in shown.fields
    forms = ask(first="1")["parts"]["visits"]["content"]["forms"]
    mates = {mate[0] for who in forms["mates"].values() for mate in who}
    shown = Reading.objects.filter(by=cast.wang).latest("pk")
    assert mates
    assert mates <= set(shown.residents)
    assert f"#{education.pk}" in shown.fields


def test_the_round_alone_is_noted_with_the_phone_and_the_door(ask, cast):
    ask(first="1")
    assert {"phone", "room"} <= set(Reading.objects.filter(by=cast.wang).latest("pk").fields)

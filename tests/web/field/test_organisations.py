"""Units on the phone: in the pack as far as its reader may see them, a new one and a check stored once."""

import gzip
import json
from uuid import uuid4

import pytest

from gis.models import Building, Incident, Organisation, OrganisationCheck, Reading
from tests.cast import CELL, OTHER_STREET
from web.field.holder import holder_of


@pytest.fixture
def building(db) -> Building:
    return Building.objects.filter(area=CELL).order_by("pk").first()


@pytest.fixture
def shop(building) -> Organisation:
    return Organisation.objects.create(
        name="甲店", kind="shop", building=building, area=CELL, person="王小明", phone_last4="1234",
        known_since="2020-01-01",
    )  # fmt: skip


@pytest.fixture
def pack(client_of):
    def asked(name: str = "wang") -> dict:
        answer = client_of(name, HTTP_ACCEPT="application/json").get("/field/pack/")
        return json.loads(gzip.decompress(answer.content))["parts"]["organisations"]["content"]

    return asked


@pytest.fixture
def send(client_of, cast):
    def sent(kind: str, body: dict, as_: str = "wang", uuid=None):
        form = {"uuid": str(uuid or uuid4()), "kind": kind, "by": holder_of(cast[as_]), "written": 0, "sent": 0}
        return client_of(as_).post("/field/submissions/", form | {"body": json.dumps(body)})

    return sent


def test_the_pack_holds_the_open_units_of_the_ground_with_the_day_of_the_next_check(shop, pack):
    Organisation.objects.create(
        name="已停业", kind="shop", building=shop.building, area=CELL, known_since="2020-01-01", closed_on="2021-01-01"
    )
    far = Building.objects.filter(area__startswith=OTHER_STREET).first()
    if far:
        Organisation.objects.create(name="远处", kind="shop", building=far, area=far.area, known_since="2020-01-01")
    rows = {one["name"]: one for one in pack()["rows"]}
    assert rows["甲店"]["due"] > "2020-01-01"
    assert not {"已停业", "远处"} & rows.keys()


def test_the_last_digits_of_a_phone_are_all_that_goes_on_a_phone_and_the_reading_is_noted(shop, pack):
    (one,) = [row for row in pack()["rows"] if row["id"] == shop.pk]
    assert one["phone"].endswith("1234")
    assert "*" in one["phone"]
    assert (
        Reading.objects.filter(act="field", kind="organisations").exists()
        or Reading.objects.filter(act="field").exists()
    )


def test_whoever_reads_no_people_takes_no_unit_along(shop, client_of):
    answer = client_of("zhao", HTTP_ACCEPT="application/json").get("/field/pack/", {"area": CELL})
    if answer.status_code == 200:
        parts = json.loads(gzip.decompress(answer.content))["parts"]
        assert parts["organisations"]["content"]["rows"] == []


def test_a_new_unit_is_stored_once_however_often_it_is_sent(building, send):
    uuid, body = (
        uuid4(),
        {"name": "乙店", "kind": "shop", "building": building.pk, "room": "临街", "phone": "12900000001"},
    )
    first, again = send("organisation", body, uuid=uuid), send("organisation", body, uuid=uuid)
    assert (first.status_code, again.status_code, again.json()["again"]) == (200, 200, True)
    made = Organisation.objects.get(name="乙店")
    assert (made.area, made.room, made.phone_last4) == (CELL, "临街", "0001")
    assert first.json()["outcome"] == {"organisation": made.pk}


def test_what_is_wrong_of_it_is_said_at_its_field_and_it_may_be_corrected(building, send):
    uuid, body = uuid4(), {"name": "乙店", "kind": "nonsense", "building": building.pk, "credit_code": "12"}
    refused = send("organisation", body, uuid=uuid)
    assert refused.status_code == 422
    assert set(refused.json()["fields"]) == {"kind", "credit_code"}
    assert send("organisation", body | {"kind": "shop", "credit_code": ""}, uuid=uuid).status_code == 200


def test_a_check_is_stored_once_with_its_findings_and_opens_a_case(shop, send, pack):
    uuid = uuid4()
    body = {"organisation": shop.pk, "outcome": "found", "findings": ["gas"], "note": "", "report": True}
    first, again = send("check", body, uuid=uuid), send("check", body, uuid=uuid)
    assert (first.status_code, again.json()["again"]) == (200, True)
    check = OrganisationCheck.objects.get(organisation=shop)
    assert (check.uuid, check.findings) == (uuid, ["gas"])
    assert Incident.objects.get(number=first.json()["outcome"]["incident"]) == check.incident
    (row,) = [one for one in pack()["rows"] if one["id"] == shop.pk]
    assert row["hazards"] == ["gas"]
    assert row["checked"] == check.day.isoformat()


@pytest.mark.parametrize("body", [{}, {"organisation": "1"}, {"organisation": True}, {"organisation": 2**62}])
def test_a_check_of_nothing_is_refused(body, send):
    assert send("check", {"outcome": "fine"} | body).status_code == 422


@pytest.mark.parametrize("who", ["chen", "zhao"])
def test_who_may_not_write_there_neither_checks_nor_adds(who, shop, building, send):
    assert send("check", {"organisation": shop.pk, "outcome": "fine"}, as_=who).status_code == 422
    body = {"name": "乙店", "kind": "shop", "building": building.pk}
    assert send("organisation", body, as_=who).status_code == 422
    assert not shop.checks.exists()
    assert not Organisation.objects.filter(name="乙店").exists()

"""The pages of units: who sees what of them, and who writes."""

import pytest

from gis.models import Building, Incident, Organisation, Reading
from gis.organisations.credit_code import make_code
from gis.organisations.registering import write_phone
from tests.cast import CELL, EVERYONE

READERS = {"wang", "zhou", "li", "sun"}
WRITERS = {"wang", "zhou"}
CODE = make_code("92", "110113", "MA00AB12")
PHONE = "13800004321"


@pytest.fixture
def building(db) -> Building:
    return Building.objects.filter(area=CELL).order_by("pk").first()


@pytest.fixture
def shop(building) -> Organisation:
    made = Organisation(
        name="甲店",
        kind="shop",
        credit_code=CODE,
        building=building,
        person="乙丙丁",
        known_since="2020-01-01",
        area=CELL,
    )
    write_phone(made, PHONE)
    made.save()
    return made


def text_of(client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.mark.parametrize("name", EVERYONE)
def test_only_who_reads_people_there_reads_it(name, shop, client_of):
    client = client_of(name)
    answer, record = client.get("/organisations/"), client.get(f"/organisations/{shop.pk}/")
    if name in READERS:
        assert (answer.status_code, record.status_code) == (200, 200)
        assert "甲店" in record.content.decode()
        return
    assert record.status_code in (403, 404)
    assert "甲店" not in answer.content.decode()


def test_it_shows_the_person_and_phone_by_the_rules_of_people(shop, client_of):
    address = f"/organisations/{shop.pk}/"
    assert PHONE in text_of(client_of("wang"), address)
    text = text_of(client_of("li"), address)
    assert "乙**" in text
    assert "***4321" in text
    assert not [word for word in ("乙丙丁", PHONE) if word in text]
    assert "4321" not in text_of(client_of("sun"), address)
    assert PHONE not in text_of(client_of("wang"), "/organisations/")


def test_reading_it_is_noted_by_its_key(shop, client_of):
    text_of(client_of("wang"), f"/organisations/{shop.pk}/")
    noted = Reading.objects.latest("pk")
    assert (noted.organisations, noted.residents, noted.fields) == ([shop.pk], [], ["name", "phone"])


@pytest.mark.parametrize(("name", "typed", "found"), [
    ("wang", "甲店", True), ("wang", CODE.lower(), True), ("wang", "乙丙", True), ("wang", PHONE, True),
    ("wang", "无此店", False), ("li", "甲店", True), ("li", "乙丙", False), ("li", PHONE, False),
])  # fmt: skip
def test_it_is_found_by_what_its_reader_sees(name, typed, found, shop, client_of):
    client = client_of(name)
    answer = client.post("/organisations/", {"text": typed}, follow=True)
    assert (f"/organisations/{shop.pk}/" in answer.content.decode()) is found
    assert typed not in answer.redirect_chain[-1][0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=small", True), ("kind=firm", False), ("stand=overdue", True), ("stand=hazards", False),
        ("stand=closed", False), (f"area={CELL}", True), ("area=110113001006002", False),
        ("kind=x&stand=y&area=z", True),
    ],
)  # fmt: skip
def test_a_list_is_narrowed(query, found, shop, client_of):
    text = text_of(client_of("zhou"), f"/organisations/?{query}")
    assert (f"/organisations/{shop.pk}/" in text) is found


@pytest.mark.parametrize("name", EVERYONE)
def test_only_who_writes_people_there_writes(name, shop, building, client_of):
    client = client_of(name)
    form = {"name": "新店", "kind": "restaurant", "building": building.pk, "room": "101"}
    client.post("/organisations/new/", form)
    assert Organisation.objects.filter(name="新店").exists() == (name in WRITERS)
    client.post(f"/organisations/{shop.pk}/edit/", form | {"name": "改名店"})
    assert Organisation.objects.filter(name="改名店").exists() == (name in WRITERS)
    client.post(f"/organisations/{shop.pk}/check/", {"outcome": "fine"})
    assert shop.checks.exists() == (name in WRITERS)


def test_what_is_wrong_stands_beside_it_and_what_was_typed_stays(building, client_of):
    form = {"name": "新店", "kind": "shop", "building": building.pk, "credit_code": CODE[:17] + "?"}
    answer = client_of("wang").post("/organisations/new/", form)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="新店"' in text
    assert 'id="w-code"' in text


def test_everything_that_is_wrong_is_said_at_its_field(client_of):
    body = {
        "kind": "", "name": "长" * 101, "unit": "长" * 11, "room": "长" * 41, "person": "长" * 61, "phone": "x",
        "staff": "多", "opened_on": "2999-01-01", "closed_on": "昨天", "credit_code": "X", "building": "",
    }  # fmt: skip
    page = client_of("wang").post("/organisations/new/", body).content.decode()
    assert page.count('aria-invalid="true"') == page.count('class="field-error"') == len(body)


def test_a_phone_left_empty_stays_and_goes_when_it_is_said(shop, building, client_of):
    form = {"name": "甲店", "kind": "shop", "building": building.pk, "phone": ""}
    client_of("wang").post(f"/organisations/{shop.pk}/edit/", form)
    assert Organisation.objects.get(pk=shop.pk).phone_last4 == "4321"
    client_of("wang").post(f"/organisations/{shop.pk}/edit/", form | {"no_phone": "1"})
    assert Organisation.objects.get(pk=shop.pk).phone_last4 == ""


def test_a_check_opens_a_case_once_however_often_it_is_sent(shop, client_of):
    form = {"outcome": "found", "findings": ["gas", "fire_exit"], "report": "1"}
    form |= {"number": "7f5a1f86-3f0b-4f8e-9d35-0c4d9a3a6f11"}
    before = Incident.objects.count()
    for _ in range(2):
        client_of("wang").post(f"/organisations/{shop.pk}/check/", form)
    assert shop.checks.count() == 1
    assert Incident.objects.count() == before + 1
    text = text_of(client_of("li"), f"/organisations/{shop.pk}/")
    assert Incident.objects.latest("pk").number in text


def test_the_building_tells_its_units(shop, building, client_of):
    assert "甲店" in text_of(client_of("wang"), f"/buildings/{building.pk}/")
    assert "甲店" not in text_of(client_of("zhao"), f"/buildings/{building.pk}/")


def test_the_panel_of_a_building_on_the_map_tells_its_units(shop, building, client_of):
    address = f"/map/panel/building/{building.pk}/"
    assert f'href="/organisations/{shop.pk}/"' in text_of(client_of("wang"), address)
    assert "甲店" not in text_of(client_of("zhao"), address)


def test_a_house_of_many_units_names_some_and_leads_to_all(shop, building, client_of):
    for number in range(9):
        Organisation.objects.create(
            name=f"{number}号店", kind="shop", building=building, area=building.area, known_since="2020-01-01"
        )
    panel = text_of(client_of("wang"), f"/map/panel/building/{building.pk}/")
    assert f'href="/organisations/?building={building.pk}"' in panel
    assert panel.count('href="/organisations/') == 9


def test_what_is_masked_is_shown_with_a_reason_and_noted(shop, client_of):
    address = f"/organisations/{shop.pk}/reveal/"
    client = client_of("li")
    shown = client.post(address, {"field": "phone", "reason": "核对消防通知"}).content.decode()
    assert PHONE in shown
    assert "乙丙丁" not in shown
    noted = Reading.objects.filter(act="reveal").latest("pk")
    assert (noted.organisations, noted.fields, noted.reason) == ([shop.pk], ["phone"], "核对消防通知")
    assert PHONE not in text_of(client, f"/organisations/{shop.pk}/")


@pytest.mark.parametrize("reason", ["", " ", "打13800004321"])
def test_without_a_reason_in_words_nothing_is_shown(reason, shop, client_of):
    refused = client_of("li").post(f"/organisations/{shop.pk}/reveal/", {"field": "phone", "reason": reason})
    assert refused.status_code == 422
    assert PHONE not in refused.content.decode()
    assert not Reading.objects.filter(act="reveal").exists()


@pytest.mark.parametrize(("name", "field"), [
    ("sun", "phone"), ("sun", "name"), ("zhao", "phone"), ("chen", "phone"), ("he", "phone"), ("li", "credit_code"),
])  # fmt: skip
def test_who_may_not_reveal_a_person_may_not_reveal_who_represents_a_unit(name, field, shop, client_of):
    refused = client_of(name).post(f"/organisations/{shop.pk}/reveal/", {"field": field, "reason": "核对消防通知"})
    assert refused.status_code in (403, 404)
    assert not Reading.objects.filter(act="reveal").exists()


@pytest.mark.parametrize("staff", ["0" * 19 + "9" * 12, "1" * 5000, "9" * 30])
def test_a_number_longer_than_any_is_refused_beside_its_field(shop, client_of, staff):
    form = {"name": "甲店", "kind": "shop", "building": shop.building_id, "staff": staff}
    assert client_of("wang").post(f"/organisations/{shop.pk}/edit/", form).status_code == 422


def test_the_number_of_a_check_elsewhere_is_refused_and_nothing_written(shop, client_of):
    wang, form = client_of("wang"), {"outcome": "fine", "number": "00000000-0000-4000-8000-000000000000"}
    other = Organisation.objects.create(
        name="乙店", kind="shop", building=shop.building, known_since="2020-01-01", area=CELL
    )
    assert wang.post(f"/organisations/{shop.pk}/check/", form).status_code == 302
    assert wang.post(f"/organisations/{shop.pk}/check/", form).status_code == 302
    assert wang.post(f"/organisations/{other.pk}/check/", form).status_code == 409
    assert (shop.checks.count(), other.checks.count()) == (1, 0)

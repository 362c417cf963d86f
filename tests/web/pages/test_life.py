"""What happened to a person, on their page: told to who may read it, recorded and taken back by who writes."""

from datetime import date

import pytest
from django.utils import timezone

from gis.models import LifeEvent, Reading, Residence, Resident
from tests.cast import CELL, EVERYONE
from tests.gis.people.life.conftest import SINCE, door_in, settle

WRITERS = {"wang", "zhou"}
READERS = {"wang", "zhou", "li", "sun"}


@pytest.fixture
def family(db):
    return settle(door_in())


def send(client, person: Resident, **form):
    form = {"on": "2026-05-10"} | form
    return client.post(f"/residents/{person.pk}/life/", form)


def page_of(client, person) -> str:
    return client.get(f"/residents/{person.pk}/").content.decode()


@pytest.mark.parametrize("name", EVERYONE)
def test_only_who_writes_people_records_and_takes_back(name, family, client_of):
    person = family["son"].resident
    answer = send(client_of(name), person, kind="died")
    assert answer.status_code == (302 if name in WRITERS else 403 if name in READERS or name not in ("chen",) else 404)
    assert LifeEvent.objects.exists() == (name in WRITERS)
    send(client_of("wang"), person, kind="died")
    event = LifeEvent.objects.get()
    client_of(name).post(f"/residents/{person.pk}/life/{event.pk}/undo/", {"reason": "错了"})
    assert LifeEvent.objects.standing().exists() == (name not in WRITERS)


def test_a_form_for_every_kind_opens(family, client_of):
    client = client_of("wang")
    kinds = {}
    for name in ("son", "wife", "grandfather"):
        for kind, _label in LifeEvent.Kind.choices:
            text = client.get(f"/residents/{family[name].resident_id}/?event={kind}").content.decode()
            kinds.setdefault(kind, set()).add(f'name="kind" value="{kind}"' in text)
    assert {kind for kind, shown in kinds.items() if True in shown} == {
        "moved", "left", "died", "born", "split", "head", "type", "registered", "named",
    }  # fmt: skip


def test_a_move_by_room_number(family, client_of):
    door = door_in(room="9920")
    person = family["son"].resident
    form = {"kind": "moved", "building": door.building_id, "room": "9920", "along": [family["wife"].resident_id]}
    assert send(client_of("wang"), person, **form).status_code == 302
    assert Residence.objects.filter(dwelling=door, ends=None).count() == 2
    text = page_of(client_of("wang"), person)
    assert "搬出" in text
    assert "9920" in text


def test_what_is_wrong_is_said_and_what_was_typed_stays(family, client_of):
    answer = send(client_of("wang"), family["son"].resident, kind="left", far="away", place="天津", on="1950-01-01")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "早于出生日期" in text
    assert 'value="天津"' in text
    assert 'value="1950-01-01"' in text


def test_two_dates_are_put_side_by_side_and_mine_may_be_kept(family, client_of):
    person = family["grandfather"].resident
    send(client_of("zhou"), person, kind="died")
    mine = {"kind": "died", "on": "2026-05-08"}
    answer = send(client_of("wang"), person, **mine)
    assert answer.status_code == 409
    assert "2026-05-10" in answer.content.decode()
    event = LifeEvent.objects.get()
    assert send(client_of("wang"), person, **mine, base=event.pk).status_code == 302
    assert Resident.objects.get(pk=person.pk).died_on == date(2026, 5, 8)


def test_a_supervisor_of_the_street_sees_what_happened_and_no_name(family, client_of):
    person = family["son"].resident
    send(client_of("wang"), person, kind="left", far="away", place="保定", note="随女儿")
    for address in (f"/residents/{person.pk}/", "/residents/changes/?since=2026-05-01&until=2026-05-20"):
        text = client_of("li").get(address).content.decode()
        assert "迁离" in text
        assert not [word for word in (person.name, "保定", "随女儿") if word in text]
        own = client_of("wang").get(address).content.decode()
        assert "保定" in own


@pytest.mark.parametrize("name", EVERYONE)
def test_the_changes_of_an_area_open_for_who_reads_people(name, family, client_of):
    send(client_of("wang"), family["son"].resident, kind="died")
    answer = client_of(name).get("/residents/changes/?since=2026-05-01&until=2026-05-20")
    reads = name in READERS | {"chen"}
    assert answer.status_code == (200 if reads else 403)
    assert ("2026-05-10" in answer.content.decode()) == (name in READERS)


def test_who_was_listed_is_in_the_log(family, client_of):
    send(client_of("wang"), family["son"].resident, kind="died")
    client_of("wang").get("/residents/changes/?since=2026-05-01&until=2026-05-20")
    assert family["son"].resident_id in Reading.objects.filter(act="list").latest("pk").residents


@pytest.mark.parametrize(
    "query", ["?since=x&until=9999-99-99", "?since=2030-01-01", "?since=0001-01-01", "?kind=zz&area=1"]
)
def test_nonsense_shows_a_page(query, client_of):
    assert client_of("li").get(f"/residents/changes/{query}").status_code == 200


def test_the_dead_leave_the_list_and_are_found_when_asked_for(family, client_of):
    person = family["son"].resident
    send(client_of("wang"), person, kind="died")
    client = client_of("wang")
    link = f"/residents/{person.pk}/"
    died, away = (client.get(f"/residents/?stand={stand}").content.decode() for stand in ("died", "away"))
    assert (link in died, link in away) == (True, False)
    assert "去世" in page_of(client, person)


def test_a_door_tells_who_lived_there(family, client_of):
    send(client_of("wang"), family["son"].resident, kind="left", far="away")
    door = family["son"].dwelling
    text = client_of("wang").get(f"/buildings/{door.building_id}/?door={door.pk}").content.decode()
    assert "曾住这里" in text
    assert "曾住这里" not in client_of("li").get(f"/buildings/{door.building_id}/?door={door.pk}").content.decode()


def test_separated_from_the_place_of_registration_is_said(family, client_of):
    stay = family["son"]
    Residence.objects.create(
        resident=stay.resident, dwelling=door_in(room="9921"), kind="registered", starts=SINCE, area=CELL
    )
    assert "人户分离" in page_of(client_of("wang"), stay.resident)


def test_it_offers_no_date_to_come(family, client_of):
    text = client_of("wang").get(f"/residents/{family['son'].resident_id}/?event=died").content.decode()
    assert f'max="{timezone.localdate().isoformat()}"' in text


@pytest.mark.parametrize("door", [{"room": "\x00"}, {"room": "9\x00"}, {"room": "99", "unit": "\x00"}])
def test_a_door_that_no_text_can_name_is_refused_beside_its_field(family, client_of, door):
    form = {"kind": "moved", "building": family["son"].dwelling.building_id} | door
    answer = send(client_of("wang"), family["son"].resident, **form)
    assert answer.status_code == 422
    assert not LifeEvent.objects.exists()

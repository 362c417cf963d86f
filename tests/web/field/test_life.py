"""Life events from the phone: stored once, refused with the field, taken back by their number."""

import json
from uuid import uuid4

import pytest

from gis.models import LifeEvent, Residence
from tests.gis.people.life.conftest import door_in, settle
from web.field.holder import holder_of


@pytest.fixture
def family(db):
    return settle(door_in())


@pytest.fixture
def send(client_of, cast):
    def sent(body: dict, as_: str = "wang", uuid=None):
        form = {"uuid": str(uuid or uuid4()), "kind": "life", "by": holder_of(cast[as_]), "written": 0, "sent": 0}
        return client_of(as_).post("/field/submissions/", form | {"body": json.dumps(body)})

    return sent


def died(stay: Residence, **more) -> dict:
    return {"kind": "died", "resident": stay.resident_id, "on": "2026-05-10", "building": 1} | more


def test_it_is_stored_once_however_often_it_is_sent(family, send):
    uuid = uuid4()
    first, again = send(died(family["son"]), uuid=uuid), send(died(family["son"]), uuid=uuid)
    assert (first.status_code, again.json()["again"]) == (200, True)
    assert LifeEvent.objects.get().act == uuid


def test_its_outcome_names_nobody(family, send):
    said = send(died(family["son"])).content.decode()
    assert family["son"].resident.name not in said
    assert set(json.loads(said)["outcome"]) == {"act", "people", "asked", "alone"}


def test_what_is_wrong_is_named_and_the_item_may_be_corrected(family, send):
    uuid = uuid4()
    refused = send(died(family["son"], on="1950-01-01"), uuid=uuid)
    assert refused.status_code == 422
    assert "on" in refused.json()["fields"]
    assert send(died(family["son"]), uuid=uuid).status_code == 200


def test_another_day_is_a_conflict_and_the_chosen_side_is_taken(family, send):
    send(died(family["son"]), as_="zhou")
    mine = died(family["son"], on="2026-05-08")
    answer = send(mine)
    assert answer.status_code == 409
    theirs = answer.json()["theirs"]
    assert theirs["on"] == "2026-05-10"
    assert send(mine | theirs).status_code == 200  # theirs chosen
    assert LifeEvent.objects.count() == 1
    assert send(mine | {"base": theirs["base"]}).status_code == 200  # mine chosen
    assert str(LifeEvent.objects.standing().get().on) == "2026-05-08"


def test_it_is_taken_back_by_the_number_under_which_it_was_sent(family, send):
    uuid = uuid4()
    send(died(family["son"]), uuid=uuid)
    assert send({"withdraw": str(uuid)}).json()["outcome"] == {"withdrawn": 1}
    assert not LifeEvent.objects.standing().exists()
    assert send({"withdraw": str(uuid4())}).status_code == 422
    assert send({"withdraw": "x"}).status_code == 422


def test_a_child_of_the_same_name_is_asked_about(family, send):
    body = {"kind": "born", "resident": family["wife"].resident_id, "on": "2026-05-10", "sex": "1", "name": "甲小"}
    send(body)
    answer = send(body)
    assert answer.status_code == 422
    assert "another" in answer.json()["fields"]
    assert send(body | {"another": True}).status_code == 200


@pytest.mark.parametrize("name", ["li", "zhao", "chen", "he", "sun"])
def test_who_does_not_write_people_is_refused(name, family, send):
    assert send(died(family["son"]), as_=name).status_code == 422
    assert not LifeEvent.objects.exists()


@pytest.mark.parametrize(
    "body", [{}, {"kind": 1}, {"kind": ["died"], "resident": {}}, {"kind": "died", "resident": -1}]
)
def test_nonsense_is_refused(body, send, db):
    assert send(body).status_code == 422

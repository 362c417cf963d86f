"""Reporting without an account: what the pages take, what they show, and what they keep to themselves."""

import base64
import json
import re

import pytest

from gis.incidents.residents.plate import plates_for
from gis.models import Attachment, Building, Dwelling, Follow, Incident, Publication, Reporter
from tests.browsing import Browser
from tests.cast import CELL, COMMUNITY
from tests.gis.incidents.loop import go
from tests.gis.incidents.residents.reporting import PHONE, kind, reported, somewhere
from tests.web.residents.form import ADDRESS, a_photo, filled, sent, ticket_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _photos(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_it_takes_a_report_and_leads_to_a_page_of_its_own(client):
    address = sent(client, photo=a_photo())
    incident = Incident.objects.latest("pk")
    page = client.get(address)
    text = page.content.decode()
    assert incident.number in text
    assert "水管爆了" in text
    assert "已收到，等待受理" in text
    assert "<svg" in text  # the link as a code
    assert PHONE not in text
    assert "顾某" not in text


def test_nothing_is_set_in_the_browser_and_nothing_kept_in_a_cache(client):
    address = sent(client)
    answers = [client.get(ADDRESS), client.get(address), client.get("/case/")]
    answers.append(client.post("/case/", {"number": "1", "digits": "2"}))
    for answer in answers:
        assert not answer.cookies
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex"
    assert not client.cookies


def test_the_same_form_twice_is_one_report(client):
    body = filled(client)
    first, second = (client.post(ADDRESS, body).headers["Location"] for _ in range(2))
    assert first == second
    assert Follow.objects.count() == 1


def test_a_refusal_keeps_what_was_written_and_the_form_its_identity(client):
    body = filled(client, phone="12", text="<b>漏水</b>")
    answer = client.post(ADDRESS, body)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "电话号码不对" in text
    assert "&lt;b&gt;漏水&lt;/b&gt;" in text
    assert ticket_of(answer) == body["ticket"]
    assert not Follow.objects.exists()


@pytest.mark.parametrize("ticket", ["", "x", "IjEi:1tXyzA:aaaa"])
def test_a_form_that_is_not_ours_is_given_back_with_a_ticket(client, ticket):
    answer = client.post(ADDRESS, filled(client, ticket=ticket))
    assert answer.status_code == 400
    assert "水管爆了" in answer.content.decode()
    assert client.post(ADDRESS, filled(client, ticket=ticket_of(answer))).status_code == 302


def test_a_machine_is_thanked_and_nothing_is_stored(client):
    answer = client.post(ADDRESS, filled(client, website="spam"))
    assert "谢谢" in answer.content.decode()
    assert not Follow.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"lat": "nan"}, {"lat": "1e999"}, {"category": "x"}, {"category": "99999999999999999999"}, {"building": "-1"},
        {"building": "²"}, {"at": "b"}, {"at": "bx"}, {"at": ","}, {"text": "\x00"}, {"same_as": "x:y:z"},
        {"phone": "²" * 8}, {"name": "\u202e" * 40}, {"error": "inf"}, {"lat": "", "lon": ""},
    ],
)  # fmt: skip
def test_nonsense_is_refused_or_stored_and_never_breaks_the_page(client, more):
    assert client.post(ADDRESS, filled(client, **more)).status_code in (302, 422)


def test_an_address_is_found_without_a_script(client):
    building = Building.objects.filter(area=CELL).order_by("code").first()
    page = client.post(ADDRESS, {"find": "1", "q": building.label, "text": "漏水", "ticket": "t"})
    text = page.content.decode()
    assert f'value="b{building.pk}"' in text
    assert "漏水" in text
    address = sent(client, at=f"b{building.pk}", lat="", lon="")
    assert building.label in client.get(address).content.decode()


def test_of_a_door_that_is_asked_for_only_the_house_is_told(client):
    door = Dwelling.objects.filter(building__area=CELL).select_related("building__compound").first()
    typed = f"{door.building.label}{door}"
    places = client.post("/report/places/", {"q": typed}).json()["places"]
    assert places
    assert {"key", "title", "near", "building", "lat", "lon"} == set(places[0])
    assert str(door) not in json.dumps([place["title"] for place in places], ensure_ascii=False)


def test_the_ground_holds_houses_and_roads_and_nothing_of_a_person(client):
    point = somewhere()
    answer = client.get(f"/report/ground/?x={int(point.x * 100)}&y={int(point.y * 100)}")
    ground = answer.json()
    assert ground["buildings"]
    assert set(ground["buildings"][0]) == {"id", "label", "rings"}
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    for query in ("", "?x=a&y=1", "?x=99999&y=0", "?x=1&y=9e9"):
        assert client.get(f"/report/ground/{query}").status_code == 400


def offered(visitor: Browser, **more) -> str:
    point = somewhere()
    answer = visitor.post("/report/similar/", {"lat": point.y, "lon": point.x, "category": kind(), "text": ""} | more)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_open_near_by_is_offered_without_its_number_and_words(client):
    receipt = reported(text="密䶮")
    text = offered(client)
    assert "1 人已反映" in text
    assert receipt.number not in text
    assert "密䶮" not in text
    key = re.search(r'name="same_as" value="([^"]+)"', text)[1]
    address = sent(client, same_as=key, text="我家也是")
    assert Incident.objects.get(number=receipt.number).steps.filter(act="again", note="我家也是").exists()
    assert "2 人反映" in client.get(address).content.decode()


def test_what_is_at_home_is_offered_to_nobody(client):
    reported("C0601", text="邻里")
    assert "same_as" not in offered(client, category=kind("C0601"))
    assert "same_as" not in offered(client, lat="", lon="")


def test_what_staff_have_hidden_is_offered_to_nobody(client, cast):
    receipt = reported()
    incident = Incident.objects.get(number=receipt.number)
    Publication.objects.create(incident=incident, hidden=True, by=cast.zhou, at=incident.reported_at)
    assert "same_as" not in offered(client)


def test_a_number_is_no_key_to_a_case(client):
    receipt = reported("C0601")
    sent(client, same_as=receipt.number)
    assert not Incident.objects.get(number=receipt.number).steps.filter(act="again").exists()


# The page of one's case


def test_photos_are_shown_by_the_link_and_by_nothing_else(client):
    address = sent(client, photo=a_photo()).partition("?")[0]
    uuid = Attachment.objects.latest("pk").uuid
    assert client.get(f"{address}photos/{uuid}/").headers["Content-Type"] == "image/jpeg"
    other = sent(client, category=kind("C0301")).partition("?")[0]
    assert client.get(f"{other}photos/{uuid}/").status_code == 404
    number = Attachment.objects.get(uuid=uuid).incident.number
    passed = client.post("/case/", {"number": number, "digits": PHONE[-4:]}).headers["Location"]
    assert client.get(passed).status_code == 200
    assert client.get(f"{passed}photos/{uuid}/").status_code == 404
    assert "水管爆了" not in client.get(passed).content.decode()
    assert client.get(f"/photos/{uuid}/").status_code == 302  # to signing in


def test_a_wrong_number_and_wrong_digits_read_the_same(client):
    receipt = reported()
    answers = [
        client.post("/case/", {"number": number, "digits": digits})
        for number, digits in [(receipt.number, "0000"), ("20200101-000009", PHONE[-4:])]
    ]
    told = [re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in answers]
    assert told[0] == told[1]
    assert [answer.status_code for answer in answers] == [422, 422]


def test_a_link_that_is_none_is_not_found_and_does_not_ask_to_sign_in(client):
    answer = client.get("/case/" + "a" * 32 + "/")
    assert answer.status_code == 404
    assert "/sign-in/" not in answer.content.decode()


def test_it_is_rated_and_asked_for_again_on_its_page(client, cast):
    address = sent(client).partition("?")[0]
    incident = Incident.objects.latest("pk")
    for name, act in [("zhou", "file"), ("zhou", "dispatch"), ("he", "take"), ("he", "dispose"), ("zhou", "close")]:
        go(cast, name, incident, act)
    assert client.post(address, {"do": "rate", "solved": "1"}).status_code == 422
    answer = client.post(address, {"do": "rate", "solved": "0", "content": "2", "words": "<i>还漏</i>"})
    assert answer.status_code == 302
    text = client.get(answer.headers["Location"]).content.decode()
    assert "没有解决" in text
    assert "&lt;i&gt;还漏&lt;/i&gt;" in text
    assert client.post(address, {"do": "rate", "solved": "1", "content": "5"}).status_code == 409
    assert client.post(address, {"do": "appeal", "words": "还漏", "photo": a_photo()}).status_code == 302
    incident.refresh_from_db()
    assert incident.state == "reported"


# Plates


def test_a_plate_leads_to_the_report_at_its_building(client, cast):
    building = Building.objects.filter(area=CELL).order_by("code").first()
    plate = plates_for([building], cast.wang)[0]
    for code in (plate.code, plate.code.lower()):
        page = client.get(f"/q/{code}/").content.decode()
        assert building.label in page
        assert f'name="building" value="{building.pk}"' in page
    assert client.get("/q/AAAAAAAAAA/").status_code == 404


def test_plates_are_made_for_a_compound_once_and_anew_where_one_was_copied(client_of, client):
    wang = client_of("wang")
    compound = Building.objects.filter(area=CELL, compound__isnull=False).first().compound
    address = f"/plates/?compound={compound.pk}"
    for _ in range(2):
        assert wang.post(address).status_code == 302
    page = wang.get(address).content.decode()
    codes = re.findall(r"<code>([A-Z0-9]{10})</code>", page)
    assert len(codes) == len(set(codes)) == Building.objects.filter(area=CELL, compound=compound).count() > 0
    assert page.count('class="qr"') == len(codes)
    building = Building.objects.get(plates__code=codes[0])
    wang.post(address, {"renew": building.pk})
    assert client.get(f"/q/{codes[0]}/").status_code == 404
    assert building.plates.hanging().get().code not in codes
    for key in ("²", "x", "9" * 30, "9" * 5000):
        assert wang.post(address, {"renew": key}).status_code == 404


@pytest.mark.parametrize(("name", "status"), [("chen", 404), ("zhao", 403), ("he", 403), ("wang", 200)])
def test_plates_are_for_those_who_report_there(client_of, name, status):
    building = Building.objects.filter(area=CELL).first()
    assert client_of(name).get(f"/plates/?building={building.pk}").status_code == status
    for query in ("", "?building=x", "?compound=²", f"?building={2**70}"):
        assert client_of(name).get(f"/plates/{query}").status_code == (404 if status != 403 else 403)


def test_staff_of_elsewhere_learn_nothing_of_who_reported(client_of):
    receipt = reported(name="密䶮")
    assert COMMUNITY in Incident.objects.get(number=receipt.number).area
    assert Reporter.objects.count() == 1
    for name in ("chen", "zhao", "admin"):
        assert "密䶮" not in client_of(name).get(f"/incidents/{receipt.number}/").content.decode()


def test_an_offered_case_does_not_tell_its_number(client):
    number = reported().number
    key = re.search(r'name="same_as" value="([^"]+)"', offered(client))[1]
    parts = (base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode("latin-1") for part in key.split(":"))
    inside = "".join(parts)
    assert number not in key + inside
    sent(client, same_as=key, text="我家也是")
    assert Incident.objects.get(number=number).steps.filter(act="again").count() == 1


def test_too_many_photos_are_refused_before_one_is_read(client, monkeypatch):
    monkeypatch.setattr("web.residents.report.digest_of", lambda *_: pytest.fail("a photo was read"))
    answer = client.post(ADDRESS, filled(client, photo=[a_photo() for _ in range(5)]))
    assert answer.status_code == 422
    assert "照片超过 4 张" in answer.content.decode()


def test_forms_that_are_refused_are_counted_too(client, settings):
    settings.RESIDENT_REPORTS_PER_HOUR = 1
    wrong = filled(client, phone="12")
    codes = [client.post(ADDRESS, wrong).status_code for _ in range(41)]
    assert codes == [422] * 40 + [429]

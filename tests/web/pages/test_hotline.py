"""Bringing an export by the page: who may, what they see, the way to the cases, and the two queues."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gis.hotline.hotline_file import HotlineColumns, HotlineFile, HotlineRow, Stage
from gis.models import Category, Incident
from tests.cast import COMMUNITY, EVERYONE, OTHER_STREET, STREET
from tests.gis.hotline.bringing import an_order, as_csv, case, filed
from web.jobs.hotline import check_file, file_rows

MAY = {"li", "sun", "chen", "zhou", "he"}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(browser, *orders, data: bytes | None = None, **fields):
    sent = SimpleUploadedFile("三月工单.csv", as_csv(*orders) if data is None else data)
    return browser.post("/hotline/", {"file": sent, "source": "12345"} | fields)


def the_file() -> HotlineFile:
    return HotlineFile.objects.order_by("-pk").first()


def do(browser, act: str, **fields):
    return browser.post(f"/hotline/{the_file().uuid}/", {"act": act} | fields)


def columns() -> dict[str, str]:
    return the_file().chosen


def work() -> None:
    """What the worker would do: with the rights of the server, a slice at a time."""
    check_file(the_file().pk, work)
    file_rows(the_file().pk, work)


@pytest.mark.parametrize("name", EVERYONE)
def test_it_is_open_to_whoever_may_file_cases_and_to_officers(client_of, name):
    browser = client_of(name)
    for address in ("/hotline/", "/hotline/unplaced/", "/hotline/unmapped/"):
        assert browser.get(address).status_code == (200 if name in MAY else 403)
    assert ("/hotline/" in browser.get("/incidents/").content.decode()) == (name in MAY)


def test_from_the_file_to_the_cases(client_of):
    li = client_of("li")
    answer = upload(li, an_order("A1"), an_order("A2", 诉求地址="桥头"), an_order("A3", 来电时间="昨天"))
    assert answer.headers["Location"] == f"/hotline/{the_file().uuid}/"
    page = li.get(f"/hotline/{the_file().uuid}/").content.decode()
    assert '<option value="工单编号" selected>' in page
    do(li, "columns", **columns())
    work()
    assert the_file().stage == Stage.READY
    page = li.get(f"/hotline/{the_file().uuid}/").content.decode()
    assert "第 4 行" in page
    assert "13800138000" not in page
    assert not Incident.objects.filter(source="12345").exists()
    do(li, "start")
    work()
    page = li.get(f"/hotline/{the_file().uuid}/").content.decode()
    assert the_file().stage == Stage.DONE
    assert f"/incidents/{case('A1').number}/" in page
    assert "/hotline/unplaced/" in page
    assert not the_file().content


def test_what_was_said_of_columns_is_remembered_for_the_source(client_of):
    li = client_of("li")
    odd = {("单据" if title == "工单编号" else title): value for title, value in an_order("A1").items()}
    upload(li, odd)
    assert "number" not in columns()
    assert do(li, "columns", **columns()).status_code == 422
    do(li, "columns", **columns() | {"number": "单据"})
    upload(li, odd)
    assert columns()["number"] == "单据"
    upload(li, odd, source="别的平台")
    assert "number" not in columns()
    assert HotlineColumns.objects.count() == 1


@pytest.mark.parametrize("name", sorted(set(EVERYONE) - {"li"}))
def test_nobody_else_opens_somebodys_file(client_of, name):
    upload(client_of("li"), an_order("A1"))
    browser = client_of(name)
    assert browser.get(f"/hotline/{the_file().uuid}/").status_code == 404
    assert browser.get(f"/hotline/{the_file().uuid}/faults/").status_code == 404
    assert browser.post(f"/hotline/{the_file().uuid}/", {"act": "discard"}).status_code == 404


def test_it_is_brought_for_ones_own_ground_alone(client_of):
    assert upload(client_of("li"), an_order("A1"), area=OTHER_STREET).status_code == 422
    assert upload(client_of("zhao"), an_order("A1")).status_code == 403
    assert not HotlineFile.objects.exists()


@pytest.mark.parametrize("data", [b"", b"\x00" * 99, b"PK\x03\x04 torn", "工单编号\n".encode()])
def test_a_file_that_cannot_be_read_is_said_on_the_page(client_of, data):
    answer = upload(client_of("li"), data=data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not HotlineFile.objects.exists()


def test_without_a_file_it_says_so(client_of):
    assert client_of("li").post("/hotline/", {}).status_code == 422


def test_a_paused_file_files_nothing_and_goes_on_when_told(client_of):
    li = client_of("li")
    upload(li, an_order("A1"), an_order("A2"))
    do(li, "columns", **columns())
    work()
    do(li, "start")
    do(li, "pause")
    work()
    assert not Incident.objects.filter(source="12345").exists()
    do(li, "resume")
    work()
    assert Incident.objects.filter(source="12345").count() == 2


def test_what_is_thrown_away_leaves_nothing(client_of, settings):
    li = client_of("li")
    upload(li, an_order("A1"))
    do(li, "columns", **columns())
    work()
    do(li, "discard")
    assert not HotlineRow.objects.exists()
    assert (the_file().content.name, the_file().shown) == ("", None)


def test_two_clicks_do_not_both_win(client_of):
    li = client_of("li")
    upload(li, an_order("A1"))
    assert do(li, "start").status_code == 409
    do(li, "columns", **columns())
    work()
    do(li, "start")
    assert do(li, "start").status_code == 409


def test_the_export_at_rest_is_sealed(client_of, settings, tmp_path):
    upload(client_of("li"), an_order("A1"))
    kept = next((tmp_path / "hotline").iterdir()).read_bytes()
    assert b"13800138000" not in kept
    assert "井盖".encode() not in kept


def test_the_list_of_faults_is_a_workbook(client_of):
    li = client_of("li")
    upload(li, an_order("A1", 来电时间="昨天"))
    do(li, "columns", **columns())
    work()
    answer = li.get(f"/hotline/{the_file().uuid}/faults/")
    assert answer.content.startswith(b"PK")
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_person_places_what_was_not_sure(client_of, cast):
    filed(cast.li, an_order("A1", 诉求地址="桥头"))
    row, li = HotlineRow.objects.get(), client_of("li")
    page = li.get("/hotline/unplaced/").content.decode()
    assert "桥头" in page
    assert "13800138000" not in page
    assert li.post("/hotline/unplaced/", {"order": row.pk, "place": ""}).status_code == 422
    for key in ("²", "9" * 30, "9" * 5000):
        for kind in ("building", "compound"):
            assert li.post("/hotline/unplaced/", {"order": row.pk, "place": f"{kind}-{key}"}).status_code == 422
    assert li.post("/hotline/unplaced/", {"order": row.pk, "place": f"area-{OTHER_STREET}001"}).status_code == 422
    li.post("/hotline/unplaced/", {"order": row.pk, "place": f"area-{COMMUNITY}"})
    assert case("A1").area.startswith(COMMUNITY)
    assert li.post("/hotline/unplaced/", {"order": row.pk, "place": f"area-{COMMUNITY}"}).status_code == 409


def test_another_address_is_looked_up_beside_the_order(client_of, cast):
    filed(cast.li, an_order("A1", 诉求地址="桥头"))
    row, address = HotlineRow.objects.get(), an_order("")["诉求地址"]
    page = client_of("li").get("/hotline/unplaced/", {"order": row.pk, "look": address}).content.decode()
    assert 'value="building-' in page


@pytest.mark.parametrize("name", ["chen", "zhou", "he"])
def test_a_queue_is_of_its_area_and_department(client_of, cast, name):
    filed(cast.li, an_order("A1", 诉求地址="桥头"), an_order("A2", 诉求分类="杂项"))
    browser = client_of(name)
    assert "桥头" not in browser.get("/hotline/unplaced/").content.decode()
    assert "杂项" not in browser.get("/hotline/unmapped/").content.decode()
    row = HotlineRow.objects.get(number="A1")
    assert browser.post("/hotline/unplaced/", {"order": row.pk, "act": "drop"}).status_code == 404


def test_a_category_is_named_once_and_what_waits_is_filed(client_of, cast):
    filed(cast.li, an_order("A1", 诉求分类="杂项"), an_order("A2", 诉求分类="杂项"))
    li = client_of("li")
    row = HotlineRow.objects.order_by("row").first()
    assert "杂项" in li.get("/hotline/unmapped/").content.decode()
    assert li.post("/hotline/unmapped/", {"order": row.pk, "category": ""}).status_code == 422
    li.post("/hotline/unmapped/", {"order": row.pk, "category": Category.objects.get(code="C0402").pk})
    file_rows(the_file().pk, work)
    assert case("A1").category.code == case("A2").category.code == "C0402"


def test_a_posting_that_ended_stops_the_filing(client_of, cast):
    li = client_of("li")
    upload(li, an_order("A1"))
    do(li, "columns", **columns())
    work()
    do(li, "start")
    cast.li.postings.update(area=OTHER_STREET)
    work()
    assert the_file().stage == Stage.FAILED
    assert not Incident.objects.filter(source="12345").exists()
    assert the_file().area == STREET

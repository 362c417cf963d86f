"""A clerk brings a table through its pages; nobody else sees it, and the queue shows no more than it must."""

import datetime as dt
import io

import pytest
from python_calamine import CalamineWorkbook

from gis.collection.sheets.bringing import content_of
from gis.collection.sheets.checking import check
from gis.collection.sheets.sheet import Sheet, SheetRow, Stage
from gis.models import Department, Fact, Field, Posting, Reading, Resident
from tests.cast import COMMUNITY, OTHER_STREET
from tests.gis.collection.sheets.bringing import a_row, as_csv, empty_door, filed, number_of, residents

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def setting(settings, tmp_path):
    settings.MEDIA_ROOT, settings.SYNTHETIC_IDS = tmp_path, True


def upload(client, data: bytes, name="名单.csv"):
    file = io.BytesIO(data)
    file.name = name
    return client.post("/sheets/", {"file": file})


def act(client, sheet, name, **told):
    return client.post(f"/sheets/{sheet.uuid}/", {"act": name, **told})


def columns(sheet):
    plan = sheet.plan
    return {f"column{place}": plan["mapping"].get(title, "") for place, title in enumerate(plan["titles"])}


def to_values(client, *rows):
    upload(client, as_csv(*rows))
    sheet = Sheet.objects.latest("pk")
    act(client, sheet, "columns", as_of="2026-03-01", **columns(sheet))
    sheet.refresh_from_db()
    return sheet


def test_a_clerk_goes_from_file_to_preview(client_of, monkeypatch):
    asked = []
    monkeypatch.setattr("web.collection.sheets.one.check_sheet.defer", lambda **told: asked.append(told))
    monkeypatch.setattr("web.collection.sheets.one.file_sheet.defer", lambda **told: asked.append(told))
    he, (person,) = client_of("he"), residents(1)
    sheet = to_values(he, a_row(person, 是否低保="是", 学历="本科"))
    assert sheet.stage == Stage.VALUES
    page = he.get(f"/sheets/{sheet.uuid}/").content.decode()
    assert "核对取值" in page
    codes = {"sex\x1f男": "1", "sex\x1f女": "2", "need_subsistence\x1f是": "1", "education\x1f本科": "本科"}
    assert act(he, sheet, "values", **codes).status_code == 302
    assert asked == [{"sheet_id": sheet.pk}]
    sheet.refresh_from_db()
    with content_of(sheet) as path:
        check(sheet, path, lambda share: None)
    Sheet.objects.update(stage=Stage.READY)
    assert "将会发生什么" in he.get(f"/sheets/{sheet.uuid}/").content.decode()
    act(he, sheet, "start")
    sheet.refresh_from_db()
    assert (sheet.stage, bool(sheet.content), len(asked)) == (Stage.FILING, False, 2)


def test_a_value_that_nobody_decided_is_refused_with_its_field(client_of):
    he = client_of("he")
    sheet = to_values(he, a_row(residents(1)[0], 学历="博士后"))
    answer = act(he, sheet, "values", **{"sex\x1f男": "1", "sex\x1f女": "2"})
    assert answer.status_code == 422
    assert "学历" in answer.content.decode()


def test_columns_that_do_not_tell_who_are_refused(client_of):
    he = client_of("he")
    upload(he, as_csv(a_row(residents(1)[0])))
    answer = act(he, Sheet.objects.get(), "columns", as_of="2026-03-01", column0="name")
    assert answer.status_code == 422
    assert Sheet.objects.get().stage == Stage.COLUMNS
    assert act(he, Sheet.objects.get(), "columns", as_of="gestern", **columns(Sheet.objects.get())).status_code == 422


@pytest.mark.parametrize("data", [b"", b"\x00" * 999, b"PK\x03\x04", b"\xff\xff", "只有表头,没有行\n".encode()])
def test_a_file_that_is_none_is_refused_and_nothing_is_kept(client_of, data):
    answer = upload(client_of("he"), data)
    assert answer.status_code == 422
    assert not Sheet.objects.exists()


@pytest.mark.parametrize("who", ["li", "wang", "zhao", "sun", "chen", "zhou", "admin"])
def test_nobody_else_opens_a_departments_table(client_of, cast, who):
    sheet = filed(cast.he, a_row(residents(1)[0]))
    assert client_of(who).get(f"/sheets/{sheet.uuid}/").status_code in (403, 404)
    assert client_of(who).get(f"/sheets/{sheet.uuid}/faults/").status_code in (403, 404)
    assert client_of(who).post(f"/sheets/{sheet.uuid}/", {"act": "discard"}).status_code in (403, 404)


def test_another_department_of_the_same_ground_sees_neither_table_nor_queue(client_of, cast):
    sheet = filed(cast.he, a_row(residents(1)[0], 姓名="皇甫无关", 出生日期=""))
    cast.he.department = Department.objects.exclude(pk=cast.he.department_id).first()
    cast.he.save()
    he = client_of("he")
    assert he.get(f"/sheets/{sheet.uuid}/").status_code == 404
    assert "皇甫无关" not in he.get("/sheets/review/").content.decode()


def test_the_queue_shows_what_is_the_same_and_covers_what_differs(client_of, cast):
    (person,) = residents(1)
    filed(cast.he, a_row(person, 姓名="皇甫无关", 出生日期=""))
    page = client_of("he").get("/sheets/review/").content.decode()
    assert "皇甫无关" in page
    assert number_of(person) in page  # both have it
    assert person.name not in page
    assert person.name[0] + "*" in page


def test_whoever_is_shown_is_noted(client_of, cast):
    (person,) = residents(1)
    filed(cast.he, a_row(person, 姓名="皇甫无关", 出生日期=""))
    client_of("he").get("/sheets/review/")
    noted = Reading.objects.filter(act="sheet", by=cast.he).latest("pk")
    assert noted.residents == [person.pk]


def test_the_community_decides_too_and_sees_what_its_rules_let_it(client_of, cast):
    (person,) = residents(1)
    filed(cast.he, a_row(person, 姓名="皇甫无关", 出生日期=""))
    zhou = client_of("zhou")
    assert person.name in zhou.get("/sheets/review/").content.decode()
    row = SheetRow.objects.get()
    zhou.post("/sheets/review/", {"row": row.pk, "act": str(person.pk)})
    row.refresh_from_db()
    assert (row.verdict, row.resident_id, row.sealed, row.decided_by) == ("link", person.pk, None, cast.zhou)


def test_what_a_department_knows_is_no_way_round_the_rules_of_fields(client_of, cast):
    """Neither side of the queue tells a worker more than the person's page does; those who brought it see their own."""
    (person,) = residents(1)
    catalogued = Field.objects.create(code="card", name="卡号", kind="text", subject="person", rule="identity")
    told = {"姓名": "皇甫无关", "出生日期": "", "卡号": "SECRET-998877"}
    filed(cast.he, a_row(person, **told))
    cell = SheetRow.objects.get().area
    Posting.objects.filter(user=cast.wang).update(area=cell)
    for who in ("wang", "zhou"):
        page = client_of(who).get("/sheets/review/").content.decode()
        assert "皇甫无关" in page
        assert number_of(person) not in page
        assert number_of(person)[-4:] in page
        assert "SECRET" not in page
    own = client_of("he").get("/sheets/review/").content.decode()
    assert number_of(person) in own
    assert "SECRET-998877" in own
    assert catalogued.shown in own


def test_of_a_row_decided_elsewhere_nothing_is_told(client_of, cast):
    """Whether a number out of reach was ever a row, or has been decided, reads the same."""
    (person,) = residents(1)
    filed(cast.he, a_row(person, 姓名="皇甫无关", 出生日期=""))
    row = SheetRow.objects.get()
    client_of("he").post("/sheets/review/", {"row": row.pk, "act": str(person.pk)})
    cast.he.department = Department.objects.exclude(pk=cast.he.department_id).first()
    cast.he.save()
    he, told = client_of("he"), []
    for key in (row.pk, 999_999_999):
        page = he.post("/sheets/review/", {"row": key, "act": "none"}, follow=True)
        told.append([str(one) for one in page.context["messages"]])
    assert told[0] == told[1] != []


def test_who_is_none_of_them_is_registered_where_the_row_has_what_that_takes(client_of, cast):
    (person,) = residents(1)
    told = {"姓名": "皇甫无关", "出生日期": "", "身份证号": number_of(person)}
    filed(cast.he, a_row(person, **told))
    row = SheetRow.objects.get()
    client_of("he").post("/sheets/review/", {"row": row.pk, "act": "none"})
    row.refresh_from_db()
    assert row.outcome in ("made", "fault")
    again = filed(cast.he, a_row(person, **told))
    assert not SheetRow.objects.filter(sheet=again, outcome="asked").exists()


def test_later_goes_to_the_end_of_the_queue(client_of, cast):
    people = residents(2)
    filed(cast.he, *[a_row(person, 姓名="皇甫无关", 出生日期="") for person in people])
    first, second = SheetRow.objects.order_by("row")
    he = client_of("he")
    he.post("/sheets/review/", {"row": first.pk, "act": "later"})
    assert f'name="row" value="{second.pk}"' in he.get("/sheets/review/").content.decode()


@pytest.mark.parametrize("chosen", ["999999999", "-1", "x", ""])
def test_only_a_candidate_can_be_chosen(client_of, cast, chosen):
    (person,) = residents(1)
    filed(cast.he, a_row(person, 姓名="皇甫无关", 出生日期=""))
    row = SheetRow.objects.get()
    client_of("he").post("/sheets/review/", {"row": row.pk, "act": chosen})
    row.refresh_from_db()
    assert row.outcome == "asked"


def test_a_row_out_of_reach_is_not_decided(client_of, cast):
    (person,) = residents(1)
    filed(cast.he, a_row(person, 姓名="皇甫无关", 出生日期=""))
    row = SheetRow.objects.get()
    for who in ("chen", "li", "sun", "admin"):
        client_of(who).post("/sheets/review/", {"row": row.pk, "act": str(person.pk)})
    row.refresh_from_db()
    assert row.outcome == "asked"


def test_faults_come_as_a_workbook_without_a_value_of_the_rows(client_of, cast):
    sheet = filed(cast.he, a_row(None, 姓名="张三、李四", 身份证号="3"), a_row(None, 姓名="", 学历="=1+1"))
    answer = client_of("he").get(f"/sheets/{sheet.uuid}/faults/")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "行"
    assert {row[0] for row in rows[1:]} == {2.0, 3.0}
    assert not any("张三" in str(cell) for row in rows for cell in row)


def test_an_officer_whose_posting_has_ended_opens_nothing(client_of, cast):
    sheet = filed(cast.he, a_row(residents(1)[0]))
    Posting.objects.filter(user=cast.he).update(area=OTHER_STREET)
    assert client_of("he").get(f"/sheets/{sheet.uuid}/").status_code in (403, 404)


def test_a_table_for_a_community_tells_the_same_of_those_elsewhere_as_of_nobody(client_of, cast):
    """Counts, verdicts and faults of somebody registered elsewhere are those of somebody nobody knows."""
    far = residents(1, COMMUNITY)[0]
    Resident.objects.filter(pk=far.pk).update(area="110113009001001")
    here = empty_door()
    sheet = filed(cast.he, a_row(None, 姓名=far.name, 身份证号=number_of(far), 住址=""), area=here.area[:12])
    (row,) = SheetRow.objects.filter(sheet=sheet)
    assert (row.verdict, [one[0] for one in row.faults], row.candidates) == ("fault", ["no_home"], [])
    assert not Fact.objects.filter(resident=far, source="file").exists()


def test_a_candidate_who_died_since_is_marked_and_their_row_is_not_taken(client_of, cast):
    (person,) = residents(1)
    sheet = filed(cast.he, a_row(person, 姓名="皇甫无关", 出生日期="", 学历="大学本科"))
    Resident.objects.filter(pk=person.pk).update(died_on=sheet.as_of - dt.timedelta(days=40))
    died = (sheet.as_of - dt.timedelta(days=40)).isoformat()
    own, zhou = client_of("he"), client_of("zhou")
    page, theirs = own.get("/sheets/review/").content.decode(), zhou.get("/sheets/review/").content.decode()
    for told in (page, theirs):
        assert "选了此人，这一行不收" in told
    assert (died in page, died[:7] in page, died in theirs) == (False, True, True)
    row = SheetRow.objects.get()
    answer = own.post("/sheets/review/", {"row": row.pk, "act": str(person.pk)}, follow=True)
    assert "此人在这份表的日期之前已去世" in answer.content.decode()
    row.refresh_from_db()
    assert (row.outcome, [one[0] for one in row.faults][-1], row.sealed) == ("fault", "died", None)
    assert not person.facts.exists()
    Resident.objects.filter(pk=person.pk).update(died_on=None)  # the death was told by mistake
    again = filed(cast.he, a_row(person, 姓名="皇甫无关", 出生日期="", 学历="大学本科"))
    assert SheetRow.objects.get(sheet=again).verdict == "review"


@pytest.mark.parametrize(("how", "said"), [("later", "去世登记不变"), ("left", "住处不变")])
def test_a_candidate_who_left_or_died_after_the_tables_day_takes_what_it_says(client_of, cast, how, said):
    (person,) = residents(1)
    sheet = filed(cast.he, a_row(person, 姓名="皇甫无关", 出生日期="", 学历="大学本科"))
    if how == "later":
        Resident.objects.filter(pk=person.pk).update(died_on=sheet.as_of)
    else:
        person.residences.update(ends=sheet.as_of)
    page = client_of("zhou").get("/sheets/review/").content.decode()
    assert said in page
    assert sheet.as_of.isoformat() in page
    client_of("zhou").post("/sheets/review/", {"row": SheetRow.objects.get().pk, "act": str(person.pk)})
    assert SheetRow.objects.get().outcome == "changed"
    assert person.facts.filter(field__code="education").exists()

"""The pages of the categories: read by who reads cases, changed by who keeps the rules, from a day on, with a trace."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.incidents.category_changing import add_category, change_category
from gis.incidents.category_table import COLUMNS, read_table
from gis.models import Area, Category, CategoryChange, Department
from tests.cast import STREET
from tests.gis.incidents.loop import a_case
from tests.gis.incidents.routing.tables import in_force

pytestmark = pytest.mark.django_db
LATER = timezone.localdate() + timedelta(days=5)


def kept(code: str = "C0301", kind: str = "community") -> Category:
    return Category.objects.get(kind=kind, code=code)


def page(category: Category | None = None) -> str:
    return f"/categories/{(category or kept()).pk}/"


def filled(browser, category: Category | None = None, **changes) -> dict:
    """The form as it is shown, with some fields changed."""
    form = dict(browser.get(page(category)).context["form"])
    form = {name: value for name, value in form.items() if value != "no"}
    return form | {"reason": "试用期后调整"} | {name: value for name, value in changes.items() if value is not None}


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("path", ["/categories/", "/categories/?kind=component&q=jg", "/categories/file/"])
@pytest.mark.parametrize(("name", "status"), [("li", 200), ("wang", 200), ("he", 200), ("admin", 200), ("zhao", 403)])
def test_who_reads_cases_reads_categories(client_of, name, status, path):
    assert client_of(name).get(path).status_code == status


@pytest.mark.parametrize("name", ["wang", "zhou", "he", "zhao"])
def test_who_keeps_no_rules_changes_nothing(client_of, name):
    browser = client_of(name)
    sent = filled(client_of("li"), name="改名", confirm="1")
    assert browser.post(page(), sent).status_code == 403
    assert browser.post("/categories/new/", sent | {"kind": "community", "code": "L0001"}).status_code == 403
    assert browser.post("/categories/bulk/", {"text": "x"}).status_code == 403
    assert browser.get("/categories/new/").status_code == 403
    assert not CategoryChange.objects.exists()
    if name != "zhao":
        assert 'id="edit"' not in text(browser.get(page()))


@pytest.mark.parametrize("name", ["li", "sun", "chen", "admin"])
def test_who_keeps_rules_changes_after_a_preview(client_of, cast, name):
    browser = client_of(name)
    sent = filled(browser, name="生活垃圾堆积", dispose_within="8", dispose_unit="work_hour")
    shown = text(browser.post(page(), sent))
    assert "<del>" in shown
    assert "生活垃圾堆积" in shown
    assert not CategoryChange.objects.exists()
    assert browser.post(page(), sent | {"confirm": "1"}).status_code == 302
    assert (kept().name, kept().dispose_within, kept().dispose_unit) == ("生活垃圾堆积", 8, "work_hour")
    told = text(browser.get(page()))
    assert cast[name].name in told
    assert "试用期后调整" in told


def test_a_preview_counts_what_it_touches(client_of, cast):
    a_case(at=timezone.now())
    a_case(at=timezone.now(), area="110113002001001")
    in_force(cast.li, {"name": "垃圾归环卫", "categories": [kept().pk], "departments": [Department.objects.first().pk]})
    shown = client_of("li").post(page(), filled(client_of("li"), name="新名称"))
    assert shown.context["preview"]["effect"].open == 1
    assert "垃圾归环卫" in text(shown)
    assert (
        client_of("admin").post(page(), filled(client_of("li"), name="新名称")).context["preview"]["effect"].open
        is None
    )


def test_a_change_to_come_is_shown_and_withdrawn(client_of):
    li = client_of("li")
    li.post(page(), filled(li, name="以后的名称", starts=LATER.isoformat(), confirm="1"))
    assert kept().name != "以后的名称"
    assert "待生效" in text(li.get("/categories/?show=planned"))
    change = CategoryChange.objects.exclude(origin="before").get()
    assert client_of("zhou").post(page() + "withdraw/", {"change": change.pk}).status_code == 403
    assert li.post(page() + "withdraw/", {"change": change.pk}).status_code == 302
    assert kept().next_at is None
    assert "已撤回" in text(li.get(page()))
    assert li.post(page() + "withdraw/", {"change": change.pk}).status_code == 422
    assert li.post(page(kept("C0302")) + "withdraw/", {"change": change.pk}).status_code == 404


def test_the_second_editor_sees_what_the_first_made_and_overwrites_nothing_else(client_of):
    li, sun = client_of("li"), client_of("sun")
    mine = filled(sun, name="乙的名称")
    li.post(page(), filled(li, dispose_within="77", confirm="1"))
    answer = sun.post(page(), mine | {"confirm": "1"})
    assert answer.status_code == 409
    assert "处置时限" in text(answer)
    assert kept().name != "乙的名称"
    again = {name: value for name, value in answer.context["form"].items() if value != "no"}
    assert sun.post(page(), again | {"confirm": "1"}).status_code == 302
    assert (kept().name, kept().dispose_within) == ("乙的名称", 77)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "), ("name", "x" * 81), ("accept_within_hours", "0"), ("accept_within_hours", "二"),
        ("dispose_within", "9" * 30), ("dispose_unit", ""), ("successors", "C9999"), ("successors", "C0302"),
        ("starts", "2020-01-01"), ("starts", "昨天"), ("reason", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_field_and_nothing_written_is_lost(client_of, field, value):
    li = client_of("li")
    answer = li.post(page(), filled(li, synonyms="我写的词", **{field: value}) | {"confirm": "1"})
    assert answer.status_code == 422
    assert 'value="我写的词"' in text(answer)
    assert answer.context["fields"]
    assert not CategoryChange.objects.exists()


def test_residents_hear_of_a_kind_only_by_who_keeps_all_areas(client_of):
    # another district, which Sun does not keep
    Area.objects.create(code="110112", level="district", name="通州区")
    private = kept("C0601")
    for name in ("li", "sun"):
        browser = client_of(name)
        sent = filled(browser, private, is_public="yes", confirm="1")
        assert browser.post(page(private), sent).status_code == 422
    assert not kept("C0601").is_public
    Area.objects.filter(code="110112").delete()
    assert (
        client_of("sun")
        .post(page(private), filled(client_of("sun"), private, is_public="yes", confirm="1"))
        .status_code
        == 302
    )
    assert kept("C0601").is_public


def test_a_kind_of_dispute_keeps_its_mediation(client_of):
    li = client_of("li")
    for code, major in (("C0601", "环境卫生"), ("C0301", "矛盾纠纷")):
        answer = li.post(page(kept(code)), filled(li, kept(code), major=major, confirm="1"))
        assert answer.status_code == 422
        assert "调解" in answer.context["fields"]["major"]
    assert not CategoryChange.objects.exists()


def test_a_retired_category_leaves_the_forms_and_its_open_cases_go_on(client_of):
    case = a_case(at=timezone.now())
    li = client_of("li")
    assert li.post(page(), filled(li, retired="yes", successors="C0302", confirm="1")).status_code == 302
    assert kept().successors == [kept("C0302").pk]
    assert f'value="{kept().pk}"' not in text(li.get("/incidents/new/"))
    assert f'value="{kept().pk}"' not in text(li.get("/report/"))
    assert li.get(f"/incidents/{case.number}/").status_code == 200
    assert "C0301" in text(li.get("/categories/?show=retired"))


def test_one_of_our_own_is_added_beside_the_standard(client_of):
    li = client_of("li")
    sent = {"kind": "community", "name": "树木倒伏", "major": "市容环境", "reason": "台风季"}
    for code in ("C0301", "C9999", "X", ""):
        assert li.post("/categories/new/", sent | {"code": code}).status_code == 422
    assert li.post("/categories/new/", sent | {"code": "l0007"}).status_code == 302
    assert "树木倒伏" in text(li.get("/incidents/new/"))
    assert "L0007" in text(li.get("/categories/?show=own"))
    assert li.get("/categories/new/").context["form"]["code"] == "L0001"


def test_the_table_goes_out_and_comes_back_the_same(client_of):
    li = client_of("li")
    table = text(li.get("/categories/file/"))
    answer = li.post("/categories/bulk/", {"text": table, "reason": "x"})
    read = answer.context["read"]
    assert (read.faults, read.lines, read.same) == ([], [], Category.objects.exclude(kind="imported").count())


def test_a_table_changes_many_or_none(client_of):
    li = client_of("li")
    head = "类别体系\t代码\t小类\t大类\t处置时限\t时限单位\n"
    good = head + "社区事件\tC0301\t甲\t环境卫生\t2\t工作日\n社区事件\tL0001\t树木倒伏\t市容环境\t\t\n"
    bad = good + "社区事件\tC0302\t\t环境卫生\t二\t工作日\n城市\tx\n社区事件\tC0301\t甲\t环境卫生\t2\t工作日\n"
    answer = li.post("/categories/bulk/", {"text": bad, "reason": "年度调整", "confirm": "1"})
    assert answer.status_code == 422
    assert [(fault.row, fault.column) for fault in answer.context["read"].faults] == [
        (4, "小类"), (4, "处置时限"), (5, "类别体系"), (6, "代码"),
    ]  # fmt: skip
    assert not CategoryChange.objects.exists()
    assert li.post("/categories/bulk/", {"text": good, "reason": "年度调整"}).status_code == 200
    sent = {"file": SimpleUploadedFile("x.csv", good.encode("gb18030")), "reason": "年度调整"}
    shown = li.post("/categories/bulk/", sent)
    assert shown.context["asked"]["text"] == good
    assert li.post("/categories/bulk/", shown.context["asked"] | {"confirm": "1"}).status_code == 302
    assert (kept().name, kept().dispose_within, kept("L0001").name) == ("甲", 2, "树木倒伏")


def test_no_cell_of_the_file_is_a_formula(client_of, cast):
    add_category("community", "L0001", {"name": "=1+1", "major": "@x"}, user=cast.li)
    table = text(client_of("li").get("/categories/file/?kind=community"))
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@")]
    assert client_of("li").post("/categories/bulk/", {"text": table, "reason": "x"}).context["read"].lines == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from('类别体系代码小类社区事件C0301L是否,\t;\n"\x00=-9a'), max_size=80))
def test_nothing_pasted_makes_it_fail(told):
    header = "\t".join(COLUMNS)
    for given_text in (told, f"{header}\n{told}"):
        assert read_table(given_text, timezone.now()) is not None


@pytest.mark.parametrize("query", ["?kind=moon", "?show=x&q=" + "长" * 200, "?q=zzzz"])
def test_nonsense_in_the_address_is_no_error(client_of, query):
    assert client_of("li").get("/categories/" + query).status_code == 200


@pytest.mark.parametrize("was", ["", "[]", "x", "{", '{"name": 1}'])
def test_a_form_that_was_tampered_with_is_no_error(client_of, was):
    li = client_of("li")
    assert li.post(page(), filled(li, name="名", was=was, seen="9" * 40)).status_code in (200, 422)


def test_a_case_tells_its_old_name_and_the_list_too(client_of):
    case = a_case(at=timezone.now())
    old = kept().name
    change_category(kept(), {"name": "全新名称"}, user=None)
    assert old in text(client_of("li").get(f"/incidents/{case.number}/"))
    assert old in text(client_of("li").get("/incidents/?q=" + case.number))


def test_open_cases_are_counted_anew_only_where_it_is_ticked(client_of):
    case = a_case(at=timezone.now())
    li = client_of("li")
    sent = filled(li, urgent="yes")
    assert int(li.post(page(), sent).context["preview"]["moving"]) >= 1
    li.post(page(), sent | {"confirm": "1"})
    case.refresh_from_db()
    assert (case.timed_at, case.urgent) == (None, False)
    li.post(page(), filled(li, name="又一个名称", recount="1", confirm="1"))
    case.refresh_from_db()
    assert case.timed_at is not None
    assert case.urgent


def test_cases_of_what_was_merged_are_found_with_it(client_of, cast):
    old, new = kept("C0301"), kept("C0302")
    change_category(old, {"retired": True, "successors": [new.pk]}, user=cast.li)
    answer = client_of("li").get(page(new))
    assert answer.context["line"]["query"] == f"category={old.pk}&category={new.pk}"
    assert old.code in text(answer)
    assert new.code in text(client_of("li").get(page(old)))


def test_many_open_cases_are_counted_by_the_worker(client_of, monkeypatch):
    a_case(at=timezone.now())
    asked = []
    monkeypatch.setattr("web.pages.category_page._AT_ONCE", 0)
    monkeypatch.setattr("web.pages.category_page.recount_category.defer", lambda **given: asked.append(given))
    li = client_of("li")
    li.post(page(), filled(li, urgent="yes", recount="1", confirm="1"))
    assert [(one["category"], one["areas"]) for one in asked] == [(kept().pk, [STREET])]

"""The pages of the catalogue and of forms: who reads, who writes, what is refused where it was typed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gis.models import Field, Form
from tests.cast import STREET
from tests.gis.collection.test_forms import a_form, in_force

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return answer.content.decode()


def field(code: str = "employment") -> Field:
    return Field.objects.get(code=code)


@pytest.mark.parametrize("path", ["/catalogue/", "/catalogue/?q=手机&subject=person&owner=police", "/forms/"])
@pytest.mark.parametrize(
    ("name", "status"), [("li", 200), ("wang", 200), ("he", 200), ("admin", 200), ("zhou", 200), ("zhao", 403)]
)
def test_who_has_to_do_with_forms_reads_them(client_of, name, status, path):
    assert client_of(name).get(path).status_code == status


def test_a_field_is_found_by_what_others_call_it(client_of):
    found = text(client_of("he").get("/catalogue/?q=手机号码"))
    assert "联系电话" in found
    assert "就业状况" not in found
    assert "没有找到" in text(client_of("he").get("/catalogue/?q=飞船"))


def changed(browser, **sets) -> dict:
    form = dict(browser.get(f"/catalogue/{field().pk}/").context["form"])
    return {name: value for name, value in form.items() if value != ""} | {"reason": "职责调整"} | sets


@pytest.mark.parametrize(
    ("name", "may"), [("sun", True), ("admin", True), ("li", False), ("he", False), ("wang", False)]
)
def test_the_catalogue_is_changed_by_who_holds_it_everywhere(client_of, name, may):
    browser = client_of(name)
    answer = browser.post(f"/catalogue/{field().pk}/", changed(client_of("sun"), source="就业登记"))
    assert answer.status_code == (302 if may else 403)
    assert (field().source == "就业登记") is may
    assert ('id="edit"' in text(browser.get(f"/catalogue/{field().pk}/"))) is may
    assert browser.get("/catalogue/new/").status_code == (200 if may else 403)


def test_a_change_shows_in_the_history(client_of):
    browser = client_of("sun")
    browser.post(f"/catalogue/{field().pk}/", changed(browser, owner="civil"))
    told = text(browser.get(f"/catalogue/{field().pk}/"))
    assert "<ins>民政局</ins>" in told
    assert "职责调整" in told


@pytest.mark.parametrize(
    "wrong", [{"name": "手机号"}, {"from_age": "x"}, {"retention_months": "0"}, {"kind": "picture"}, {"reason": ""}]
)
def test_what_is_wrong_is_said_beside_it_and_what_was_typed_stays(client_of, wrong):
    browser = client_of("sun")
    answer = browser.post(f"/catalogue/{field().pk}/", changed(browser, source="打了一半") | wrong)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in text(answer)
    assert "打了一半" in text(answer)
    assert field().source == "本人申报"


def test_two_editors_do_not_overwrite_each_other(client_of):
    first, second = client_of("sun"), client_of("admin")
    mine, theirs = changed(first, source="一"), changed(second, basis="二")
    assert first.post(f"/catalogue/{field().pk}/", mine).status_code == 302
    answer = second.post(f"/catalogue/{field().pk}/", theirs)
    assert answer.status_code == 409
    assert field().basis != "二"


def test_a_field_is_added_once(client_of):
    browser, sent = client_of("sun"), {"name": "宠物数量", "subject": "person", "kind": "number", "rule": "facts"}
    sent |= {"sharing": "unconditional", "reason": "养犬登记"}
    assert browser.post("/catalogue/new/", sent).status_code == 302
    assert browser.post("/catalogue/new/", sent).status_code == 422
    assert Field.objects.filter(name="宠物数量").count() == 1


def test_an_officer_drafts_a_form_and_the_district_approves_it(client_of):
    he, sun = client_of("he"), client_of("sun")
    head = {
        "name": "助餐登记",
        "area": STREET,
        "subject": "person",
        "purpose": "安排助餐",
        "basis": "某依据",
        "starts": "2026-01-01",
    }
    made = he.post("/forms/new/", head)
    assert made.status_code == 302
    page = made.headers["Location"]
    assert he.post(page + "fields/", {"field": ["born", "meal_help"]}).status_code == 302
    assert he.post(page + "move/", {"to": "submitted"}).status_code == 302
    assert "等您审批" in text(sun.get("/forms/"))
    assert sun.post(page + "move/", {"to": "refused"}).status_code == 422
    assert sun.post(page + "move/", {"to": "approved"}).status_code == 302
    told = text(client_of("wang").get(page))
    assert "助餐登记" in told
    assert "是否需要助餐" in told
    assert 'name="to"' not in told


def test_a_supplement_that_exists_is_refused_and_offered(client_of, cast):
    form, he = a_form(cast), client_of("he")
    answer = he.post(
        f"/forms/{form.uuid}/extra/", {"name": "手机号", "subject": "person", "kind": "text", "basis": "某"}
    )
    assert answer.status_code == 422
    assert f"/catalogue/{field('phone').pk}/" in text(answer)
    assert "同一项" in text(answer)
    assert Field.objects.filter(name="手机号").count() == 0


def test_a_form_of_another_street_is_nowhere(client_of, cast):
    form, chen = in_force(cast, "born"), client_of("chen")
    assert form.name not in text(chen.get("/forms/"))
    assert chen.get(f"/forms/{form.uuid}/").status_code == 404
    for path in ("fields/", "extra/", "move/"):
        assert chen.post(f"/forms/{form.uuid}/{path}", {"to": "retired"}).status_code == 404
    assert form.name not in text(chen.get(f"/catalogue/{field('born').pk}/"))


@pytest.mark.parametrize("name", ["li", "wang", "sun"])
def test_who_is_of_no_department_drafts_nothing(client_of, name):
    head = {"name": "私表", "area": STREET, "subject": "person", "purpose": "x", "basis": "x", "starts": "2026-01-01"}
    assert client_of(name).post("/forms/new/", head).status_code == 403
    assert not Form.objects.filter(name="私表").exists()


@pytest.mark.parametrize("query", ["?form=x", "?form=00000000-0000-0000-0000-000000000000", "?form=" + "-" * 36])
def test_an_address_with_nonsense_breaks_nothing(client_of, query):
    assert client_of("he").get("/forms/new/" + query).status_code in (200, 404)


def test_a_form_of_many_fields_costs_as_many_queries_as_one_of_few(client_of, cast):
    browser, ran = client_of("sun"), []
    in_force(cast, "born", "phone", "education", name="也要它们")
    for fields in (("born", "phone"), ("born", "phone", "education", "employment", "meal_help")):
        address = f"/forms/{a_form(cast, fields).uuid}/"
        assert text(browser.get(address)).count("也要它们") == len({"born", "phone", "education"} & set(fields))
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        ran.append(len(queries))
    assert ran[0] == ran[1]

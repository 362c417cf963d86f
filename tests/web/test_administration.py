"""The administrator's pages: in scope, logged, and no way to gain ground or to lock oneself out."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from gis.models import (
    Area,
    Category,
    Code,
    Delivery,
    Department,
    OutsideIdentity,
    Posting,
    SignInRule,
    Step,
    Token,
    User,
    Webhook,
)
from tests.cast import CELL, COMMUNITY, DISTRICT, OTHER_STREET, STREET
from tests.web.single_sign_on.relying_party import register
from web.administration import site

TODAY = timezone.localdate()
PERSONAL = {"resident", "residence", "household", "need", "dwelling", "incident", "step"}


def rows(answer) -> set[str]:
    return {str(row) for row in answer.context["cl"].result_list}


def posting_fields(*postings: dict, existing: list[Posting] = ()) -> dict:
    """The inline form of a user's page: kept postings, then new ones."""
    data = {"postings-TOTAL_FORMS": len(existing) + len(postings), "postings-INITIAL_FORMS": len(existing)}
    for n, posting in enumerate(existing):
        kept = {"id": posting.pk, "role": posting.role, "area": posting.area, "starts": posting.starts, "ends": ""}
        data |= {f"postings-{n}-{name}": value for name, value in kept.items()}
    for n, posting in enumerate(postings, len(existing)):
        data |= {f"postings-{n}-{name}": value for name, value in posting.items()}
    return data


def new_account(**changes) -> dict:
    account = {
        "username": "qian", "name": "钱一", "usable_password": "true", "must_change_password": "on",
        "password1": "long enough 47", "password2": "long enough 47",
    }  # fmt: skip
    return account | posting_fields() | changes


def save_user(browser, user: User, *new: dict, **changes):
    fields = {"username": user.username, "name": user.name, "is_active": "on" if user.is_active else ""}
    data = fields | posting_fields(*new, existing=list(user.postings.all())) | changes
    return browser.post(f"/admin/grid/user/{user.pk}/change/", data)


@pytest.mark.parametrize("name", ["li", "wang", "zhao", "sun", "chen", "zhou", "he"])
@pytest.mark.parametrize("path", ["", "grid/user/", "grid/area/", "login/", "jsi18n/", "grid/nothing/"])
def test_it_does_not_exist_for_who_is_no_administrator(name, path, client_of):
    assert client_of(name).get(f"/admin/{path}").status_code == 404


def test_it_has_no_page_for_anything_personal():
    names = {model._meta.model_name for model in site._registry}
    assert names == {
        "user", "posting", "department", "area", "cellversion", "code", "category", "logentry",
        "servicepoint", "token", "webhook", "delivery", "clientsystem", "outsideidentity", "signinrule",
    }  # fmt: skip
    assert not names & PERSONAL


@pytest.mark.parametrize("model", [model._meta for model in site._registry], ids=str)
@pytest.mark.parametrize("page", ["", "add/", "?q=1", "?e=1"])
def test_every_page_of_it_opens_in_both_languages(model, page, admin):
    address = f"/admin/{model.app_label}/{model.model_name}/{page}"
    expected = {200, 302} if page == "?e=1" else {200}
    if page == "add/" and model.model_name in ("cellversion", "logentry", "delivery", "outsideidentity"):
        expected = {403}
    for language in ("zh-hans", "en"):
        assert admin.get(address, HTTP_ACCEPT_LANGUAGE=language).status_code in expected


@pytest.mark.parametrize("model", list(site._registry), ids=lambda model: model._meta.model_name)
def test_every_row_of_it_opens(model, admin, cast):
    LogEntry.objects.log_actions(cast.admin.pk, [cast.li], 2, "")
    _tell_others(cast)
    inside = {"area": {"code": STREET}, "cellversion": {"code": CELL}, "user": {"username": "li"}}
    row = model.objects.filter(**inside.get(model._meta.model_name, {})).first()
    if row is None:
        row = Department.objects.create(code="x", name="某部门")
    address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{row.pk}/"
    assert admin.get(address + "change/").status_code == 200
    assert admin.get(address + "history/").status_code == 200


def _tell_others(cast) -> None:
    """A department's system, a token, a webhook, what it is owed of a case of the street, and a way in from outside."""
    register()
    now = timezone.now()
    SignInRule.objects.create(effect="post", claim="group", value="street", role="street_supervisor", area=STREET)
    OutsideIdentity.objects.create(user=cast.li, issuer="https://example.org/", subject="n-1")
    Token.objects.create(
        name="trial", user=cast.li, area=STREET, capabilities=["incident.read"], digest="0" * 64, ending="wxyz",
        issued_by=cast.admin, expires_at=now + timedelta(days=1),
    )  # fmt: skip
    hook = Webhook(name="trial", url="https://example.org/", area=STREET, created_by=cast.admin)
    hook.new_secret()
    hook.save()
    Delivery.objects.create(webhook=hook, step=Step.objects.filter(incident__area__startswith=STREET).first())


def test_it_carries_no_inline_script_or_outside_address(admin):
    area = Area.objects.get(code=STREET)
    for address in ("/admin/", "/admin/grid/user/", "/admin/grid/user/add/", f"/admin/grid/area/{area.pk}/change/"):
        page = admin.get(address).content.decode()
        scripts = [tag for tag in page.split("<script")[1:] if "src=" not in tag.split(">")[0]]
        assert all("application/json" in tag.split(">")[0] for tag in scripts)
        assert not re.search(r"""(src|href|action)=["']?(https?:)?//|\son[a-z]+=|<style|\sstyle=""", page)


def test_it_lists_the_accounts_inside_the_area_and_those_without_a_posting(admin, street_admin):
    User.objects.create_user("idle")
    outside = User.objects.create_user("outside")
    Posting.objects.create(user=outside, role="street_supervisor", area="110112001", starts=TODAY)
    assert {"li", "chen", "sun", "admin", "idle"} <= rows(admin.get("/admin/grid/user/?all="))
    assert {"chen", "idle"} <= rows(street_admin.get("/admin/grid/user/"))
    assert not {"li", "wang", "sun", "admin", "outside"} & rows(street_admin.get("/admin/grid/user/"))
    assert "outside" not in rows(admin.get("/admin/grid/user/?all="))


def test_it_hides_an_account_one_of_whose_postings_lies_elsewhere_even_a_past_one(cast, admin):
    before = TODAY - timedelta(days=900)
    Posting.objects.create(
        user=cast.li, role="street_supervisor", area="110112001", starts=before, ends=before + timedelta(days=1)
    )
    assert "li" not in rows(admin.get("/admin/grid/user/"))
    assert admin.get(f"/admin/grid/user/{cast.li.pk}/change/").status_code in (302, 404)


@pytest.mark.parametrize("page", ["change", "password", "history", "delete"])
def test_it_treats_an_account_of_another_area_like_one_that_is_not_there(page, street_admin, cast):
    real = street_admin.get(f"/admin/grid/user/{cast.li.pk}/{page}/")
    invented = street_admin.get(f"/admin/grid/user/99999999/{page}/")
    assert real.status_code == invented.status_code != 200


def test_it_changes_no_account_of_another_area(street_admin, cast):
    save_user(street_admin, cast.li, name="改名")
    street_admin.post(f"/admin/grid/user/{cast.li.pk}/password/", {"password1": "x" * 12, "password2": "x" * 12})
    street_admin.post("/admin/grid/user/", {"action": "deactivate", "_selected_action": [cast.li.pk]})
    after = User.objects.get(pk=cast.li.pk)
    assert (after.name, after.password, after.is_active) == (cast.li.name, cast.li.password, True)


def test_it_opens_an_account_that_must_change_its_password(admin):
    assert admin.post("/admin/grid/user/add/", new_account()).status_code == 302
    qian = User.objects.get(username="qian")
    assert qian.check_password("long enough 47")
    assert qian.must_change_password
    assert not qian.is_staff


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Short-1", "password_too_short"),
        ("739182645073", "password_entirely_numeric"),
        ("qwertyuiop", "password_too_common"),
        ("qianduoduo1", "password_too_similar"),
        ("13900001234x", "password_too_similar"),
    ],
)
def test_it_refuses_a_poor_password_and_says_why(password, why, admin):
    account = new_account(username="qianduoduo", phone="13900001234", password1=password, password2=password)
    answer = admin.post("/admin/grid/user/add/", account)
    assert why in [error.code for error in answer.context["adminform"].form.errors.as_data()["password2"]]
    assert not User.objects.filter(username="qianduoduo").exists()


def test_it_refuses_a_second_name_that_looks_like_the_first(admin):
    assert admin.post("/admin/grid/user/add/", new_account(username="LI")).status_code == 200
    assert not User.objects.filter(username="LI").exists()


def test_it_gives_a_posting_inside_the_area(admin):
    posting = {"role": "grid_worker", "area": CELL, "starts": TODAY}
    assert admin.post("/admin/grid/user/add/", new_account() | posting_fields(posting)).status_code == 302
    assert User.objects.get(username="qian").access.may("people.read", CELL)


@pytest.mark.parametrize(
    ("role", "area"),
    [
        ("administrator", "11"),
        ("administrator", "1101"),
        ("district_supervisor", "110112"),
        ("street_supervisor", "110112001"),
        ("department_officer", "11"),
        ("street_supervisor", "110113999"),  # no such street
        ("grid_worker", f"{COMMUNITY}999"),  # no such cell
        ("grid_worker", STREET),  # not the role's kind of area
        ("street_supervisor", COMMUNITY),
        ("administrator", "1101130"),  # no level has seven digits
        ("god", STREET),
        ("district_supervisor", ""),
        ("district_supervisor", "%"),
    ],
)
def test_it_gives_no_posting_beyond_its_own_area_or_to_none(role, area, admin, cast):
    for address, data in (
        ("/admin/grid/user/add/", new_account() | posting_fields({"role": role, "area": area, "starts": TODAY})),
        ("/admin/grid/posting/add/", {"user": cast.wang.pk, "role": role, "area": area, "starts": TODAY}),
    ):
        assert admin.post(address, data).status_code == 200
        assert not Posting.objects.filter(role=role, area=area, starts=TODAY).exists()


def test_it_moves_no_posting_out_of_its_area(admin, cast):
    posting = cast.li.postings.get()
    data = {"role": "district_supervisor", "area": "110112", "starts": posting.starts}
    assert admin.post(f"/admin/grid/posting/{posting.pk}/change/", data).status_code == 200
    assert Posting.objects.get(pk=posting.pk).area == STREET


def test_it_gives_a_posting_to_no_one_of_another_area(street_admin, cast):
    data = {"user": cast.li.pk, "role": "street_supervisor", "area": OTHER_STREET, "starts": TODAY}
    assert street_admin.post("/admin/grid/posting/add/", data).status_code == 200
    assert cast.li.postings.count() == 1


def test_it_gives_nothing_to_oneself(admin, cast):
    grab = {"role": "street_supervisor", "area": STREET, "starts": TODAY}
    save_user(admin, cast.admin, grab)
    admin.post("/admin/grid/posting/add/", {"user": cast.admin.pk} | grab)
    own = cast.admin.postings.get()
    admin.post(f"/admin/grid/posting/{own.pk}/change/", {**grab, "area": DISTRICT, "role": "district_supervisor"})
    assert [(posting.role, posting.area) for posting in cast.admin.postings.all()] == [("administrator", DISTRICT)]


def test_it_locks_oneself_out_by_no_way(admin, cast):
    own = cast.admin.postings.get()
    save_user(admin, cast.admin, is_active="", must_change_password="on")
    save_user(admin, cast.admin, **{"postings-0-ends": TODAY, "postings-0-DELETE": "on"})
    admin.post(f"/admin/grid/posting/{own.pk}/delete/", {"post": "yes"})
    admin.post("/admin/grid/user/", {"action": "deactivate", "_selected_action": [cast.admin.pk, cast.wang.pk]})
    admin.post(f"/admin/grid/user/{cast.admin.pk}/delete/", {"post": "yes"})
    assert User.objects.get(pk=cast.admin.pk).is_staff
    assert not User.objects.get(pk=cast.wang.pk).is_active
    assert admin.get("/admin/").status_code == 200


def test_it_sends_its_own_password_where_the_old_one_is_asked_for(admin, cast):
    answer = admin.get(f"/admin/grid/user/{cast.admin.pk}/password/")
    assert (answer.status_code, answer.url) == (302, "/password/")


def test_a_password_it_sets_must_be_changed_and_ends_every_session(admin, client_of, cast):
    wang = client_of("wang")
    data = {"password1": "set by admin 9", "password2": "set by admin 9", "usable_password": "true"}
    assert admin.post(f"/admin/grid/user/{cast.wang.pk}/password/", data | {"set-password": "1"}).status_code == 302
    assert User.objects.get(pk=cast.wang.pk).must_change_password
    assert wang.get("/").url.startswith("/sign-in/")


def test_an_account_it_switches_off_is_out_at_once(admin, client_of, cast):
    wang = client_of("wang")
    admin.post("/admin/grid/user/", {"action": "deactivate", "_selected_action": [cast.wang.pk]})
    assert wang.get("/").url.startswith("/sign-in/")


@pytest.mark.parametrize("key", ["²", "\x00", "x", "9" * 5000])
def test_what_names_no_row_is_refused(admin, cast, key):
    answer = admin.post("/admin/grid/user/", {"action": "deactivate", "_selected_action": [cast.wang.pk, key]})
    assert answer.status_code == 400
    assert User.objects.get(pk=cast.wang.pk).is_active


def test_no_account_is_ever_deleted(admin, cast):
    admin.post(f"/admin/grid/user/{cast.wang.pk}/delete/", {"post": "yes"})
    admin.post("/admin/grid/user/", {"action": "delete_selected", "_selected_action": [cast.wang.pk], "post": "yes"})
    assert User.objects.filter(pk=cast.wang.pk).exists()


def test_every_change_is_recorded_and_no_password_with_it(admin, cast):
    admin.post("/admin/grid/user/add/", new_account())
    save_user(admin, cast.wang, name="王五")
    admin.post("/admin/grid/user/", {"action": "deactivate", "_selected_action": [cast.wang.pk]})
    admin.post(f"/admin/grid/posting/{cast.li.postings.get().pk}/delete/", {"post": "yes"})
    entries = LogEntry.objects.filter(user=cast.admin)
    assert entries.count() == 4
    said = " ".join(entry.change_message + entry.object_repr for entry in entries)
    assert "long enough 47" not in said
    assert "王五" not in said


def test_the_record_shows_an_administrator_the_deeds_inside_the_area_only(admin, street_admin, cast):
    save_user(admin, cast.wang, name="王五")
    assert rows(admin.get("/admin/admin/logentry/"))
    assert rows(street_admin.get("/admin/admin/logentry/")) == set()


@pytest.mark.parametrize(
    "query",
    [
        "user/?password__startswith=p", "posting/?user__password__startswith=p", "user/?postings__user__password=x",
        "posting/?user__phone__startswith=1", "cellversion/?cell__buildings__dwellings__residences__resident__name=x",
    ],
)  # fmt: skip
def test_no_list_is_an_oracle_of_columns_it_does_not_show(query, admin):
    assert admin.get(f"/admin/grid/{query}").status_code == 400


def test_cells_are_looked_at_and_not_changed(admin):
    listed = admin.get("/admin/grid/cellversion/").context["cl"].result_list
    assert admin.get(f"/admin/grid/cellversion/{listed[0].pk}/change/").status_code == 200
    assert admin.post(f"/admin/grid/cellversion/{listed[0].pk}/change/", {"name": "x"}).status_code == 403


def test_what_all_areas_share_is_changed_only_by_who_holds_them_all(admin, street_admin):
    category = Category.objects.filter(kind="community").first()
    data = {"major": category.major, "name": category.name, "dispose_within": 9, "dispose_unit": "work_hour"}
    assert street_admin.post(f"/admin/grid/category/{category.pk}/change/", data).status_code == 403
    assert admin.post(f"/admin/grid/category/{category.pk}/change/", data).status_code == 302
    assert Category.objects.get(pk=category.pk).dispose_within == 9
    Area.objects.create(code="110112", level="district", name="通州区")
    assert admin.post(f"/admin/grid/category/{category.pk}/change/", data).status_code == 403


def test_the_key_of_an_entry_stays(admin):
    entry = Code.objects.first()
    data = {"table": "other", "code": "other", "name": "改名", "position": 1, "details": "{}"}
    assert admin.post(f"/admin/grid/code/{entry.pk}/change/", data).status_code == 302
    after = Code.objects.get(pk=entry.pk)
    assert (after.table, after.code, after.name) == (entry.table, entry.code, "改名")


def test_an_administrator_sees_no_person(cast):
    assert not cast.admin.access.may_anywhere("people.read")
    assert not cast.admin.access.may_anywhere("people.count")


def test_the_language_is_chosen_here_too(admin):
    assert 'lang="en">English</button>' in admin.get("/admin/").content.decode()
    admin.post("/i18n/setlang/", {"language": "en", "next": "/admin/"})
    assert 'lang="zh-Hans">中文</button>' in admin.get("/admin/").content.decode()

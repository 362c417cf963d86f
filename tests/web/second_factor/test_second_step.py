"""The second step: setting it up, signing in with it, what a guesser and a thief of the table get."""

import time

import pyotp
import pytest
from django.contrib.admin.models import LogEntry

from gis.models import OutsideIdentity, RecoveryCode, SecondFactor
from tests.browsing import Browser
from tests.cast import PASSWORD
from web.entering import DUE
from web.second_factor import codes


def code_at(user, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes away."""
    secret = codes.secret_of(SecondFactor.objects.get(user=user))
    return pyotp.TOTP(secret).at(int(time.time()) + 30 * steps)


def forget_used(user) -> None:
    """As if half minutes had gone by since the last code."""
    SecondFactor.objects.filter(user=user).update(last_step=0)


def set_up(browser, user) -> list[str]:
    browser.get("/second-factor/")
    page = browser.post("/second-factor/", {"code": code_at(user)})
    assert page.status_code == 200, page.content.decode()
    return page.context["codes"]


@pytest.fixture
def spare(cast, client_of) -> list[str]:
    """Li has set it up; the codes on paper."""
    made = set_up(client_of("li"), cast.li)
    forget_used(cast.li)
    return made


def give_password(browser, next_page: str = ""):
    return browser.post("/sign-in/", {"username": "li", "password": PASSWORD, "next": next_page})


def is_in(browser) -> bool:
    return "_auth_user_id" in browser.session


def test_the_page_shows_a_picture_and_the_same_secret_in_text(client_of, cast):
    browser = client_of("li")
    page = browser.get("/second-factor/")
    text = page.content.decode()
    secret = codes.secret_of(SecondFactor.objects.get(user=cast.li))
    assert page.context["secret"].replace(" ", "") == secret
    assert 'src="data:image/svg+xml' in text
    assert "no-store" in page["Cache-Control"]
    assert browser.get("/second-factor/").context["secret"] == page.context["secret"]


def test_it_does_not_count_until_a_code_was_shown(client, client_of, cast):
    browser = client_of("li")
    browser.get("/second-factor/")
    assert browser.post("/second-factor/", {"code": "000000"}).status_code in (200, 403)
    SecondFactor.objects.filter(user=cast.li).update(since=None)
    give_password(client)
    assert is_in(client)


def test_the_secret_is_sealed_and_codes_on_paper_are_hashed(spare, cast):
    factor = SecondFactor.objects.get(user=cast.li)
    assert codes.secret_of(factor).encode() not in bytes(factor.secret)
    kept = set(RecoveryCode.objects.filter(user=cast.li).values_list("digest", flat=True))
    assert len(kept) == len(spare) == 10
    assert not kept & {code.replace("-", "") for code in spare}


def test_the_password_alone_opens_nothing(client, spare, cast):
    answer = give_password(client, "/incidents/")
    assert answer.url == "/sign-in/second/"
    assert not is_in(client)
    assert client.get("/incidents/").status_code == 302
    assert client.post("/sign-in/second/", {"code": code_at(cast.li)}).url == "/incidents/"
    assert client.get("/incidents/").status_code == 200


def test_a_code_is_worth_one_sign_in(client, spare, cast):
    code = code_at(cast.li)
    give_password(client)
    client.post("/sign-in/second/", {"code": code})
    thief = Browser()
    give_password(thief)
    assert thief.post("/sign-in/second/", {"code": code}).status_code == 403
    assert thief.post("/sign-in/second/", {"code": code_at(cast.li, -1)}).status_code == 403
    assert not is_in(thief)


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_the_phones_clock_may_be_half_a_minute_wrong(steps, taken, spare, cast):
    now = 1_800_000_000
    code = pyotp.TOTP(codes.secret_of(SecondFactor.objects.get(user=cast.li))).at(now + 30 * steps)
    assert codes.check(cast.li, code, now) is taken


def test_a_code_on_paper_works_once(client, spare, cast):
    give_password(client)
    assert client.post("/sign-in/second/", {"code": spare[0].lower()}).status_code == 302
    other = Browser()
    give_password(other)
    assert other.post("/sign-in/second/", {"code": spare[0]}).status_code == 403
    assert client.get("/second-factor/").context["left"] == 9


def test_a_guesser_is_stopped(client, spare, cast):
    give_password(client)
    # However the windows of time lie, one of two holds six of them.
    pages = [client.post("/sign-in/second/", {"code": "000000"}) for _ in range(11)]
    assert any("15 分钟" in page.content.decode() for page in pages)
    assert not is_in(client)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "٣٣٣٣٣٣", "x" * 5000, "5" * 5000, "' OR 1=1"])
def test_what_is_no_code_is_refused(code, client, spare):
    give_password(client)
    assert client.post("/sign-in/second/", {"code": code}).status_code == 403
    assert not is_in(client)


def test_without_a_password_before_there_is_no_second_step(client, spare, cast):
    assert client.get("/sign-in/second/").url == "/sign-in/"
    assert client.post("/sign-in/second/", {"code": code_at(cast.li)}).url == "/sign-in/"


def test_a_password_changed_meanwhile_ends_the_step(client, spare, cast):
    give_password(client)
    cast.li.set_password("a wholly new one 8")
    cast.li.save()
    assert client.post("/sign-in/second/", {"code": code_at(cast.li)}).url == "/sign-in/"


def test_an_account_switched_off_meanwhile_does_not_come_in(client, spare, cast):
    give_password(client)
    cast.li.is_active = False
    cast.li.save()
    assert client.post("/sign-in/second/", {"code": code_at(cast.li)}).url == "/sign-in/"
    assert not is_in(client)


def test_a_step_left_open_ends(client, spare, cast):
    give_password(client)
    session = client.session
    session["waiting"] = session["waiting"] | {"at": session["waiting"]["at"] - 601}
    session.save()
    assert client.get("/sign-in/second/").url == "/sign-in/"


def test_a_role_that_asks_for_it_sets_it_up_before_anything_else(client, cast, settings):
    settings.SECOND_FACTOR_ROLES = ["street_supervisor"]
    give_password(client)
    assert client.session[DUE]
    assert client.get("/incidents/").url == "/second-factor/"
    assert client.get("/incidents/", HTTP_ACCEPT="*/*").status_code == 403
    set_up(client, cast.li)
    assert client.get("/incidents/").status_code == 200
    forget_used(cast.li)
    client.post("/second-factor/", {"code": code_at(cast.li), "do": "remove"})
    assert SecondFactor.objects.filter(user=cast.li).exists()


def test_a_new_phone_takes_the_place_of_the_old(client_of, cast, settings):
    settings.SECOND_FACTOR_ROLES = ["street_supervisor"]
    browser = client_of("li")
    set_up(browser, cast.li)
    old = SecondFactor.objects.get(user=cast.li).secret
    forget_used(cast.li)
    browser.post("/second-factor/", {"code": code_at(cast.li), "do": "replace"})
    assert browser.get("/incidents/").url == "/second-factor/"
    set_up(browser, cast.li)
    assert bytes(SecondFactor.objects.get(user=cast.li).secret) != bytes(old)
    assert browser.get("/incidents/").status_code == 200


@pytest.mark.parametrize("act", ["codes", "remove", "replace"])
def test_nothing_changes_without_a_code(act, client_of, spare, cast):
    browser = client_of("li")
    kept = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert browser.post("/second-factor/", {"do": act, "code": "000000"}).status_code == 403
    assert set(RecoveryCode.objects.values_list("digest", flat=True)) == kept
    assert SecondFactor.objects.filter(user=cast.li, since__isnull=False).exists()


def test_it_is_turned_off_with_a_code(client, client_of, spare, cast):
    client_of("li").post("/second-factor/", {"do": "remove", "code": code_at(cast.li)})
    give_password(client)
    assert is_in(client)


def test_an_administrator_sees_who_has_it_and_resets_it_with_a_record(admin, spare, cast):
    listed = admin.get("/admin/grid/user/?second_factor=yes").context["cl"].result_list
    assert [user.username for user in listed] == ["li"]
    admin.post("/admin/grid/user/", {"action": "reset_second_factor", "_selected_action": [cast.li.pk]})
    assert not SecondFactor.objects.filter(user=cast.li).exists()
    assert LogEntry.objects.filter(object_id=str(cast.li.pk), user=cast.admin).exists()


def test_an_administrator_of_elsewhere_resets_nothing(street_admin, spare, cast):
    street_admin.post("/admin/grid/user/", {"action": "reset_second_factor", "_selected_action": [cast.li.pk]})
    assert SecondFactor.objects.filter(user=cast.li).exists()


def test_nobody_resets_their_own(admin, cast):
    set_up(admin, cast.admin)
    admin.post("/admin/grid/user/", {"action": "reset_second_factor", "_selected_action": [cast.admin.pk]})
    assert SecondFactor.objects.filter(user=cast.admin).exists()


def test_no_code_and_no_secret_stands_in_the_log(client, spare, cast, caplog):
    code = code_at(cast.li)
    give_password(client)
    client.post("/sign-in/second/", {"code": code})
    assert code not in caplog.text
    assert not OutsideIdentity.objects.exists()

"""The second step: setting it up, signing in with it, what a guesser and a thief of the table get."""

import json
import time
from io import StringIO
from threading import Barrier, Thread

import pyotp
import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import RequestFactory

from gis.errors import TooMany
from gis.models import RecoveryCode, SecondFactor
from gis.people.sealing import open_seal
from tests.browsing import Browser
from tests.cast import PASSWORD, STREET, read_cast
from tests.web.walking import Belongings, addresses, pages
from web.scope import PERSONAL, PUBLIC
from web.second_factor import DUE, codes
from web.second_factor.trying import try_code


def shown_by_app(secret: str, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes away."""
    return pyotp.TOTP(secret.replace(" ", "")).at(int(time.time()) + 30 * steps)


def code_at(user, steps: int = 0) -> str:
    return shown_by_app(open_seal(SecondFactor.objects.get(user=user).secret), steps)


def forget_used(user) -> None:
    """As if half minutes had gone by since the last code."""
    SecondFactor.objects.filter(user=user).update(last_step=0)


def new_phone(browser):
    """Scan what the page shows and enter the code; the page after."""
    code = shown_by_app(browser.get("/second-factor/").context["secret"])
    return browser.post("/second-factor/", {"code": code, "password": PASSWORD})


def set_up(browser) -> list[str]:
    page = new_phone(browser)
    assert page.status_code == 200, page.content.decode()
    return page.context["codes"]


@pytest.fixture
def things(db) -> Belongings:
    return Belongings.of(STREET)


@pytest.fixture
def spare(cast, client_of) -> list[str]:
    """Li has set it up; the codes on paper."""
    made = set_up(client_of("li"))
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
    secret = page.context["secret"].replace(" ", "")
    assert page.context["picture"] == codes.picture_of(cast.li, secret)
    assert len(secret) == 32
    assert 'src="data:image/svg+xml' in text
    assert "no-store" in page["Cache-Control"]
    assert browser.get("/second-factor/").context["secret"] == page.context["secret"]
    assert secret not in json.dumps(dict(browser.session))


def test_it_does_not_count_until_a_code_was_shown(client, client_of, cast):
    browser = client_of("li")
    browser.get("/second-factor/")
    assert browser.post("/second-factor/", {"code": "000000", "password": PASSWORD}).status_code == 403
    give_password(client)
    assert is_in(client)


@pytest.mark.parametrize("password", ["", "wrong", "x" * 5000, "\x00"])
def test_a_desk_left_open_sets_up_nothing_without_the_password(password, client_of, cast):
    browser = client_of("li")
    code = shown_by_app(browser.get("/second-factor/").context["secret"])
    assert browser.post("/second-factor/", {"code": code, "password": password}).status_code == 403
    assert not SecondFactor.objects.exists()


def test_the_password_is_not_guessed_there_either(client_of, cast):
    browser = client_of("li")
    browser.get("/second-factor/")
    # However the windows of time lie, one of two holds eleven of them.
    pages = [browser.post("/second-factor/", {"code": "1", "password": "x"}).content.decode() for _ in range(21)]
    assert any("次数太多" in page for page in pages)


def test_setting_it_up_ends_all_other_sessions(client, client_of, cast):
    give_password(client)
    set_up(client_of("li"))
    assert client.get("/incidents/").status_code == 302


def test_the_secret_is_sealed_and_codes_on_paper_are_hashed(spare, cast):
    factor = SecondFactor.objects.get(user=cast.li)
    assert open_seal(factor.secret).encode() not in bytes(factor.secret)
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
    code = pyotp.TOTP(open_seal(SecondFactor.objects.get(user=cast.li).secret)).at(now + 30 * steps)
    assert codes.check(cast.li, code, now) is taken


def test_a_code_on_paper_works_once(client, spare, cast):
    give_password(client)
    assert client.post("/sign-in/second/", {"code": spare[0].lower()}).status_code == 302
    other = Browser()
    give_password(other)
    assert other.post("/sign-in/second/", {"code": spare[0]}).status_code == 403
    assert client.get("/second-factor/").context["left"] == 9


def guess(browser, many: int) -> list[int]:
    return [browser.post("/sign-in/second/", {"code": "000000"}).status_code for _ in range(many)]


def test_a_guesser_is_stopped_and_a_code_on_paper_opens_all_the_same(client, spare, cast):
    give_password(client)
    # However the windows of time lie, one of two holds six of them.
    assert 429 in guess(client, 11)
    assert client.post("/sign-in/second/", {"code": code_at(cast.li)}).status_code == 429
    assert not is_in(client)
    assert client.post("/sign-in/second/", {"code": spare[0]}).status_code == 302


def test_a_guesser_elsewhere_does_not_keep_the_owner_out(client, spare, cast):
    thief = Browser(REMOTE_ADDR="203.0.113.9")
    give_password(thief)
    assert 429 in guess(thief, 11)
    give_password(client)
    assert client.post("/sign-in/second/", {"code": code_at(cast.li)}).status_code == 302


def test_a_guesser_from_everywhere_is_stopped(spare, cast):
    guessed = []

    def guess_from_everywhere() -> None:
        for host in range(65):  # however the windows of time lie, one of two holds 31 of them
            request = RequestFactory().get("/", REMOTE_ADDR=f"203.0.113.{host}")
            guessed.append(try_code(request, cast.li, "000000"))

    with pytest.raises(TooMany):
        guess_from_everywhere()
    assert len(guessed) >= 30
    assert not any(guessed)


def test_right_codes_count_against_nobody(spare, cast):
    for _ in range(7):
        browser = Browser()
        give_password(browser)
        forget_used(cast.li)
        assert browser.post("/sign-in/second/", {"code": code_at(cast.li)}).status_code == 302


def test_a_code_typed_with_a_chinese_keyboard_is_taken(client, spare, cast):
    give_password(client)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code_at(cast.li))
    assert client.post("/sign-in/second/", {"code": f" {wide[:3]}　{wide[3:]} "}).status_code == 302


def test_of_one_code_sent_four_times_at_once_one_counts(own_town):
    li = read_cast().li
    secret = codes.new_secret()
    spare = codes.take(li, secret, 1)[0]
    for code in (shown_by_app(secret), codes.plain(spare)):
        barrier, got = Barrier(4), []

        def send(code=code, barrier=barrier, got=got) -> None:
            try:
                barrier.wait(10)
                got.append(codes.check(li, code))
            finally:
                connection.close()

        senders = [Thread(target=send) for _ in range(4)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        assert sorted(got) == [False, False, False, True]


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


def test_who_signs_in_by_another_account_has_given_the_step_up(client, spare, cast):
    give_password(client)
    client.post("/sign-in/", {"username": "sun", "password": PASSWORD})
    assert is_in(client)
    assert client.post("/sign-in/second/", {"code": code_at(cast.li)}).url == "/sign-in/"
    assert client.get("/sign-in/").wsgi_request.user.username == "sun"


def test_a_role_that_asks_for_it_sets_it_up_before_anything_else(client, cast, settings):
    settings.SECOND_FACTOR_ROLES = ["street_supervisor"]
    give_password(client, "/incidents/?state=open")
    assert client.get("/incidents/").url == "/second-factor/"
    assert client.get("/incidents/", HTTP_ACCEPT="*/*").status_code == 403
    code = shown_by_app(client.get("/second-factor/").context["secret"])
    page = client.post("/second-factor/", {"code": code})  # the password was given a moment ago
    assert page.context["onward"] == "/incidents/?state=open"
    assert client.get("/incidents/").status_code == 200
    forget_used(cast.li)
    client.post("/second-factor/", {"code": code_at(cast.li), "do": "remove"})
    assert SecondFactor.objects.filter(user=cast.li).exists()


def test_nothing_but_the_set_up_opens_before(client, cast, settings, things):
    settings.SECOND_FACTOR_ROLES = ["street_supervisor"]
    give_password(client)
    for page in pages()[::9]:
        closed = page.name not in PUBLIC | dict.fromkeys(PERSONAL) and not page.name.startswith("api:")
        if closed:
            address = addresses(page, things)[0]
            assert client.get(address, HTTP_ACCEPT="*/*").status_code == 403, page.name


def test_a_role_that_does_not_ask_for_it_is_left_alone(client, cast, settings):
    settings.SECOND_FACTOR_ROLES = ["grid_worker"]
    give_password(client)
    assert client.get("/incidents/").status_code == 200


def test_a_session_with_the_password_alone_is_no_way_round_once_it_is_set_up(client, cast, settings):
    """Two browsers are sent to set it up; where one has done so, the other needs its code."""
    settings.SECOND_FACTOR_ROLES = ["street_supervisor"]
    other = Browser()
    give_password(other)
    give_password(client)
    key = other.session.session_key
    set_up(client)
    assert other.get("/second-factor/").url.startswith("/sign-in/")
    assert not Session.objects.filter(session_key=key).exists()


def test_a_mark_left_over_leads_back_to_the_sign_in(spare, cast):
    other = Browser()
    other.force_login(cast.li, backend="web.sign_in.PostingsBackend")
    session = other.session
    session[DUE] = "/"
    session.save()
    assert other.get("/second-factor/").url == "/sign-in/"
    assert not is_in(other)


def test_the_old_phone_counts_until_the_new_one_has_shown_a_code(client, client_of, spare, cast):
    browser = client_of("li")
    before = code_at(cast.li)
    browser.post("/second-factor/", {"code": before, "do": "replace"})
    forget_used(cast.li)
    give_password(client)
    assert client.post("/sign-in/second/", {"code": before}).status_code == 302
    old = bytes(SecondFactor.objects.get(user=cast.li).secret)
    assert new_phone(browser).status_code == 200
    assert bytes(SecondFactor.objects.get(user=cast.li).secret) != old
    assert browser.get("/incidents/").status_code == 200
    thief = Browser()
    give_password(thief)
    forget_used(cast.li)
    assert thief.post("/sign-in/second/", {"code": before}).status_code == 403
    assert thief.post("/sign-in/second/", {"code": spare[0]}).status_code == 403


def test_a_new_phone_may_be_thought_better_of(client_of, spare, cast):
    browser = client_of("li")
    browser.post("/second-factor/", {"code": code_at(cast.li), "do": "replace"})
    assert "picture" in browser.get("/second-factor/").context
    browser.post("/second-factor/", {"do": "keep"})
    assert "picture" not in browser.get("/second-factor/").context


def test_a_picture_of_an_hour_ago_counts_no_more(client_of, cast):
    browser = client_of("li")
    secret = browser.get("/second-factor/").context["secret"]
    session = browser.session
    session["second_factor_new"] = session["second_factor_new"] | {"at": time.time() - 3601}
    session.save()
    page = browser.post("/second-factor/", {"code": shown_by_app(secret), "password": PASSWORD})
    assert page.status_code == 403
    assert page.context["secret"] != secret


@pytest.mark.parametrize("act", ["codes", "remove", "replace"])
def test_nothing_changes_without_a_code(act, client_of, spare, cast):
    browser = client_of("li")
    kept = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert browser.post("/second-factor/", {"do": act, "code": "000000"}).status_code == 403
    assert set(RecoveryCode.objects.values_list("digest", flat=True)) == kept
    assert SecondFactor.objects.filter(user=cast.li).exists()


def test_it_is_turned_off_with_a_code(client, client_of, spare, cast):
    client_of("li").post("/second-factor/", {"do": "remove", "code": code_at(cast.li)})
    give_password(client)
    assert is_in(client)


def test_an_administrator_sees_who_has_it_and_resets_it_with_a_record(admin, spare, cast):
    listed = admin.get("/admin/grid/user/?second_factor=yes").context["cl"].result_list
    assert [user.username for user in listed] == ["li"]
    phone = Browser()
    give_password(phone)
    phone.post("/sign-in/second/", {"code": spare[0]})
    assert is_in(phone)
    admin.post("/admin/grid/user/", {"action": "reset_second_factor", "_selected_action": [cast.li.pk]})
    assert not SecondFactor.objects.filter(user=cast.li).exists()
    assert not Session.objects.filter(session_key=phone.session.session_key).exists()
    assert LogEntry.objects.filter(object_id=str(cast.li.pk), user=cast.admin).exists()


def test_an_administrator_of_elsewhere_resets_nothing(street_admin, spare, cast):
    street_admin.post("/admin/grid/user/", {"action": "reset_second_factor", "_selected_action": [cast.li.pk]})
    assert SecondFactor.objects.filter(user=cast.li).exists()


def test_nobody_resets_their_own(admin, cast):
    set_up(admin)
    admin.post("/admin/grid/user/", {"action": "reset_second_factor", "_selected_action": [cast.admin.pk]})
    assert SecondFactor.objects.filter(user=cast.admin).exists()


def test_the_operator_resets_it_for_whom_nobody_else_can(spare, cast):
    call_command("reset_second_factor", "li", stdout=StringIO())
    assert not SecondFactor.objects.exists()
    for name in ("li", "nobody"):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", name)


def test_no_code_and_no_secret_stands_in_the_log(client, spare, cast, caplog):
    code = code_at(cast.li)
    give_password(client)
    client.post("/sign-in/second/", {"code": code})
    client.post("/sign-in/second/", {"code": code})
    assert code not in caplog.text
    assert "li" not in caplog.text.split()

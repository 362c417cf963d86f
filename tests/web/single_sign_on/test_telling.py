"""A department's system is told of a sign-out by the server itself: what it is sent, when, and what if it fails."""

import time
from datetime import datetime, timedelta
from functools import partial
from io import StringIO
from ipaddress import ip_network

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from gis.accounts.sign_on_keys import rotate_sign_on_key
from gis.models import ClientSystem
from tests.aside import aside
from tests.browsing import Browser
from tests.cast import PASSWORD, read_cast
from tests.web.outside.provider import a_listener
from tests.web.single_sign_on.relying_party import Party, register, tokens_of
from web.second_factor import codes
from web.single_sign_on.telling import EVENT, NotTold, message, tell

SITE = "http://testserver/sign-on"


@pytest.fixture(autouse=True)
def _reachable(settings, tmp_path):
    settings.DATA = tmp_path
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.0/8")]
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | {"OIDC_ISS_ENDPOINT": SITE}


@pytest.fixture
def listening():
    with a_listener() as (address, taken):
        yield address, taken


@pytest.fixture
def system(db, listening) -> ClientSystem:
    return register(sign_out_address=listening[0])


@pytest.fixture
def li(client, cast, system) -> Browser:
    """Li has signed in here, and by it in the department's system."""
    client.post("/sign-in/", {"username": "li", "password": PASSWORD})
    tokens_of(client, Party(system))
    return client


def owed() -> list[dict]:
    """What the worker would do now; it is done with that."""
    jobs = ProcrastinateJob.objects.filter(task_name="tell_sign_out").order_by("id")
    told = [job.args for job in jobs]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'tell_sign_out'")
    return told


def work(**more) -> int:
    jobs = owed()
    for job in jobs:
        tell(job["system_id"], job["user_id"], datetime.fromisoformat(job["at"]), **more)
    return len(jobs)


def read(text: str, system: ClientSystem):
    """As the department's system checks it, by another library and the keys that are published."""
    token = jwt.decode(text, KeySet.import_key_set(Browser().get("/sign-on/keys/").json()), algorithms=["RS256"])
    must = {"iss": SITE, "aud": system.client_id}
    options = {name: {"essential": True, "value": value} for name, value in must.items()}
    options |= {name: {"essential": True} for name in ("iat", "exp", "jti", "events", "sub")}
    jwt.JWTClaimsRegistry(**options).validate(token.claims)
    return token


def test_signing_out_here_tells_the_system_who_it_was(li, system, listening, cast):
    assert not owed()
    li.post("/sign-out/")
    assert work() == 1
    token = read(listening[1].get(timeout=60)["logout_token"], system)
    assert token.header["typ"] == "logout+jwt"
    assert token.claims["sub"] == str(cast.li.pk)
    assert token.claims["events"] == {EVENT: {}}
    assert "nonce" not in token.claims
    assert token.claims["exp"] - time.time() < 130


def test_a_worker_tells_it_and_puts_a_failure_off(own_town, listening):
    system, browser = register(sign_out_address=listening[0]), Browser()
    broken = register(name="另一系统", sign_out_address="http://127.0.0.1:9/")
    browser.force_login(read_cast().li, backend="web.sign_in.PostingsBackend")
    for one in (system, broken):
        tokens_of(browser, Party(one))
    browser.post("/sign-out/")
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        aside(partial(working.run_worker, wait=False, install_signal_handlers=False, listen_notify=False))
    assert read(listening[1].get(timeout=60)["logout_token"], system)
    jobs = ProcrastinateJob.objects.filter(task_name="tell_sign_out").order_by("id")
    states = {job.args["system_id"]: (job.status, job.attempts) for job in jobs}
    assert states == {system.pk: ("succeeded", 1), broken.pk: ("todo", 1)}
    assert jobs.get(status="todo").scheduled_at > timezone.now()


def by_password(browser, cast) -> None:
    new = "a wholly new one 8"
    browser.post("/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})


def by_another_system(browser, cast) -> None:
    party = Party(register(name="另一系统"))
    asked = {"id_token_hint": tokens_of(browser, party)["id_token"], "client_id": party.id, "allow": "on"}
    assert browser.post("/sign-on/sign-out/", asked).status_code == 302


def by_others(browser, cast) -> None:
    browser.post("/sessions/", {"others": "1"})


def by_own_page(browser, cast) -> None:
    browser.post("/sign-on/mine/", {"system": ClientSystem.objects.get(name="就业服务").pk})


def by_administrator(browser, cast) -> None:
    admin = Browser()
    admin.force_login(cast.admin, backend="web.sign_in.PostingsBackend")
    admin.post("/admin/grid/user/", {"action": "end_sessions", "_selected_action": [cast.li.pk]})


def by_operator(browser, cast) -> None:
    codes.take(cast.li, codes.new_secret(), 1)
    call_command("reset_second_factor", "li", stdout=StringIO())


@pytest.mark.parametrize("end", [
    by_password, by_another_system, by_others, by_own_page, by_administrator, by_operator,
])  # fmt: skip
def test_whatever_ends_it_here_tells_the_system(end, li, system, listening, cast):
    end(li, cast)
    assert work() == 1
    assert read(listening[1].get(timeout=60)["logout_token"], system).claims["sub"] == str(cast.li.pk)


def test_a_sign_out_of_somebody_who_never_came_tells_nobody(li, client_of):
    client_of("sun").post("/sign-out/")
    assert not owed()


def test_once_told_there_is_nothing_left_to_tell(li):
    li.post("/sign-out/")
    assert work() == 1
    li.post("/sign-in/", {"username": "li", "password": PASSWORD})
    li.post("/sign-out/")
    assert not owed()


@pytest.mark.parametrize("change", [{"sign_out_address": ""}, {"is_active": False}])
def test_a_system_without_an_address_or_switched_off_is_not_told(change, li, system):
    ClientSystem.objects.update(**change)
    li.post("/sign-out/")
    assert not owed()


def test_without_an_address_of_ours_nobody_is_told_and_nothing_is_promised(li, settings):
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | {"OIDC_ISS_ENDPOINT": ""}
    found = Browser().get("/sign-on/.well-known/openid-configuration").json()
    assert "backchannel_logout_supported" not in found
    li.post("/sign-out/")
    assert not owed()


def test_the_discovery_says_that_it_is_done(db):
    found = Browser().get("/sign-on/.well-known/openid-configuration").json()
    assert found["backchannel_logout_supported"] is True
    assert found["backchannel_logout_session_supported"] is False
    assert found["issuer"] == SITE


def test_who_has_signed_in_again_meanwhile_stays(li, system, listening):
    li.post("/sign-out/")
    li.post("/sign-in/", {"username": "li", "password": PASSWORD})
    tokens_of(li, Party(system))
    assert work() == 1
    assert listening[1].empty()


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "http://10.1.2.3/", "https://name.invalid/"])
def test_a_failure_is_tried_again_and_the_last_one_is_shown(address, li, system):
    ClientSystem.objects.update(sign_out_address=address)
    li.post("/sign-out/")
    job = owed()[0]
    told = (job["system_id"], job["user_id"], timezone.now() + timedelta(seconds=1))
    with pytest.raises(NotTold):
        tell(*told)
    assert ClientSystem.objects.get().sign_out_failed_at is None
    with pytest.raises(NotTold):
        tell(*told, is_last=True)
    assert ClientSystem.objects.get().sign_out_failed_at is not None


def test_what_arrives_clears_the_failure_before(li, system):
    ClientSystem.objects.update(sign_out_failed_at=timezone.now())
    li.post("/sign-out/")
    work()
    assert ClientSystem.objects.get().sign_out_failed_at is None


def test_a_message_is_signed_by_the_key_of_the_moment(system, cast):
    before = message(system, cast.li.pk)
    rotate_sign_on_key()
    after = message(system, cast.li.pk)
    assert read(before, system).header["kid"] != read(after, system).header["kid"]
    head, body, _sign = after.split(".")
    with pytest.raises(BadSignatureError):
        read(f"{head}.{body}.{before.split('.')[2]}", system)


@pytest.mark.parametrize(
    "address", ["http://labour.example/out", "https://labour.example/out#x", "https://a@b.example/"]
)
def test_an_address_that_is_not_safe_is_not_registered(address, client_of, system):
    told = {"name": "新系统", "department": system.department_id, "redirect_uris": "https://labour.example/back"}
    page = client_of("admin").post("/admin/grid/clientsystem/add/", told | {"sign_out_address": address})
    assert page.status_code == 200
    assert "sign_out_address" in page.context["adminform"].form.errors

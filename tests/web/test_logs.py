"""What is logged: enough to find a fault, and of no person anything."""

import json
import logging
import sys

import pytest
from django.db import IntegrityError
from django.http import HttpResponse
from django.urls import path

from gis.models import Resident
from tests.web.walking import pages
from web.logs import JsonFormatter
from web.urls import handler404, handler500  # noqa: F401
from web.urls import urlpatterns as every_pattern

NAME, NUMBER, PHONE = "诸葛亮䶮", "110101199003072310", "13900001234"
SECRETS = (NAME, NUMBER, PHONE)


def fail(request):
    raise ValueError(f"no such person: {NAME} {NUMBER}")


def break_a_rule(request):
    Resident.objects.create(name=NAME, area="110113001006", source="x", source_code=NUMBER)
    Resident.objects.create(name=NAME, area="110113001006", source="x", source_code=NUMBER)


def fail_behind_another(request):
    try:
        fail(request)
    except ValueError as error:
        raise RuntimeError(PHONE) from error


def succeed(request, **_):
    return HttpResponse("ok")


urlpatterns = [
    *every_pattern,
    path("trial/fail/", fail, name="trial-fail"),
    path("trial/rule/", break_a_rule, name="trial-rule"),
    path("trial/behind/", fail_behind_another, name="trial-behind"),
    path("trial/<str:word>/", succeed, name="trial"),
]


class Kept(logging.Handler):
    """The lines as standard error would get them."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(JsonFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    @property
    def said(self) -> list[dict]:
        return [json.loads(line) for line in self.lines]


@pytest.fixture
def log(settings):
    settings.ROOT_URLCONF = __name__
    kept = Kept()
    logging.getLogger().addHandler(kept)
    yield kept
    logging.getLogger().removeHandler(kept)


@pytest.fixture
def li(client_of):
    browser = client_of("li")
    browser.raise_request_exception = False
    return browser


def test_a_request_is_one_line_with_its_route_and_without_its_address(log, li):
    li.get(f"/trial/{NAME}/?q={NAME}", HTTP_REFERER=f"http://testserver/?q={NAME}", HTTP_USER_AGENT=PHONE)
    (line,) = log.said
    assert {"route": "trial", "method": "GET", "status": 200, "log": "wangge.request"}.items() <= line.items()
    assert line["user"]
    assert not any(secret in log.lines[0] for secret in SECRETS)


def test_the_answer_carries_the_number_of_its_line(log, li):
    answer = li.get("/trial/x/")
    assert answer.headers["X-Request-Id"] == log.said[0]["request"]


@pytest.mark.parametrize("address", ["/trial/fail/", "/trial/behind/", "/trial/rule/"])
def test_a_fault_leaves_its_kind_and_place_and_not_its_words(address, log, li):
    answer = li.post(f"{address}?q={NAME}", {"text": NAME, "number": NUMBER})
    assert answer.status_code == 500
    errors = [line for line in log.said if "error" in line]
    assert errors[0]["error"]["kind"] in ("ValueError", "RuntimeError", "IntegrityError", "ProgrammingError")
    assert any("test_logs.py" in frame for frame in errors[0]["error"]["frames"])
    assert not any(secret in line for line in log.lines for secret in SECRETS)
    assert address not in "".join(log.lines)


def test_a_fault_tells_the_reader_nothing_but_that_it_was_one(log, li):
    said = li.get(f"/trial/fail/?q={NAME}").content.decode()
    assert not any(secret in said for secret in (*SECRETS, "ValueError", "Traceback"))


def test_a_fault_and_its_request_have_the_same_number(log, li):
    li.get("/trial/fail/")
    assert len({line["request"] for line in log.said}) == 1


@pytest.mark.parametrize(
    "address", [f"/nothing/{NAME}/", f"/residents/{NUMBER}/", f"/search/?q={NAME}", f"/incidents/{NAME}/"]
)
def test_an_address_that_holds_a_name_is_not_logged(address, log, li):
    li.get(address)
    assert log.lines
    assert not any(secret in line for line in log.lines for secret in SECRETS)


def test_a_sign_in_is_logged_without_name_and_password(log, client, db):
    client.post("/sign-in/", {"username": NAME, "password": NUMBER})
    client.get("/", HTTP_HOST="evil.example")
    assert not any(word in line for line in log.lines for word in (*SECRETS, "evil.example"))


def test_a_foreign_logger_leaves_its_template_alone(log):
    logging.getLogger("a.library").warning("error with %s", NAME)
    logging.getLogger("django.request").error("Internal Server Error: %s", f"/residents/?q={NAME}")
    logging.getLogger("some.library").error(ValueError(NAME))
    assert [line["message"] for line in log.said] == ["error with %s", "Internal Server Error: %s", "ValueError"]


def test_our_own_loggers_say_what_they_were_given(log):
    logging.getLogger("gis.exchange").warning("%d rows refused", 3)
    assert log.said[0]["message"] == "3 rows refused"


def test_a_line_is_written_whatever_hangs_on_it(log):
    logging.getLogger("wangge").warning("odd", extra={"route": object(), "request": object()})
    assert log.said[0]["route"] == "object"


def test_a_database_error_is_logged_by_its_kind(log):
    try:
        raise IntegrityError(f"Key (source_code)=({NUMBER}) already exists.")
    except IntegrityError:
        logging.getLogger("gis").exception("could not store")
    assert log.said[0]["error"]["kind"] == "IntegrityError"
    assert NUMBER not in log.lines[0]


def test_every_logger_of_the_product_writes_through_the_formatter(settings):
    from django.utils.log import DEFAULT_LOGGING

    configured = settings.LOGGING
    assert configured["root"]["handlers"] == ["stderr"]
    assert configured["handlers"]["stderr"]["formatter"] == "json"
    assert configured["formatters"]["json"]["()"] == "web.logs.JsonFormatter"
    assert configured["loggers"]["django"]["handlers"] == []
    assert set(DEFAULT_LOGGING["loggers"]) <= {*configured["loggers"], "django.server"}


def test_a_debug_level_does_not_bring_statements_with_their_values(settings):
    assert settings.LOGGING["loggers"]["django.db.backends"]["level"] != "DEBUG"


def test_the_trial_pages_are_the_products_and_four_more():
    assert len(pages(__name__)) == len(pages()) + 4
    assert sys.modules[__name__].handler500

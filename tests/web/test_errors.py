"""Refusals: each a plain sentence and what to do, as a page or as JSON, in the reader's language, with its status."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.urls import path

from gis import errors
from gis.errors import BadFile, NotAllowed, OutOfScope, WanggeError
from gis.people.sealing import SealBroken
from tests.browsing import Browser
from web.errors import STATUS, status_of, wants_page
from web.urls import handler400, handler403, handler404, handler500  # noqa: F401
from web.urls import urlpatterns as every_pattern

WORDS = "The words of the error."
KINDS = {kind.__name__: kind for kind in vars(errors).values() if isinstance(kind, type)}


def refuse(request, kind: str):
    others = {"Http404": Http404, "PermissionDenied": PermissionDenied, "SuspiciousOperation": SuspiciousOperation}
    if kind in others:
        raise others[kind](WORDS)
    if kind == "ZeroDivisionError":
        raise ZeroDivisionError(WORDS)
    raise KINDS[kind](WORDS, fix="And the fix.")


urlpatterns = [*every_pattern, path("trial/<str:kind>/", refuse, name="trial")]


@pytest.fixture
def li(client_of, settings):
    settings.ROOT_URLCONF = __name__
    browser = client_of("li")
    browser.raise_request_exception = False
    return browser


EXPECTED = [
    ("WanggeError", 400), ("BadCode", 400), ("BadGeometry", 400), ("BadFile", 400), ("NotAllowed", 403),
    ("OutOfScope", 404), ("Http404", 404), ("PermissionDenied", 403), ("SuspiciousOperation", 400),
    ("ZeroDivisionError", 500),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "status"), EXPECTED)
def test_a_person_gets_a_page_with_a_sentence_and_a_fix(kind, status, li):
    answer = li.get(f"/trial/{kind}/")
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "<h1" in answer.content.decode()


@pytest.mark.parametrize(("kind", "status"), EXPECTED)
@pytest.mark.parametrize("asks", [{"HTTP_ACCEPT": "*/*"}, {"HTTP_HX_REQUEST": "true"}])
def test_a_script_gets_json_of_a_sentence_and_a_fix(kind, status, asks, li):
    answer = li.get(f"/trial/{kind}/", **asks)
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "fix"}
    assert all(answer.json().values())


@pytest.mark.parametrize("kind", ["BadCode", "BadFile", "NotAllowed", "WanggeError"])
def test_the_words_of_the_domain_reach_the_reader(kind, li):
    assert li.get(f"/trial/{kind}/", HTTP_ACCEPT="*/*").json() == {"error": WORDS, "fix": "And the fix."}


def test_not_yours_and_not_there_are_the_same_answer(li):
    hidden, missing = li.get("/trial/OutOfScope/"), li.get("/trial/Http404/")
    assert hidden.status_code == missing.status_code == 404
    assert WORDS not in hidden.content.decode() + missing.content.decode()
    bodies = {answer.content.decode().replace(answer.wsgi_request.path, "") for answer in (hidden, missing)}
    assert len({body.partition("<main")[2] for body in bodies}) == 1


@pytest.mark.parametrize("kind", ["Http404", "PermissionDenied", "SuspiciousOperation", "ZeroDivisionError"])
def test_the_words_of_a_program_do_not(kind, li):
    for asks in ({}, {"HTTP_ACCEPT": "*/*"}):
        assert WORDS not in li.get(f"/trial/{kind}/", **asks).content.decode()


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "没有找到"), ("en", "not")])
def test_it_speaks_the_readers_language(language, word, li):
    answer = li.get("/trial/OutOfScope/", HTTP_ACCEPT="*/*", HTTP_ACCEPT_LANGUAGE=language)
    assert word in answer.json()["error"].lower()


def test_an_address_that_is_none_is_a_page_even_for_nobody(db, settings):
    answer = Browser().get("/nothing/at/all/")
    assert answer.status_code == 404
    assert "<h1" in answer.content.decode()


def test_a_kind_without_a_status_has_that_of_its_parent():
    class Worse(BadFile):
        pass

    assert status_of(Worse("x")) == STATUS[BadFile]
    assert status_of(SealBroken("x")) == 400
    assert status_of(NotAllowed("x")) == 403


def test_every_kind_of_the_domain_is_a_sentence_with_its_fix():
    for kind in KINDS.values():
        error = kind("It is broken.", fix="Mend it.")
        assert isinstance(error, WanggeError)
        assert str(error) == "It is broken. Mend it."
        assert (error.message, error.fix) == ("It is broken.", "Mend it.")
    assert str(OutOfScope("Alone.")) == "Alone."


@pytest.mark.parametrize(
    ("accept", "htmx", "page"),
    [("text/html,*/*", "", True), ("*/*", "", False), ("", "", False), ("text/html", "true", False)],
)
def test_who_wants_a_page_is_told_by_the_headers(accept, htmx, page, rf):
    headers = {"HTTP_ACCEPT": accept} | ({"HTTP_HX_REQUEST": htmx} if htmx else {})
    assert wants_page(rf.get("/", **headers)) is page

"""The API is as its description says: schemathesis asks what it allows and what it does not, and holds the answers
against it. And the page that tells it to people tells of every operation."""

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.browsing import Browser, as_server
from tests.gis.incidents.loop import a_case
from web.api.api import api

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance, negative_data_rejection,
]  # fmt: skip
schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
schema.app = WSGIHandler()


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch):
    """A request ends with giving its connection back, and a test keeps its own."""
    for signal in (request_started, request_finished):
        monkeypatch.setattr(signal, "send", lambda *args, **kwargs: [])


def one_of_everything(program_of) -> tuple[str, str]:
    return a_case().number, program_of("sun").text


@schema.parametrize()
@settings(
    max_examples=20, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_it_answers_as_it_is_described(case, program_of):
    number, text = one_of_everything(program_of)
    if case.path_parameters.get("number"):
        case.path_parameters["number"] = number
    case.headers = {**(case.headers or {}), "Authorization": f"Bearer {text}"}
    with as_server():
        answer = case.call()
    case.validate_response(answer, checks=CHECKS)


def test_the_page_of_the_description_tells_of_every_operation_in_either_language(db):
    names = [one["operationId"] for verbs in api.get_openapi_schema()["paths"].values() for one in verbs.values()]
    for language in ("zh-hans", "en"):
        page = Browser(HTTP_ACCEPT_LANGUAGE=language).get("/api/").content.decode()
        assert all(f'id="{name}"' in page for name in names)
    assert len(set(names)) == len(names) == 12


def test_the_description_itself_is_open_and_names_no_address(db):
    told = Browser().get("/api/v1/openapi.json")
    assert told.status_code == 200
    assert told.json()["openapi"].startswith("3.1")
    assert "://" not in told.content.decode()

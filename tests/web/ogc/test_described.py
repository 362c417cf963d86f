"""The API is as its OpenAPI description says: schemathesis asks what it allows and what it does not."""

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.browsing import as_server
from tests.cast import CELL
from tests.web.api.conftest import program_of
from web.ogc.description import described

__all__ = ["program_of"]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
schema = schemathesis.openapi.from_dict(described("/ogc"))
schema.app = WSGIHandler()


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch):
    """A request ends with giving its connection back, and a test keeps its own."""
    for signal in (request_started, request_finished):
        monkeypatch.setattr(signal, "send", lambda *args, **kwargs: [])


@schema.parametrize()
@settings(
    max_examples=25, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_it_answers_as_it_is_described(case, program_of):
    if case.path_parameters.get("featureId"):
        case.path_parameters["featureId"] = CELL
    case.headers = {**(case.headers or {}), "Authorization": f"Bearer {program_of('sun').text}"}
    with as_server():
        answer = case.call()
    case.validate_response(answer, checks=CHECKS)

"""An error is marked at the field that it is about."""

import re

import pytest

from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("password", "marked"), [("not mine", ["password"]), (PASSWORD, ["code"])])
def test_the_field_that_is_wrong_is_marked(client_of, password, marked):
    browser = client_of("li")
    browser.get("/second-factor/")
    text = browser.post("/second-factor/", {"code": "000000", "password": password}).content.decode()
    assert 'id="code_error"' in text
    assert re.findall(r'<input id="id_(\w+)"[^>]*aria-invalid="true" aria-describedby="code_error"', text) == marked

"""The look for code within pages: it …"""

import pytest
from django.http import HttpResponse

from tests.web.inline import inline


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ('<script src="/a.js" defer></script><script type="application/json">{"a": 1}</script><p>onclick=x</p>', []),
        ("<script>a()</script>", ["<script>"]),
        ('<SCRIPT type="module">a()</SCRIPT>', ["<script>"]),
        ("<style>p{}</style>", ["<style>"]),
        ('<p style="color: red" onClick="a()">', ["style", "onclick"]),
        ('<a href=" JavaScript:a()">', ["href"]),
    ],
)
def test_it_finds_what_the_policy_refuses(page: str, found: list[str]) -> None:
    assert inline(HttpResponse(page)) == found


def test_it_leaves_alone_what_is_no_page() -> None:
    assert inline(HttpResponse("<script>a()</script>", content_type="text/plain")) == []

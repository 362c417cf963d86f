"""Where a browser finds the feed, and what the policy of the pages admits for it."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from web.settings.live import live_address, live_sources

HOSTS = ["localhost", "127.0.0.1", "[::1]", ".example.gov.cn"]


def test_it_is_another_port_of_the_same_host():
    address = live_address("", 9000, https=False)
    assert address == ":9000/live/"
    assert live_sources(address, HOSTS) == [
        "http://localhost:9000", "http://127.0.0.1:9000", "http://*.example.gov.cn:9000",
    ]  # fmt: skip


def test_it_is_a_path_behind_a_proxy():
    assert live_address("", 9000, https=True) == "/live/"
    assert live_address("/feed/", 0, https=False) == "/feed/"
    assert live_sources("/live/", HOSTS) == []


def test_it_may_be_a_whole_address():
    assert live_address("https://live.example/", 9000, https=True) == "https://live.example/"
    assert live_sources("https://live.example/live/", HOSTS) == ["https://live.example"]


def test_it_is_nowhere_when_no_feed_is_served():
    assert live_address("", 0, https=True) == ""
    assert live_sources("", HOSTS) == []


@pytest.mark.parametrize("url", ["live", "//evil.example/", "ftp://x/", "javascript:alert(1)"])
def test_it_refuses_what_is_no_address(url):
    with pytest.raises(ImproperlyConfigured, match="LIVE_URL"):
        live_address(url, 0, https=False)


def test_it_refuses_what_is_no_port():
    with pytest.raises(ImproperlyConfigured, match="LIVE_PORT"):
        live_address("", 70_000, https=False)

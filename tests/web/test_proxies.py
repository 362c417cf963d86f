"""What is said of a request by a proxy, and by somebody who is none. It …"""

from ipaddress import ip_network

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st

from web.proxies import _SAID, TrustedProxyMiddleware
from web.whence import who

PROXIES = [ip_network("127.0.0.1/32"), ip_network("10.20.0.0/16"), ip_network("fd00::/64")]


def left(address: str) -> set[str]:
    """What is left of all that is said, asked from an address."""
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": address, **dict.fromkeys(_SAID, "x")}
    with override_settings(TRUSTED_PROXIES=PROXIES):
        TrustedProxyMiddleware(lambda _: HttpResponse())(request)
    return set(request.META) - {"REMOTE_ADDR"}


@pytest.mark.parametrize("address", ["127.0.0.1", "10.20.255.1", "::ffff:10.20.0.1", "fd00::7", ""])
def test_it_believes_a_proxy(address: str) -> None:
    assert left(address) == set(_SAID)


@pytest.mark.parametrize("address", ["127.0.0.2", "10.21.0.1", "::ffff:10.21.0.1", "fd00:1::7", "unix", "10.20.0.1, x"])
def test_it_believes_nobody_else(address: str) -> None:
    assert left(address) == set()


@given(st.ip_addresses().filter(lambda one: not any(one in network for network in PROXIES)))
def test_it_believes_no_address_outside(address) -> None:
    if getattr(address, "ipv4_mapped", None) is None:
        assert left(str(address)) == set()


@pytest.mark.parametrize(("asker", "answered"), [("10.20.0.1", 200), ("10.21.0.1", 301)])
def test_a_page_is_secure_only_by_the_word_of_a_proxy(asker: str, answered: int, client, db, settings) -> None:
    settings.TRUSTED_PROXIES = PROXIES
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    answer = client.get("/sign-in/", REMOTE_ADDR=asker, HTTP_X_FORWARDED_PROTO="https")
    assert answer.status_code == answered


def test_who_comes_without_an_address_is_counted_as_this_machine() -> None:
    assert who(RequestFactory().get("/", REMOTE_ADDR="")) == who(RequestFactory().get("/", REMOTE_ADDR="127.0.0.1"))

"""Where a webhook may not lead. No name is looked up outside: addresses are written as numbers, or as `localhost`."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import Refused
from gis.incidents.webhooks.guarding import find_target, is_outside

INSIDE = [
    "127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "0.0.0.0",
    "100.64.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1",
    "fc00::1", "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::127.0.0.1",
    "64:ff9b::a00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:7f00:1::", "2001:db8::1",
]  # fmt: skip


@pytest.mark.parametrize("text", INSIDE)
def test_an_inner_address_is_inner(text):
    assert not is_outside(ip_address(text))


@pytest.mark.parametrize("text", ["8.8.8.8", "114.114.114.114", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_an_outer_address_is_outer(text):
    assert is_outside(ip_address(text))


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_what_it_holds(held: IPv4Address):
    for base in ("::ffff:0:0", "64:ff9b::"):
        holder = IPv6Address(int(IPv6Address(base)) | int(held))
        assert is_outside(holder) == is_outside(held)


@pytest.mark.parametrize("text", INSIDE)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_nothing_is_sent_inside(text, scheme):
    host = f"[{text}]" if ":" in text else text
    with pytest.raises(Refused) as refusal:
        find_target(f"{scheme}://{host}/hook")
    assert "url" in refusal.value.fields


@pytest.mark.parametrize("url", [
    "http://localhost/", "https://localhost:8443/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
    "http://127.1/", "http://[::ffff:7f00:1]/", "http://0/",
])  # fmt: skip
def test_other_spellings_of_this_machine_are_no_way_in(url):
    with pytest.raises(Refused):
        find_target(url)


@pytest.mark.parametrize("url", [
    "", "nonsense", "ftp://8.8.8.8/", "file:///etc/passwd", "gopher://8.8.8.8/", "https:///x", "https://u:p@8.8.8.8/",
    "https://8.8.8.8@127.0.0.1/", "https://8.8.8.8:22/", "https://8.8.8.8:25/", "https://8.8.8.8:99999/",
    "https://8.8.8.8:x/", "https://[::1/", "https://a b/", "https://8.8.8.8/\r\nHost: x", "https://８.8.8.8/",
    "//8.8.8.8/", "https://8.8.8.8/路", "http://8.8.8.8/",
])  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused(url):
    with pytest.raises(Refused):
        find_target(url)


def test_the_outside_is_reached_under_https():
    target = find_target("https://8.8.8.8:8443/a/b?c=d")
    assert (target.https, target.ip, target.port, target.path) == (True, "8.8.8.8", 8443, "/a/b?c=d")


def test_what_the_setting_names_is_reached_and_its_neighbour_is_not(settings):
    settings.WEBHOOK_NETWORKS = [ip_network("10.20.0.0/16"), ip_network("fd00:20::/32")]
    assert find_target("http://10.20.3.4/").ip == "10.20.3.4"
    assert find_target("http://[fd00:20::5]:8080/").port == 8080
    for url in ("http://10.21.0.1/", "http://[fd00:21::5]/", "http://127.0.0.1/"):
        with pytest.raises(Refused):
            find_target(url)


@given(st.text(max_size=60))
def test_any_text_is_a_target_or_refused(text):
    if "." in text.strip("."):
        return  # may be a name of somewhere, and would be looked up
    try:
        find_target("https://" + text)
    except Refused:
        return

"""Where a request comes from: its address to count by; device and network as its owner knows them again, no more."""

import re
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

from gis.incidents.residents.allowance import network_of, visitor

#: In this order: most browsers name the ones they descend from, too.
_BROWSERS = (
    ("MicroMessenger", "微信"), ("wxwork", "企业微信"), ("DingTalk", "钉钉"), ("HuaweiBrowser", "华为浏览器"),
    ("Edg", "Edge"), ("OPR", "Opera"), ("QQBrowser", "QQ 浏览器"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"),
    ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip
#: Some proxies append the port as well.
_WITH_PORT = re.compile(r"\[(?P<v6>[^\]]+)\](:\d+)?|(?P<v4>[\d.]+):\d+")


def sender_of(request: HttpRequest) -> str:
    """Behind an HTTPS proxy the address it appended last, which nobody but it can write; "" where that is none."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.HTTPS else ""
    told = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    if found := _WITH_PORT.fullmatch(told):
        told = found["v6"] or found["v4"]
    try:
        return str(ip_address(told.partition("%")[0]))
    except ValueError:
        return ""


def address_of(request: HttpRequest) -> str:
    """Whose guess this is. Of IPv6 the network: whoever has one has as many addresses in it as they like."""
    try:
        return network_of(sender_of(request) or request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return ""


def who(request: HttpRequest) -> bytes:
    """Who it is, as far as counting needs. Whoever comes without an address, by a socket, is this machine."""
    return visitor(address_of(request) or "127.0.0.1")


def device_of(agent: str) -> str:
    """Browser and system of a User-Agent header, such as `Chrome · Android`; "" where it names neither."""
    named = (next((word for mark, word in table if mark in agent), "") for table in (_BROWSERS, _SYSTEMS))
    return " · ".join(filter(None, named))


def network_shown(address: str) -> str:
    """`203.0.113.x` of an IPv4 address, the first 48 bits of another; "" where there is none."""
    try:
        whole = ip_address(address)
    except ValueError:
        return ""
    if whole.version == 4:
        return f"{address.rpartition('.')[0]}.x"
    return ":".join(whole.exploded.split(":")[:3]) + ":x"

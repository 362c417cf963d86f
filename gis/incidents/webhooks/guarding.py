"""Where a webhook may lead: the outside, and of the inside what the setting names. Whoever may enter an address must
not be able to make this server knock at doors that only it can reach (SSRF).

A name is resolved anew before every sending and the connection goes to that very address, so a name that is changed in
between leads nowhere else. Nothing is redirected.
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from gis.written import refuse

#: Ports of the web; below 1024 the others belong to services that read whatever they are sent.
_PORTS = (80, 443)
#: Addresses that hold an IPv4 address in their last 32 bits, which is what they lead to.
_HOLDING = (ip_network("64:ff9b::/96"), ip_network("::ffff:0:0/96"), ip_network("::/96"))


@dataclass(frozen=True)
class Target:
    """An address that may be sent to: `ip` is where the connection goes, whatever the name says meanwhile."""

    https: bool
    host: str
    ip: str
    port: int
    path: str


def find_target(url: str) -> Target:
    """Where an address leads. Raises Refused, naming the field `url`, for one that must not be sent to."""
    https, host, port, path = _parts(url)
    found = [ip_address(text) for text in _resolve(host, port)]
    named = [ip for ip in found if _is_named(ip)]
    if not all(ip in named or is_outside(ip) for ip in found):
        raise refuse(
            "url",
            _("这个网址通向内部网络。"),
            _("请换成对外的网址；确需内部地址的，在 WEBHOOK_NETWORKS 中列出网段。"),
        )
    if not https and len(named) < len(found):
        raise refuse("url", _("网址不是 https 开头。"), _("请使用 https；http 只用于 WEBHOOK_NETWORKS 中的网段。"))
    return Target(https, host, str(found[0]), port, path)


def _parts(url: str) -> tuple[bool, str, int, str]:
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    host = parts.hostname or ""
    plain = host.isascii() and url.isascii() and not any(sign.isspace() for sign in url)
    if parts.scheme not in ("https", "http") or not host or not plain or "@" in parts.netloc:
        raise refuse("url", _("这不是一个可以推送的网址。"), _("请写成 https://主机/路径，不带用户名和密码。"))
    port = port or (443 if parts.scheme == "https" else 80)
    if port not in _PORTS and port < 1024:
        raise refuse("url", _("这个端口不能推送。"), _("请使用 443、80 或 1024 以上的端口。"))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme == "https", host, port, path


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        found = []
    addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    if not addresses:
        raise refuse("url", _("找不到这个主机。"), _("请核对网址，或请管理员核对服务器的域名解析。"))
    return addresses


def is_outside(ip: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to the public network, and so does the one it holds."""
    if isinstance(ip, IPv6Address):
        held = _held(ip)
        if held is not None:
            return is_outside(held)
        if ip.teredo:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _held(ip: IPv6Address) -> IPv4Address | None:
    if any(ip in network for network in _HOLDING):
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.sixtofour


def _is_named(ip: IPv4Address | IPv6Address) -> bool:
    networks: list[IPv4Network | IPv6Network] = settings.WEBHOOK_NETWORKS
    return any(ip in network for network in networks if network.version == ip.version)

"""Base maps besides our own drawing. None is offered unless a setting names it: the product works with no network."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_TIANDITU = {"vec": "天地图（矢量）", "img": "天地图（影像）"}


def _hosts(url: str, subdomains: str) -> list[str]:
    host = urlsplit(url).netloc
    names = [host.replace("{s}", letter) for letter in subdomains] if "{s}" in host else [host]
    scheme = urlsplit(url).scheme
    return [f"{scheme}://{name}" for name in names]


def _tianditu(key: str) -> list[dict]:
    address = "https://t{s}.tianditu.gov.cn/DataServer?T=%s_w&X={x}&Y={y}&L={z}&tk=" + key
    return [
        _base(f"tianditu-{layer}", name, address % layer, "wgs84", "天地图", "01234567", label=address % note)
        for (layer, name), note in zip(_TIANDITU.items(), ("cva", "cia"), strict=True)
    ]


def _base(code: str, name: str, url: str, crs: str, attribution: str, subdomains: str = "abc", label: str = "") -> dict:
    return {
        "id": code,
        "name": name,
        "url": url,
        "labels": label,
        "crs": crs,
        "attribution": attribution,
        "subdomains": subdomains,
        "maxZoom": 18,
        "hosts": _hosts(url, subdomains),
    }


def base_maps(tianditu_key: str, url: str, name: str, crs: str, attribution: str) -> list[dict]:
    """What the switcher offers besides the offline base, and the hosts the content security policy must admit."""
    offered = _tianditu(tianditu_key) if tianditu_key else []
    if url:
        _must_be_tiles(url)
        offered.append(_base("custom", name, url, crs, attribution))
    return offered


def _must_be_tiles(url: str) -> None:
    parts = urlsplit(url)
    numbered = all(part in url for part in ("{z}", "{x}", "{y}"))
    if parts.scheme not in ("http", "https") or not parts.netloc or not numbered:
        raise ImproperlyConfigured("BASE_MAP_URL is not a web address with {z}, {x} and {y} in it.")

"""Addresses of the built browser files.

`npm run build` names each file after its content and writes the manifest that is read here.
"""

import json
from functools import lru_cache
from pathlib import Path

from django import template
from django.conf import settings
from django.templatetags.static import static

BUILT = Path(__file__).resolve().parent.parent / "static" / "built"
register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built file by its plain name: `{% asset "map.js" %}` → `/static/built/map.0123456789ab.js`.

    Before the first build it is the plain name itself: the page stays readable without its looks.
    """
    return static(f"built/{built_name(name, BUILT / 'manifest.json')}")


def built_name(name: str, manifest: Path) -> str:
    """The name with its content's hash; the name itself where there is no manifest."""
    try:
        # A server knows the files that were there when it started, so it stays with the manifest of that moment.
        written = manifest.stat().st_mtime_ns if settings.DEBUG else 0
        return _read(manifest, written).get(name, name)
    except FileNotFoundError:
        return name


@lru_cache(maxsize=4)
def _read(manifest: Path, written: int) -> dict[str, str]:
    return json.loads(manifest.read_text())

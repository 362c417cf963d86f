"""The field page: a shell that says nothing of anybody, so that a phone may keep it; and what it asks."""

import json
from functools import cache
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import DjangoTranslation
from django.views.decorators.http import require_safe

from gis.models import Area
from web.field.holder import holder_of
from web.templatetags.assets import BUILT, asset, built_name

#: The language the source is written in: its words need no catalogue.
SOURCE = "zh-hans"


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The shell, in the language of `?lang=` (what a phone keeps) or the reader's own."""
    language = request.GET.get("lang")
    if language not in dict(settings.LANGUAGES):
        language = get_language()
    with translation.override(language):
        first = [static(f"built/{name}") for name in _built()["first"]]
        response = render(request, "web/field.html", {"language": language, "first": first})
    response["Cache-Control"] = "no-cache"
    if "lang" not in request.GET and settings.SESSION_COOKIE_NAME in request.COOKIES:
        # A phone without a service worker, so probably without a pack: it comes beside the script instead of after it.
        response["Link"] = f"<{reverse('field-pack')}?first=1>; rel=preload; as=fetch; crossorigin"
    return response


def hello(request: HttpRequest) -> HttpResponse:
    """Who is signed in, as the phone may know them; also asked to learn whether the server is there."""
    return JsonResponse(told_of(request), headers={"Cache-Control": "private, no-store"})


def told_of(request: HttpRequest) -> dict:
    """What a phone knows of who is signed in, and what opens its forms."""
    access = request.access
    return {
        "holder": holder_of(request.user),
        "able": sorted(name for name in access.scopes if access.may_anywhere(name)),
        "days": settings.FIELD_OFFLINE_DAYS,
        "demonstration": Area.objects.filter(source="demo").exists(),
        "csrf": get_token(request),
    }


@require_safe
def keeper(request: HttpRequest) -> HttpResponse:
    """The service worker, behind the names of the files it keeps; new names make it a new one."""
    files = [static(f"built/{name}") for name in _built()["files"]]
    languages = dict(settings.LANGUAGES)
    shells = [f"{reverse('field')}?lang={code}" for code in languages]
    files += [f"{reverse('field-words')}?lang={code}" for code in languages if code != SOURCE]
    file = BUILT / built_name("keeper.js", BUILT / "manifest.json")
    body = file.read_text() if file.exists() else ""
    version = sha256(json.dumps([files, shells, body]).encode()).hexdigest()[:12]
    told = json.dumps({"version": version, "files": files, "shells": shells})
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(f"const FIELD={told};\n{body}", content_type="text/javascript; charset=utf-8", headers=headers)


@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """The page's words in another language than that of the source: those that occur in it, and no others."""
    body = _words(request.GET.get("lang", ""))
    return HttpResponse(body, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What makes the page installable."""
    pictures = [(size, asset(f"icon-{size}.png")) for size in (192, 512)]
    told = {
        "id": reverse("field"),
        "name": _("网格外勤"),
        "short_name": _("外勤"),
        "lang": get_language(),
        "start_url": reverse("field"),
        "scope": "/",
        "display": "standalone",
        "theme_color": "#1b4f8a",
        "background_color": "#f7f5f0",
        "icons": [
            {"src": address, "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any maskable"}
            for size, address in pictures
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


@cache
def _words(language: str) -> str:
    if language == SOURCE or language not in dict(settings.LANGUAGES):
        return ""
    page = "".join((BUILT / name).read_text() for name in _built()["files"] if name.endswith(".js"))
    known = DjangoTranslation(language, domain="djangojs", localedirs=settings.LOCALE_PATHS)._catalog
    used = {word: said for word, said in known.items() if isinstance(word, str) and word and word in page}
    return f"const w={json.dumps(used, ensure_ascii=False)};globalThis.gettext=(m)=>w[m]??m;"


@cache
def _built() -> dict[str, list[str]]:
    """The page's built files. A server knows those that were there when it started, as with every page."""
    try:
        return json.loads((BUILT / "field.json").read_text())
    except FileNotFoundError:  # before the first build: the page says what it can without its script
        return {"files": [], "first": []}

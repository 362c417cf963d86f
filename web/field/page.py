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
from django.views.decorators.http import require_safe

from gis.models import Area
from web.field.holder import holder_of
from web.templatetags.assets import BUILT, built_name


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The shell, in the language of `?lang=` (what a phone keeps) or the reader's own."""
    language = request.GET.get("lang")
    if language not in dict(settings.LANGUAGES):
        language = get_language()
    with translation.override(language):
        response = render(request, "web/field.html", {"language": language})
    response["Cache-Control"] = "no-cache"
    return response


def hello(request: HttpRequest) -> HttpResponse:
    """Who is signed in, as the phone may know them; also asked to learn whether the server is there."""
    access = request.access
    told = {
        "holder": holder_of(request.user),
        "able": sorted(name for name in access.scopes if access.may_anywhere(name)),
        "days": settings.FIELD_OFFLINE_DAYS,
        "demonstration": Area.objects.filter(source="demo").exists(),
        "csrf": get_token(request),
    }
    return JsonResponse(told, headers={"Cache-Control": "private, no-store"})


@require_safe
def keeper(request: HttpRequest) -> HttpResponse:
    """The service worker, behind the names of the files it keeps; new names make it a new one."""
    files = [static(f"built/{name}") for name in _kept_files()]
    shells = [f"{reverse('field')}?lang={code}" for code, _name in settings.LANGUAGES]
    body = (BUILT / built_name("keeper.js", BUILT / "manifest.json")).read_text()
    version = sha256(json.dumps([files, shells, body]).encode()).hexdigest()[:12]
    told = json.dumps({"version": version, "files": files, "shells": shells})
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(f"const FIELD={told};\n{body}", content_type="text/javascript; charset=utf-8", headers=headers)


@cache
def _kept_files() -> list[str]:
    """The page's built files. A server knows those that were there when it started, as with every page."""
    return json.loads((BUILT / "field.json").read_text())

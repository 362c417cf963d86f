"""Words searched for that may name a person: held in the session, sealed, and named in the address by a token.

So the address holds no personal data (it ends up in logs, histories and bookmarks), while paging, reloading and the
back button work.
"""

import secrets
from base64 import b64decode, b64encode
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from gis.people.sealing import SealBroken, open_seal, seal

#: Searches remembered at a time; the oldest makes room.
_MOST = 8
_LONGEST = 60
_NOT_FILTERS = ("csrfmiddlewaretoken", "page", "text", "held")


def to_filtered_address(request: HttpRequest) -> HttpResponse:
    """Answer a posted filter form with the address that shows its result, the words replaced by a token."""
    filters = {name: value for name, value in request.POST.items() if value and name not in _NOT_FILTERS}
    if held := hold_posted(request):
        filters["held"] = held
    return redirect(f"{request.path}?{urlencode(filters)}" if filters else request.path)


def hold_posted(request: HttpRequest) -> str:
    """Hold the words of a posted form; their token, "" where it has none."""
    text = request.POST.get("text", "").replace("\x00", "").strip()[:_LONGEST]
    return hold(request, text) if text else ""


def held_text(request: HttpRequest) -> str:
    """The words an address names by its token, "" where it names none or they are forgotten."""
    return words_of(request, request.GET.get("held", ""))


def words_of(request: HttpRequest, held: str) -> str:
    """The words that a token of this session names, "" where they are forgotten."""
    sealed = request.session.get("held", {}).get(held) if held else None  # a map without words asks for no session
    try:
        return open_seal(b64decode(sealed)) if sealed else ""
    except SealBroken:
        return ""


def hold(request: HttpRequest, text: str) -> str:
    """Remember words for this session and no other; the token that names them."""
    held = dict(list(request.session.get("held", {}).items())[-(_MOST - 1) :])
    token = secrets.token_urlsafe(6)
    request.session["held"] = held | {token: b64encode(seal(text)).decode()}
    return token

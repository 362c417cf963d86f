"""The pack: what a phone keeps of one worker's ground, so that it works without signal.

A part is made by a function of who asks and for which ground; the phone says which it has by their marks and is sent
the others. A part with anything of a person in it is `personal`: the phone seals it, or does not store it at all.
"""

import gzip
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope
from gis.accounts.users import User
from gis.errors import OutOfScope
from gis.models import Area, Building, CellVersion, Organisation, Resident
from gis.people.reading import Act, note_reading
from web.field import asked, categories, cells, components, doors, ground, open_incidents, organisations, visits
from web.field.holder import holder_of
from web.field.page import told_of

#: Buildings of the largest ground that goes on a phone; whoever has more chooses a community or a cell.
MOST_BUILDINGS = 3000


@dataclass(frozen=True)
class Part:
    """`make` gives what JSON can hold, the same for the same data: its bytes are compared.

    `first`: what the opening view shows, sent before the rest on a phone that has nothing yet. `own`: it is made for
    one person, who is named to `make` before the others.
    """

    make: Callable[..., object]
    personal: bool = True
    first: bool = False
    own: bool = False


#: Every part, by the name the phone knows it by (web/frontend/src/field/parts.ts).
PARTS: dict[str, Part] = {
    "cells": Part(cells.cells, personal=False),
    "workers": Part(cells.workers),
    "ground": Part(ground.ground, personal=False),
    "categories": Part(categories.categories, personal=False),
    "components": Part(components.components, personal=False),
    "incidents": Part(open_incidents.open_incidents),
    "doors": Part(doors.doors),
    "households": Part(doors.households),
    "codes": Part(doors.codes, personal=False),
    "organisations": Part(organisations.organisations),
    "visits": Part(visits.visits_part, first=True, own=True),
}


def send(request: HttpRequest) -> HttpResponse:
    """The parts that differ from those named in `have` (name.mark, …), for the area asked for or all one's own.

    Where that is more than a phone should hold, smaller areas to choose from instead. With `first` only the parts that
    the opening view shows, and who is signed in: a phone that has nothing yet asks for it before its script is there.
    """
    first = "first" in request.GET
    scope = ground_of(request.access, request.GET.get("area", ""))
    had = dict(one.split(".", 1) for one in request.GET.get("have", "").split(",") if "." in one)
    answer = {"holder": holder_of(request.user), "made": int(time.time() * 1000), "parts": {}, "same": []}
    answer |= {"whole": not first} | ({"hello": told_of(request)} if first else {})
    if _fits(scope):
        answer |= {"area": ",".join(scope.areas)} | _parts(request.user, scope, had, first)
    else:
        answer |= {"area": "", "choose": choices(scope)}
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Encoding": "gzip", "Cache-Control": "private, no-store", "X-Length": str(len(body))}
    return HttpResponse(gzip.compress(body, 6), content_type="application/json", headers=headers)


def _parts(user: User, scope: Scope, had: dict[str, str], first: bool) -> dict:
    sent, same = {}, []
    for name, part in PARTS.items():
        if first and not part.first:
            continue
        content = part.make(*([user] if part.own else []), user.access, scope)
        mark = sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:16]
        if had.get(name) == mark:
            same.append(name)
        else:
            sent[name] = {"mark": mark, "personal": part.personal, "content": content}
    _note_people(sent, user)
    _note_organisations(sent, user)
    return {"parts": sent, "same": same}


#: Where the parts hold people, as the fields of them are named in the log of what was read.
_FIELDS = {
    "households": ("name", "born", "phone", "identity", "needs", "room"),
    "visits": ("name", "born", "phone", "needs", "room"),
}


def _note_people(sent: dict, user: User) -> None:
    """Note the people of the parts that a phone is sent."""
    visits = _content(sent, "visits")
    due = {one["id"] for door in visits.get("doors", ()) for one in door["people"]}
    found = {
        "households": {one["resident"] for door in _content(sent, "households").values() for one in door},
        "visits": due | asked.named_by(visits.get("forms", {})),
    }
    if keys := set().union(*found.values()):
        fields = {field for part, people in found.items() if people for field in _FIELDS[part]}
        people = Resident.objects.filter(pk__in=keys).values_list("pk", "area")
        note_reading(Act.FIELD, user, user.access, people, fields=fields | asked.told_by(visits.get("forms", {})))


def _note_organisations(sent: dict, user: User) -> None:
    """Note the units whose representatives and phones a phone is sent."""
    keys, fields = organisations.shown_contacts(_content(sent, "organisations"))
    if keys:
        pairs = Organisation.objects.filter(pk__in=keys).values_list("pk", "area")
        note_reading(Act.FIELD, user, user.access, pairs, fields=fields, of="organisations")


def _content(sent: dict, part: str) -> dict:
    return sent.get(part, {}).get("content") or {}


def ground_of(access: Access, asked: str) -> Scope:
    """The ground a pack is asked for: areas separated by commas, or all one's own.

    Raises OutOfScope for an area that is not one's own.
    """
    own = access.which("area.read")
    wanted = [code for code in asked.split(",") if code]
    if not all(own.covers(code) for code in wanted):
        raise OutOfScope(_("没有找到，或不在您的辖区内。"), fix=_("请重新选择要带在手机上的辖区。"))
    return Scope.of(wanted) if wanted else own


def _fits(scope: Scope) -> bool:
    if any(len(code) < 12 for code in scope.areas):
        return False
    return Building.objects.inside(scope).count() <= MOST_BUILDINGS


def choices(scope: Scope) -> list[dict[str, str]]:
    """The communities to choose from; the cells, where there is one community."""
    communities = list(Area.objects.inside(scope).standing().filter(level="community").values_list("code", "name"))
    if len(communities) < 2:
        communities = CellVersion.objects.on(cells.today()).inside(scope).values_list("code", "name")
    return [{"code": code, "name": name} for code, name in communities]

"""What is written about doors on the page of a building: the same acts as in the field, by a plain form."""

import json
from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gis.errors import Conflict, Refused
from gis.models import Building, Dwelling
from gis.people.door_form import building_to_write, save_door
from gis.places.doors import add_doors, read_door, remove_doors
from gis.places.storeys import elevation, walking_order
from gis.places.verification import Standing, standing
from web.errors import status_of
from web.pages import buildings
from web.pages.paging import read_number

#: Fields of somebody new, as `gis.people.newcomer` names them.
_NEWCOMER = ("name", "document", "number", "sex", "born", "relation", "population", "phone", "starts")


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what the form says, and show the building again; or the form with what was refused or is in conflict."""
    building = building_to_write(pk, request.access)
    act = _ACTS.get(request.POST.get("act", ""), _save_door)
    try:
        return act(request, building)
    except (Refused, Conflict) as trouble:
        return _again(request, building, trouble)


def _save_door(request: HttpRequest, building: Building) -> HttpResponse:
    body = body_of(request.POST, building.pk)
    save_door(body, by=request.user, access=request.access, at=timezone.now())
    messages.success(request, _("已保存。"))
    door = building.dwellings.filter(pk=body["door"]).first()
    following = _next_unverified(building, door) if request.POST.get("then") == "next" else door
    return _to(building, "household" if following else "doors", door=following.pk if following else None)


def _next_unverified(building: Building, after: Dwelling | None) -> Dwelling | None:
    walked = list(walking_order(elevation(building.dwellings.all())))
    at = walked.index(after) + 1 if after in walked else 0
    doors = [door for door in walked[at:] + walked[:at] if door != after]
    return next((door for door in doors if standing(door) == Standing.UNVERIFIED), None)


def body_of(form: QueryDict, building: int) -> dict:
    """The form as `gis.people.door_form` takes it; what is left empty is left out."""
    body = {"building": building, "door": read_number(form.get("door"))}
    for name in ("answer", "state", "was", "end", "restore"):
        if form.get(name):
            body[name] = form[name]
    if body.get("state") == body.get("was") and not body.get("answer"):
        body.pop("state", None)
    named = {name: form.get(f"named-{name}", "") for name in ("unit", "floor", "room")}
    renamed = {name: form.get(f"new-{name}", "") for name in ("unit", "floor", "room")}
    if renamed["room"] and renamed != named:
        body |= {"rename": renamed, "named": named}
    return body | {"people": [*_changes(form), *_newcomers(form)]}


def _changes(form: QueryDict) -> list[dict]:
    changes = []
    for stay in filter(None, map(read_number, form.getlist("stay"))):
        change: dict = {"stay": stay}
        if form.get(f"stays-{stay}") == "stays":
            change["confirmed"] = True
        if form.get(f"stays-{stay}") == "left":
            change |= {"left": form.get(f"left-{stay}") or timezone.localdate().isoformat()}
            change |= {"was_left": form.get(f"was_left-{stay}") or None}
        if phone := form.get(f"phone-{stay}", "").strip():
            change |= {"phone": phone, "was": form.get(f"was-{stay}", "")}
        if number := form.get(f"number-{stay}", "").strip():
            change["number"] = number
        if len(change) > 1:
            changes.append(change)
    return changes


def _newcomers(form: QueryDict) -> list[dict]:
    facts = {name: value for name in _NEWCOMER if (value := form.get(f"add-{name}", "").strip())}
    typed = facts.keys() & {"name", "number", "phone"}
    return [{"add": facts, "another": form.get("another") == "1"}] if typed else []


def _add(request: HttpRequest, building: Building) -> HttpResponse:
    try:
        rows = json.loads(request.POST.get("doors", ""))
        wanted = [read_door(*row) for row in rows]
    except (ValueError, TypeError) as error:
        raise Refused(_("无法识别填写的内容。"), fix=_("请重新填写。")) from error
    added = add_doors(building, wanted, by=request.user, at=timezone.now()).added
    messages.success(request, _("已新增 %(n)s 户。") % {"n": len(added)})
    keys = sorted(door.pk for door in added)
    return _to(building, "doors", added=f"{keys[0]}-{keys[-1]}" if keys else None)


def _remove(request: HttpRequest, building: Building) -> HttpResponse:
    keys = [key for key in map(read_number, request.POST.getlist("key")) if key is not None]
    removed = remove_doors(building, keys, by=request.user, at=timezone.now())
    messages.success(request, _("已撤销新增的 %(n)s 户。") % {"n": removed})
    return _to(building, "doors")


_ACTS: dict[str, Callable[[HttpRequest, Building], HttpResponse]] = {"add": _add, "remove": _remove}


def _to(building: Building, part: str, **query) -> HttpResponseRedirect:
    asked = urlencode({name: value for name, value in query.items() if value is not None})
    return redirect(f"{reverse('building', args=[building.pk])}{'?' + asked if asked else ''}#{part}")


def _again(request: HttpRequest, building: Building, trouble: Refused | Conflict) -> HttpResponse:
    """The page with the form as it was filled in; in a conflict, theirs beside it and known to the next try."""
    request.GET = request.GET.copy()
    if read_number(request.POST.get("door")) is not None:
        request.GET["door"] = request.POST["door"]
    theirs = trouble.theirs if isinstance(trouble, Conflict) else {}
    more = {"trouble": trouble, "theirs": theirs, "posted": request.POST, "status": status_of(trouble)}
    return buildings.record(request, building, **more)

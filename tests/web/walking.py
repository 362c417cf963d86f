"""Walking every address of the product: the patterns, the addresses they make with real ids, and what answers tell."""

import gzip
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import asinh, pi, radians, tan
from urllib.parse import quote
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.html import escape

from gis.models import (
    Area,
    Attachment,
    Building,
    CellVersion,
    CommunityWish,
    Component,
    Compound,
    Consultation,
    Correction,
    Dwelling,
    Export,
    Form,
    HotlineFile,
    Incident,
    LifeEvent,
    Need,
    Organisation,
    Plan,
    PlanOpening,
    PlanProposal,
    PublicPhoto,
    Report,
    Residence,
    Resident,
    ServicePoint,
    Sheet,
    Subscription,
)
from layers.features.kinds import KINDS
from layers.indicators import INDICATORS
from layers.places import LAYERS
from layers.tiles import MIN_ZOOM
from tests.cast import CELL

#: Ways of filling a parameter a new view may bring; without one the walk stops and says so.
KNOWN = {
    "code", "pk", "number", "layer", "z", "x", "y", "object_id", "id", "app_label", "url", "content_type_id", "uuid",
    "token", "key", "plate", "size", "form", "chosen", "format", "on", "event", "collection", "feature", "zoom", "row",
    "column",
}  # fmt: skip


@dataclass(frozen=True)
class Page:
    """One pattern of the URL conf: its name with its namespaces, its address with `{}` for each parameter."""

    name: str
    template: str
    parameters: tuple[str, ...]


def pages(urlconf: str | None = None) -> list[Page]:
    """Every pattern that ends in a view, those of the administrator's site included."""
    return list(_walk(get_resolver(urlconf), "/", "", ()))


def _walk(node: URLResolver, route: str, namespace: str, parameters: tuple) -> Iterator[Page]:
    for child in node.url_patterns:
        template, found = _template(str(child.pattern))
        here, names = route + template, (*parameters, *found)
        if isinstance(child, URLPattern):
            name = child.name or child.lookup_str
            yield Page(f"{namespace}{name}", here, names)
        else:
            yield from _walk(child, here, namespace + (f"{child.namespace}:" if child.namespace else ""), names)


def _template(pattern: str) -> tuple[str, list[str]]:
    """`areas/<str:code>/` → `areas/{}/`, ["code"]; of a regular expression its named group likewise."""
    parameter = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
    names = [first or second for first, second in parameter.findall(pattern)]
    plain = re.sub(r"\\(.)", r"\1", parameter.sub("{}", pattern))
    return plain.strip("^$").replace("/$", "/").replace("\\Z", ""), names


@dataclass(frozen=True)
class Belongings:
    """One of everything that lies in an area, by the parameter that would name it in an address."""

    area: str
    objects: dict[str, object]

    @classmethod
    def of(cls, area: str) -> "Belongings":
        found = {
            "area": Area.objects.filter(code=area).first(),
            "below": Area.objects.filter(code__startswith=area, level="community").first(),
            "cell": CellVersion.objects.filter(code__startswith=area).first(),
        }
        for model in (
            Building,
            Compound,
            Dwelling,
            Resident,
            Residence,
            Need,
            Incident,
            ServicePoint,
            Component,
            Organisation,
        ):
            found[model._meta.model_name] = model.objects.filter(area__startswith=area).order_by("-pk").first()
        return cls(area, {name: one for name, one in found.items() if one is not None})

    def values(self, parameter: str) -> list:
        """What an attacker would type there."""
        every = self.objects.values()
        if parameter in ("pk", "id", "object_id"):
            return sorted({one.pk for one in every})
        if parameter == "code":
            return sorted({one.code for one in every if hasattr(one, "code")})
        if parameter == "number":
            return [one.number for one in every if hasattr(one, "number") and hasattr(one, "reported_at")] or ["x"]
        if parameter == "uuid":  # somebody else's report, where one was ordered, or a photo of somebody's incident
            ordered = Report.objects.filter(areas__startswith=self.area).values_list("uuid", flat=True)
            photos = Attachment.objects.filter(incident__area__startswith=self.area).values_list("uuid", flat=True)
            brought = HotlineFile.objects.filter(area__startswith=self.area).values_list("uuid", flat=True)
            plans = [uuid for kind in (Plan, PlanOpening, Form, Sheet, Subscription) for uuid in self._uuids(kind)]
            wrong = Correction.objects.filter(resident__area__startswith=self.area).values_list("uuid", flat=True)
            shared = Export.objects.filter(subscription__area__startswith=self.area).values_list("uuid", flat=True)
            return [*ordered, *photos, *brought, *plans, *shared, *wrong[:5], *self._commons()] or [UUID(int=0)]
        if parameter == "event":
            happened = LifeEvent.objects.filter(area__startswith=self.area)
            return list(happened.values_list("pk", flat=True)[:2]) or [1]
        if parameter == "chosen":  # a proposal of cells for somebody's plan
            made = PlanProposal.objects.filter(plan__area__startswith=self.area)
            return list(made.values_list("uuid", flat=True)) or [UUID(int=0)]
        fixed = {"layer": list(MIN_ZOOM), "app_label": ["grid"], "url": ["nothing/"], "content_type_id": [1]}
        fixed |= {"token": ["guessed"], "key": ["a" * 32, "1:x:y"], "plate": ["ACDEFHJKLM"], "size": ["full"]}
        fixed |= {"form": ["json", "xml"], "on": ["2026-01-01"]}
        fixed |= {"format": ["geojson", "csv"], "collection": list(KINDS), "zoom": [14], "row": [0], "column": [0]}
        fixed |= {"feature": self.values("code") + self.values("number")}
        return fixed[parameter]

    def _uuids(self, kind) -> list:
        return list(kind.objects.filter(area__startswith=self.area).values_list("uuid", flat=True))

    def _commons(self) -> list:
        """Wishes, questions and covered photos: their ids stand in public pages."""
        inside = [
            CommunityWish.objects.filter(area__startswith=self.area),
            Consultation.objects.filter(area__startswith=self.area),
            PublicPhoto.objects.filter(incident__area__startswith=self.area),
        ]
        return [uuid for rows in inside for uuid in rows.values_list("uuid", flat=True)]


def of_a_cell(code: str = CELL) -> Belongings:
    """One of everything in a cell, with the community above it where an address names one."""
    found, inside = Belongings.of(code[:12]), Belongings.of(code)
    found.objects.update(inside.objects)
    return found


def addresses(page: Page, things: Belongings) -> list[str]:
    """The addresses of a page that name what lies in an area, with every query a page of ours understands."""
    if "z" in page.parameters:
        return [f"/tiles/{layer}/{z}/{x}/{y}.mvt" for layer in MIN_ZOOM for z, x, y in tiles_of(things.area)]
    choices = [_fitting(page.name, parameter, things) for parameter in page.parameters]
    plain = [page.template.format(*chosen) for chosen in itertools.product(*choices)]
    return plain + [address + query for address in plain for query in _queries(page.name, things)]


def _fitting(name: str, parameter: str, things: Belongings) -> list:
    """The id of the thing itself for a page named after it; for any other page the id of everything."""
    thing = things.objects.get(re.sub("[-_].*", "", name.removeprefix("admin:grid_")))
    if thing is not None and parameter in ("pk", "object_id", "id"):
        return [thing.pk]
    if name.startswith("admin:") and parameter in ("object_id", "id"):
        return things.values(parameter)[:1]
    return things.values(parameter)


def _queries(name: str, things: Belongings) -> list[str]:
    """Parameters of our own pages that name a place, a person or a case of the area."""
    if name in ("values", "listed"):
        levels = [f"?layer={layer}&indicator=dwellings" for layer in LAYERS]
        return levels + [f"?layer=cells&indicator={code}" for code in INDICATORS]
    if name in ("at", "incident-new"):
        return [f"?lat={y}&lon={x}" for x, y in _points(things)]
    if name in ("components-here", "components-listed", "organisations-here", "organisations-listed"):
        return [f"?bbox={x - 0.01},{y - 0.01},{x + 0.01},{y + 0.01}" for x, y in _points(things)]
    if name == "search":
        words = [*_words(things), things.area]
        near = [f"?q=&lat={y}&lon={x}" for x, y in _points(things)]
        return [f"?q={word}" for word in words] + near
    if name == "dashboard":
        return [f"?area={things.area}", f"?area={things.area}&screen=1", f"?days=30&first={things.area}"]
    if name in ("buildings", "residents", "incidents", "clusters", "incidents-here", "incident-filter", "components"):
        building, dwelling = things.objects["building"].pk, things.objects["dwelling"].pk
        window = "bbox=115,39,118,42&zoom=12"
        return [
            f"?{window}&area={things.area}",
            f"?{window}&building={building}",
            f"?q={_words(things)[0]}",
            f"?door={dwelling}",
        ]
    if name.startswith("service"):
        x, y = _points(things)[0]
        asked = f"?kind=canteen&area={things.area}&at={x},{y}&k=1"
        proposal = things.objects.get("proposal")
        return [asked, "?kind=clinic", f"?uuid={proposal.uuid}"] if proposal else [asked, "?kind=clinic"]
    return _of_one_thing(name, things.objects)


def _of_one_thing(name: str, objects: dict) -> list[str]:
    if name == "building":
        return [f"?door={objects['dwelling'].pk}"]
    if name == "field-pack":
        return [f"?area={objects[place].code}" for place in ("area", "below", "cell")]
    return []


def _points(things: Belongings) -> list[tuple[float, float]]:
    inside = things.objects["building"].geometry.point_on_surface
    return [(inside.x, inside.y)]


def _words(things: Belongings) -> list[str]:
    objects = things.objects
    named = [objects[name].name for name in ("area", "below", "cell", "compound") if name in objects]
    return [word for word in [*named, objects["building"].code, objects["building"].name] if word]


def tiles_of(area: str) -> list[tuple[int, int, int]]:
    """The tiles at a few zooms in which the area's buildings lie."""
    point = Building.objects.filter(area__startswith=area).first().geometry.point_on_surface
    places = []
    for z in (8, 12, 14, 16):
        y = (1 - asinh(tan(radians(point.y))) / pi) / 2
        places.append((z, int((point.x + 180) / 360 * 2**z), int(y * 2**z)))
    return places


def told(answer) -> str:
    """What an answer tells, without what its reader typed: body and address to go to, tiles and JSON in plain text."""
    body = answer.content if not answer.streaming else b"".join(answer.streaming_content)
    if answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    text = body.decode("utf-8", "replace") + answer.headers.get("Location", "")
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    request = answer.wsgi_request
    typed = {request.get_full_path(), request.path, *request.GET.values(), *request.POST.values()}
    for word in sorted((word for word in typed if len(word) > 2), key=len, reverse=True):
        for spelling in _spellings(word):
            text = text.replace(spelling, "")
    return re.sub(r"name=\"csrfmiddlewaretoken\" value=\"\w+\"", "", text)


def _spellings(word: str) -> set[str]:
    return {word, escape(word), quote(word), quote(word, safe="")}

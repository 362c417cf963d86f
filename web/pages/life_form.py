"""The form for what happened to a person, as their page offers it to whoever writes people there."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from gis.accounts.scope import Scope
from gis.codes.naming import names_in
from gis.models import Area, Building, Dwelling, LifeEvent, Residence, Resident

Kind = LifeEvent.Kind


@dataclass(frozen=True)
class Act:
    """One thing that may be recorded: its name, and the parts of the form it needs."""

    kind: str
    name: str
    parts: tuple[str, ...]


#: In the order of the buttons. `home`: only of somebody who lives here; `away`: only of somebody who does not.
_ACTS = (
    Act(Kind.MOVED, gettext_lazy("搬家（在辖区内）"), ("along", "to", "relation", "registration", "head", "reason")),
    Act(Kind.LEFT, gettext_lazy("迁离辖区"), ("along", "far", "registration", "head", "reason")),
    Act(Kind.DIED, gettext_lazy("去世"), ("head",)),
    Act(Kind.BORN, gettext_lazy("生育（登记新生儿）"), ("child",)),
    Act(Kind.SPLIT, gettext_lazy("分户"), ("along", "head")),
    Act(Kind.JOINED, gettext_lazy("并入同一户的另一家庭"), ("along", "into", "relation", "reason")),
    Act(Kind.HEAD, gettext_lazy("改为户主"), ()),
    Act(Kind.TYPE, gettext_lazy("变更人口类型"), ("population", "reason")),
    Act(Kind.REGISTERED, gettext_lazy("户籍变更"), ("far", "to")),
    Act(Kind.NAMED, gettext_lazy("更名"), ("name",)),
)


def life_form(request: HttpRequest, resident: Resident, here: Residence | None) -> dict:
    """What the form of the person's page offers; nothing where the reader does not write people there."""
    if not request.access.may("people.write", resident.area) or resident.died_on:
        return {}
    mates = _mates(request, here)
    acts = [act for act in _ACTS if _fits(act, resident, here, mates)]
    chosen = request.POST.get("kind") or request.GET.get("event")
    act = next((act for act in acts if act.kind == chosen), None)
    return {"acts": acts, "act": act, "today": timezone.localdate()} | (
        _offered(request, act, here, mates) if act else {}
    )


def _fits(act: Act, resident: Resident, here: Residence | None, mates: list[Residence]) -> bool:
    alone = not any(here and mate.household_id == here.household_id for mate in mates)
    if act.kind == Kind.BORN:
        return bool(here) and resident.sex != "1"
    if act.kind == Kind.SPLIT:
        return not alone
    if act.kind == Kind.HEAD:
        return bool(here) and here.relation not in ("01", "02")
    if act.kind == Kind.JOINED:
        return any(mate.household_id != here.household_id for mate in mates)
    return bool(here) or act.kind in (Kind.MOVED, Kind.DIED, Kind.TYPE, Kind.NAMED, Kind.REGISTERED)


def _mates(request: HttpRequest, here: Residence | None) -> list[Residence]:
    if here is None:
        return []
    stays = Residence.objects.inside(request.access.which("people.write"))
    stays = stays.filter(dwelling=here.dwelling_id, kind=Residence.Kind.LIVING, ends=None).exclude(pk=here.pk)
    return list(stays.select_related("resident").order_by("household", "relation", "pk"))


def _offered(request: HttpRequest, act: Act, here: Residence | None, mates: list[Residence]) -> dict:
    own = here.household_id if here else None
    offered = {
        "mates": [mate for mate in mates if mate.household_id == own or act.kind != Kind.SPLIT],
        "others": [mate for mate in mates if mate.household_id not in (own, None)],
        "heads": [mate for mate in mates if mate.household_id == own],
        "relations": names_in("relation"), "reasons": names_in("migrate_reason"),
        "populations": Resident.Population.choices, "fars": LifeEvent.Far.choices,
    }  # fmt: skip
    if "to" in act.parts:
        offered["buildings"] = [one for one in buildings_to_write(request) if one.has_doors]
    if "far" in act.parts:
        offered["streets"] = areas_elsewhere(request.access.which("people.write"))
    return offered


def buildings_to_write(request: HttpRequest) -> list[Building]:
    """The buildings where the reader may write people, by name; `has_doors` says which have any."""
    found = Building.objects.inside(request.access.which("people.write"))
    found = found.annotate(has_doors=Exists(Dwelling.objects.filter(building=OuterRef("pk"))))
    return sorted(found.select_related("compound").defer("geometry", "drawing"), key=lambda one: one.label)


def areas_elsewhere(own: Scope) -> list[Area]:
    """The streets of one's district and the communities of one's own street: their names are no secret."""
    districts, streets = {code[:6] for code in own.areas}, {code[:9] for code in own.areas}
    listed = (
        Area.objects.standing().filter(level__in=("street", "community")).only("code", "name", "short_name", "level")
    )
    return [
        one
        for one in listed.order_by("code")
        if not own.covers(one.code)
        and (one.code[:6] in districts if one.level == "street" else one.code[:9] in streets)
    ]

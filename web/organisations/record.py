"""One unit: what is known, its checks, a check written down; the form by which it is written and changed."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gis.errors import NotAllowed, Refused
from gis.models import Building, Dwelling, Organisation, OrganisationCheck
from gis.organisations.checking import hazards, read_look, record_check
from gis.organisations.finding import Contact, contact_of
from gis.organisations.kinds import kinds
from gis.organisations.registering import change, read_unit, register
from gis.people.masking import revealable, rule
from gis.people.reading import Act
from web.errors import status_of
from web.organisations.listing import note_contacts
from web.pages.choices import names_of
from web.pages.life_form import buildings_to_write
from web.pages.paging import read_number
from web.pages.residents import never_kept

#: Checks on a record: some two years of the shortest interval.
_SHOWN = 24


def show(request: HttpRequest, pk: int) -> HttpResponse:
    return record(request, read_organisation(request, pk))


def read_organisation(request: HttpRequest, pk: int) -> Organisation:
    scope = request.access.which("people.read")
    if not scope:
        raise NotAllowed(_("您的角色不能查看单位名单。"), fix=_("需要时请联系社区或街道的主管。"))
    found = Organisation.objects.inside(scope).with_due().select_related("building__compound", "dwelling")
    return get_object_or_404(found, pk=pk)


def record(
    request: HttpRequest, organisation: Organisation, status: int = 200, *, revealed=(), reason: str = "", **more
) -> HttpResponse:
    """The page of one unit; `revealed` are masked fields shown in full, for a reason that is noted with them."""
    contact = contact_of(organisation, request.access, whole=True, revealed=revealed)
    note_contacts(request, Act.RECORD, [(organisation, contact)])
    if revealed:
        opened = Contact(contact.person if "name" in revealed else "", contact.phone if "phone" in revealed else "")
        note_contacts(request, Act.REVEAL, [(organisation, opened)], reason=reason)
    today, names = timezone.localdate(), hazards()
    kind = kinds().get(organisation.kind)
    checks = organisation.checks.select_related("by", "incident")[:_SHOWN]
    context = {
        "one": organisation, "contact": contact, "kind": kind, "today": today,
        "found": [names.get(code, code) for code in organisation.hazards],
        "checks": [(check, [names.get(code, code) for code in check.findings]) for check in checks],
        "outcomes": OrganisationCheck.Outcome.choices, "hazards": names, "names": names_of({organisation.area}),
        "writes": request.access.may("people.write", organisation.area), "number": uuid4(),
        "is_closed": bool(organisation.closed_on and organisation.closed_on <= today),
        "is_late": bool(organisation.due_on and organisation.due_on < today),
        "revealable": revealable_of(request, organisation) - set(revealed),
        "sees_door": rule(request.access, "room", organisation.area) == "full",
    }  # fmt: skip
    return never_kept(render(request, "web/organisations/record.html", context | more, status=status))


def revealable_of(request: HttpRequest, organisation: Organisation) -> set[str]:
    """What this reader sees masked of a unit and may have shown in full."""
    known = {"name": organisation.person, "phone": organisation.phone_last4}
    return {name for name in revealable(request.access, organisation.area) if known.get(name)}


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a check down; once, however often the button is pressed."""
    organisation = read_organisation(request, pk)
    posted = request.POST
    try:
        body = {name: posted.get(name) for name in ("outcome", "note", "report")}
        look = read_look(body | {"findings": posted.getlist("findings")})
        stored = record_check(
            pk, look, by=request.user, access=request.access, at=timezone.now(), number=_uuid(posted.get("number"))
        )
    except Refused as trouble:
        return record(request, organisation, status_of(trouble), trouble=trouble, posted=posted)
    said = (
        _("已登记检查，并上报事件 %(number)s。") % {"number": stored.incident.number}
        if stored.incident
        else _("已登记检查。")
    )
    messages.success(request, said)
    return redirect("organisation", pk)


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        return uuid4()


def new(request: HttpRequest) -> HttpResponse:
    """The form for a new unit, `?building=12` chosen beforehand; posted, the unit."""
    if not request.access.may_anywhere("people.write"):
        raise NotAllowed(_("您的角色不能登记单位。"), fix=_("请联系这个网格的网格员。"))
    if request.method != "POST":
        return _form(request, {"building": request.GET.get("building", "")})
    try:
        made = register(read_unit(_told(request), timezone.localdate()), access=request.access, at=timezone.now())
    except Refused as trouble:
        return _form(request, request.POST, trouble=trouble)
    messages.success(request, _("已登记单位。"))
    return redirect("organisation", made.pk)


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = read_organisation(request, pk)
    if not request.access.may("people.write", organisation.area):
        raise NotAllowed(_("您的角色不能登记单位。"), fix=_("请联系这个网格的网格员。"))
    if request.method != "POST":
        note_contacts(request, Act.RECORD, [(organisation, contact_of(organisation, request.access))])
        return _form(request, _known(organisation), one=organisation)
    try:
        change(pk, read_unit(_told(request), timezone.localdate()), access=request.access)
    except Refused as trouble:
        return _form(request, request.POST, one=organisation, trouble=trouble)
    messages.success(request, _("已保存。"))
    return redirect("organisation", pk)


def _told(request: HttpRequest) -> dict:
    """What the form says. A phone left empty stays as it is; it is taken away by its box."""
    told = dict(request.POST.items())
    if not told.get("phone", "").strip() and not told.get("no_phone"):
        told.pop("phone", None)
    return told


def _known(one: Organisation) -> dict:
    door = one.dwelling or Dwelling(unit="", room=one.room)
    told = {name: getattr(one, name) for name in ("name", "kind", "credit_code", "person", "staff")}
    days = {name: getattr(one, name).isoformat() if getattr(one, name) else "" for name in ("opened_on", "closed_on")}
    return {name: value or "" for name, value in told.items()} | days | {
        "building": str(one.building_id), "unit": door.unit, "room": door.room, "phone": "",
    }  # fmt: skip


def _form(
    request: HttpRequest, told, *, one: Organisation | None = None, trouble: Refused | None = None
) -> HttpResponse:
    context = {
        "told": told, "one": one, "trouble": trouble, "kinds": kinds(), "today": timezone.localdate(),
        "buildings": buildings_to_write(request), "chosen": read_number(str(told.get("building", ""))),
    }  # fmt: skip
    status = status_of(trouble) if trouble else 200
    return never_kept(render(request, "web/organisations/form.html", context, status=status))


def at_building(request: HttpRequest, building: Building) -> list[Organisation]:
    """The units of a building that are open today, for its page; nothing where the reader reads no people."""
    found = Organisation.objects.inside(request.access.which("people.read")).filter(building=building)
    return list(found.on(timezone.localdate()).with_due().order_by("name"))

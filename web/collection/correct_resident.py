""" "This is wrong": from a person's page, with what is right, to the department that owns the field."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gis.collection.correction import Claim, is_question, propose
from gis.collection.reading import choices_of
from gis.collection.settling import checked_value
from gis.collection.showing import noted, shown_as
from gis.collection.standing import Standing, standing_of
from gis.errors import NotAllowed, Refused
from gis.incidents.residents.allowance import spend
from gis.models import Correction, Field, Residence, Resident
from gis.people.masking import rule
from gis.people.reading import Act, note_reading
from gis.people.sealing import blind_index
from gis.people.showing import age_on, show_person, show_place
from web.pages.residents import never_kept, read_resident
from web.pages.reveal import read_reason

#: What one person may say is wrong in an hour.
_MOST = 60
#: Who sees a part of a value may say that it is wrong.
_SEEN = ("full", "last4", "masked", "age")
_SOURCES = (Correction.Source.PERSON, Correction.Source.PAGE)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Which field, then what is right and on what ground; sent to the owner of the field."""
    resident = read_resident(request, pk)
    offered = offered_fields(request, resident)
    asked = next((one for one in offered if one.code == request.GET.get("field")), None)
    if asked is None:
        note_reading(Act.RECORD, request.user, request.access, [(resident.pk, resident.area)], fields=["name"])
        return never_kept(render(request, "web/corrections/choose.html", _named(request, resident, offered)))
    key = subject_keys(request, resident)[asked.subject]
    stands = standing_of(asked, [key], timezone.localdate())[key]
    if request.method != "POST":
        return _page(request, resident, asked, stands)
    try:
        _send(request, resident, asked, key, stands)
    except Refused as refused:
        return _page(request, resident, asked, stands, refused)
    messages.success(request, _("已送到%(owner)s核实，答复会出现在“我提出的更正”。") % {"owner": asked.owner.name})
    return redirect("resident", pk)


def subject_keys(request: HttpRequest, resident: Resident) -> dict[str, int]:
    """Of whom the reader may say something here: the person; where they may know the door, home and household too."""
    keys: dict[str, int] = {Field.Subject.PERSON: resident.pk}
    stays = resident.residences.inside(request.access.which("people.read")).select_related("dwelling__building")
    here = stays.filter(kind=Residence.Kind.LIVING, ends=None).first()
    place = show_place(here, request.access) if here else None
    if here and place and place.dwelling:
        keys[Field.Subject.DWELLING] = here.dwelling_id
        if here.household_id:
            keys[Field.Subject.HOUSEHOLD] = here.household_id
    return keys


def offered_fields(request: HttpRequest, resident: Resident) -> list[Field]:
    """The fields somebody else's department owns, of which the reader sees anything."""
    subjects, age = subject_keys(request, resident), age_on(resident.born, timezone.localdate())
    fields = Field.objects.filter(retired=False, subject__in=subjects).select_related("owner")
    return [
        one
        for one in fields
        if is_question(one, request.user.department)
        and rule(request.access, one.rule, resident.area) in _SEEN
        and (one.subject != Field.Subject.PERSON or one.applies_to(resident.population, age))
    ]


def _send(request: HttpRequest, resident: Resident, asked: Field, key: int, stands: Standing) -> None:
    text, none = request.POST.get("value", "").strip(), bool(request.POST.get("none"))
    if bool(text) == none:
        told = {"value": _("请填写正确的内容，或者只勾选“没有这一项”。")}
        raise Refused(_("还没有填写。"), fix=_("请改正标出的内容。"), fields=told)
    value = checked_value(asked, text, "value")
    if rule(request.access, asked.rule, resident.area) == "full" and stands.says(value):
        told = {"value": _("与档案里的一样。")}
        raise Refused(_("档案里已经是这个内容。"), fix=_("请核对后再填。"), fields=told)
    ground = read_reason(request)
    source = request.POST.get("source", "")
    if source not in _SOURCES:
        raise Refused(_("请选择谁说的。"), fix=_("请改正标出的内容。"), fields={"source": _("请从列表中选择。")})
    spend("correct", blind_index(f"correct {request.user.pk}"), _MOST, timedelta(hours=1))
    claim = Claim(asked, key, value, timezone.localdate(), ground=ground)
    # Not held against the record: whoever sees half a number must not learn by trying whether a guess is right.
    propose([claim], source=Correction.Source(source), department=request.user.department, by=request.user, blind=True)


def _page(request: HttpRequest, resident: Resident, asked: Field, stands: Standing, error=None) -> HttpResponse:
    how = rule(request.access, asked.rule, resident.area)
    if how not in _SEEN:
        raise NotAllowed(_("按您的角色，不能更正这一项。"), fix=_("请联系社区工作人员。"))
    seen = noted([asked]) | {"name"}
    note_reading(Act.RECORD, request.user, request.access, [(resident.pk, resident.area)], fields=seen)
    posted = request.POST
    context = _named(request, resident, []) | {
        "field": asked,
        "holds": shown_as(asked, stands, how),
        "stands": stands,
        "choices": _choices(asked),
        "sources": [(one.value, one.label) for one in _SOURCES],
        "value": posted.get("value", ""),
        "none": bool(posted.get("none")),
        "ground": posted.get("reason", ""),
        "source": posted.get("source", Correction.Source.PERSON),
        "error": error,
        "fields": getattr(error, "fields", {}),
    }
    return never_kept(render(request, "web/corrections/say.html", context, status=422 if error else 200))


def _choices(asked: Field) -> list[tuple[str, str]]:
    if asked.kind == Field.Kind.YES_NO:
        return [("1", _("是")), ("0", _("否"))]
    return list(choices_of(asked).items())


def _named(request: HttpRequest, resident: Resident, offered: list[Field]) -> dict:
    groups = [(label, [one for one in offered if one.subject == value]) for value, label in Field.Subject.choices]
    return {"person": show_person(resident, request.access), "groups": [group for group in groups if group[1]]}

"""Units 实有单位 on the phone: what the pack holds of them, a new one that was found, a check that was made."""

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope
from gis.collection.submission import Envelope
from gis.errors import OutOfScope
from gis.models import Organisation, OrganisationCheck
from gis.organisations.checking import hazards, read_look, record_check
from gis.organisations.finding import contact_of
from gis.organisations.kinds import kinds
from gis.organisations.registering import read_unit, register
from gis.people.masking import rule
from web.templatetags.words import word


def organisations(access: Access, scope: Scope) -> dict:
    """The open units of a ground as far as the reader may see them, and the lists their forms offer."""
    own = Scope.of(part for code in access.which("people.read").areas for part in scope.within(code).areas)
    found = Organisation.objects.inside(own).on(timezone.localdate()).with_due().select_related("dwelling")
    return {
        "rows": [_row(one, access) for one in found.order_by("building", "name", "pk")] if own else [],
        "kinds": [[kind.code, kind.shown] for kind in kinds().values()],
        "hazards": [[code, word(name)] for code, name in hazards().items()],
        "outcomes": [[outcome.value, str(outcome.label)] for outcome in OrganisationCheck.Outcome],
    }


def _row(one: Organisation, access: Access) -> dict:
    """Of the phone its last digits: whoever needs the whole opens the record."""
    contact, door = contact_of(one, access), one.dwelling or one.room
    return {
        "id": one.pk, "building": one.building_id, "name": one.name, "kind": one.kind,
        "door": str(door) if rule(access, "room", one.area) == "full" else "",
        "person": contact.person, "phone": contact.phone, "staff": one.staff, "hazards": one.hazards,
        "checked": _day(one.checked_on), "due": _day(one.due_on),
    }  # fmt: skip


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def shown_contacts(part: dict) -> tuple[list[int], set[str]]:
    """Keys of the units of a part whose representative or phone it shows, and which of both."""
    told = {"person": "name", "phone": "phone"}
    shown = [(one["id"], {told[name] for name in told if one[name] not in ("", "–")}) for one in part.get("rows", ())]
    return [key for key, fields in shown if fields], set().union(*(fields for _key, fields in shown))


def receive_organisation(body: dict, files: list[UploadedFile], envelope: Envelope) -> dict:
    """Kind `organisation`: a unit that is not written down yet, as `gis.organisations.registering` reads it."""
    unit = read_unit(body, timezone.localdate(envelope.at))
    return {"organisation": register(unit, access=envelope.access, at=envelope.at).pk}


def receive_check(body: dict, files: list[UploadedFile], envelope: Envelope) -> dict:
    """Kind `check`: `organisation` was looked at, with `outcome`, `findings`, `note`; `report` opens a case of them."""
    key = body.get("organisation")
    if not isinstance(key, int) or isinstance(key, bool):
        raise OutOfScope(_("没有找到，或不在您的辖区内。"), fix=_("请从地图或列表重新选择。"))
    check = record_check(
        key, read_look(body), by=envelope.user, access=envelope.access, at=envelope.at, number=envelope.uuid
    )
    return {"check": str(check.uuid), "incident": check.incident.number if check.incident else ""}

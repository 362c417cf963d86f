"""Who reported a case, as far as its reader may know, and what they said of the outcome."""

from dataclasses import dataclass
from datetime import datetime

from gis.accounts.scope import Access
from gis.incidents.duplicates.family import inside_of
from gis.incidents.step import Act as Move
from gis.models import Follow, Incident, Rating, Reporter
from gis.people.masking import HIDDEN, mask_phone, rule, shown_name
from gis.people.reading import Act, note_reading
from gis.people.sealing import SealBroken, open_seal
from web.pages.case import Case

#: Voices named on the page; of a flood the rest is a number.
_MOST = 20


@dataclass(frozen=True)
class Voice:
    """One who reported: when, and the name and phone they left, as this reader may see them."""

    at: datetime
    again: bool
    name: str
    phone: str
    can_call: bool
    said: Rating | None


def residents(case: Case) -> dict | None:
    """The section; nothing where no resident reported it themselves.

    Of cases merged into it those that the reader may read, each reporter by the rules of where their own case lies.
    """
    read = Incident.objects.inside(case.access.which("incident.read"))
    own = list(read.filter(pk__in=[case.incident.pk, *inside_of(case.incident.pk)]).values_list("pk", flat=True))
    follows = Follow.objects.filter(incident__in=own).select_related("step", "incident").order_by("step__at", "pk")
    total = follows.count()
    if not total:
        return None
    shown = list(follows[:_MOST])
    reporters = {one.step_id: one for one in Reporter.objects.filter(step__in=[follow.step_id for follow in shown])}
    ratings = {one.follow_id: one for one in Rating.objects.filter(incident__in=own).order_by("pk")}
    voices = [_voice(one, reporters.get(one.step_id), ratings.get(one.pk), case.access) for one in shown]
    _note(case, list(zip(shown, voices, strict=True)))
    solved = Rating.objects.filter(incident__in=own, solved=True).count()
    rated = Rating.objects.filter(incident__in=own).count()
    return {"voices": voices, "total": total, "more": total - len(shown), "solved": solved, "rated": rated}


def _note(case: Case, shown: list[tuple[Follow, Voice]]) -> None:
    """Who was shown a name or a phone, of which case: whoever left them has no record to note it of."""
    told: dict[tuple[str, str], set[str]] = {}
    for follow, voice in shown:
        fields = {name for name in ("name", "phone") if getattr(voice, name) not in ("", HIDDEN)}
        told.setdefault((follow.incident.number, follow.incident.area), set()).update(fields)
    for (number, area), fields in told.items():
        if fields:
            note_reading(Act.REPORTER, case.user, case.access, [], fields=fields, reason=number, area=area)


def _voice(follow: Follow, reporter: Reporter | None, said: Rating | None, access: Access) -> Voice:
    name, phone, can_call, area = "", "", False, follow.incident.area
    if reporter:
        name = shown_name(reporter.name, rule(access, "name", area)) if reporter.name else ""
        phone, can_call = _phone(reporter, rule(access, "phone", area))
    return Voice(follow.step.at, follow.step.act == Move.AGAIN, name, phone, can_call, said)


def _phone(reporter: Reporter, how: str) -> tuple[str, bool]:
    if not reporter.phone_last4:
        return "", False
    if how != "full":
        return (mask_phone(reporter.phone_last4) if how == "masked" else HIDDEN), False
    try:
        return open_seal(reporter.phone_sealed), True
    except SealBroken:
        return mask_phone(reporter.phone_last4), False

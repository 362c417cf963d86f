"""A check of a unit at its door: what was found stands on its record, and opens a case where whoever looked says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.codes.loading import read_table
from gis.errors import Conflict, Refused
from gis.incidents.category import Category
from gis.incidents.intake import Told, file_report
from gis.organisations.check import OrganisationCheck
from gis.organisations.kinds import small_kinds
from gis.organisations.organisation import Organisation
from gis.organisations.registering import to_write
from gis.people.call import written
from gis.people.newcomer import one_of

Outcome = OrganisationCheck.Outcome
#: What is written down later than this was not a check's record but a memory of one.
_OLDEST = timedelta(days=366)
#: Hazard → community event class, where it opens a case; of a small site whatever has no class of its own is C0105.
_CLASSES = {
    "gas": "C0201", "wiring": "C0202", "ebike": "C0102", "fire_exit": "C0101", "overcrowd": "C0204",
    "structure": "C0203", "illegal_build": "C0504", "elevator": "C0205", "flood": "C1001",
}  # fmt: skip
_SMALL_SITE, _ELSE = "C0105", "C9999"
#: Rows of the table of hazards that are none: of homes "none", and the kind of place itself.
_NO_FINDINGS = {"none", "small_site"}


@dataclass(frozen=True)
class Look:
    """What whoever looked says. `reports`: the findings open a case."""

    outcome: str
    findings: tuple[str, ...]
    note: str
    reports: bool


def read_look(body: Mapping) -> Look:
    """Read a form. Raises Refused, by field."""
    wrong: dict[str, str] = {}
    offered = hazards()
    told = body.get("findings") or []
    outcome = one_of(body.get("outcome") or "", Outcome.values, "outcome", wrong)
    if not isinstance(told, list) or not all(isinstance(one, str) and one in offered for one in told):
        wrong["findings"], told = _("请从列表中选择。"), []
    if outcome == Outcome.FOUND and not told:
        wrong.setdefault("findings", _("请勾选发现的隐患。"))
    if outcome != Outcome.FOUND and told:
        wrong.setdefault("outcome", _("勾选了隐患，请把结果改为“发现隐患”。"))
    note = body.get("note") or ""
    if not isinstance(note, str) or len(note) > 200:
        wrong["note"], note = _("备注最多 200 字。"), ""
    if wrong:
        raise Refused(_("检查记录有一处无法保存。"), fix=_("请改正标出的内容。"), fields=wrong)
    return Look(outcome, tuple(dict.fromkeys(told)), written(note), body.get("report") in (True, "1", "on"))


def hazards() -> dict[str, str]:
    """Hazards a check may find: code → name."""
    return {row["code"]: row["name"] for row in read_table("hazard") if row["code"] not in _NO_FINDINGS}


@transaction.atomic
def record_check(pk: int, look: Look, *, by: User, access: Access, at: datetime, number: UUID) -> OrganisationCheck:
    """Store a check, once by its number. Raises OutOfScope, NotAllowed, Conflict where the number is that of a check
    elsewhere, or Refused for a unit that has closed and for a time long ago.
    """
    organisation = to_write(pk, access)  # locked first: a button pressed twice at once is one check
    stored = OrganisationCheck.objects.filter(uuid=number, organisation=pk).first()
    if stored:
        return stored
    at = min(at, timezone.now())
    day = timezone.localdate(at)
    _refuse_wrong_time(organisation, at)
    incident = _report(organisation, look, by, access, at) if look.reports and look.findings else None
    check = OrganisationCheck(
        uuid=number, organisation=organisation, at=at, day=day, by=by, outcome=look.outcome,
        findings=list(look.findings), note=look.note, incident=incident, area=organisation.area,
    )  # fmt: skip
    _store(check)
    later = organisation.checks.filter(outcome__in=OrganisationCheck.LOOKED, at__gt=at).exists()
    if look.outcome in OrganisationCheck.LOOKED and not later:
        organisation.hazards = list(look.findings)
        organisation.save(update_fields=["hazards", "updated_at"])
    return check


def _store(check: OrganisationCheck) -> None:
    try:
        with transaction.atomic():
            check.save(force_insert=True)
    except IntegrityError:  # that of another unit, which may be out of sight
        raise Conflict(_("请求无法识别。"), fix=_("请刷新页面再试。")) from None


def _refuse_wrong_time(organisation: Organisation, at: datetime) -> None:
    day = timezone.localdate(at)
    if timezone.now() - at > _OLDEST:
        raise Refused(_("检查时间早于一年前。"), fix=_("请核对手机的时间后重新登记。"))
    if organisation.closed_on and day >= organisation.closed_on:
        raise Refused(_("这个单位已停业。"), fix=_("如果又开业了，请先改正停业日期。"))


def _report(organisation: Organisation, look: Look, by: User, access: Access, at: datetime):
    names = hazards()
    found = "、".join(names[code] for code in look.findings)
    text = _("检查“%(name)s”时发现：%(found)s。") % {"name": organisation.name, "found": found}
    told = Told(
        category=_category(organisation, look.findings[0]), building=organisation.building_id,
        text=f"{text}{look.note}", place=str(organisation.dwelling or organisation.room or ""),
    )  # fmt: skip
    return file_report(told, [], user=by, access=access, at=at, uuid=uuid4()).incident


def _category(organisation: Organisation, hazard: str) -> int | None:
    small = organisation.kind in small_kinds()
    code = _CLASSES.get(hazard, _SMALL_SITE if small else _ELSE)
    return Category.objects.filter(code=code).values_list("pk", flat=True).first()

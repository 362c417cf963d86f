"""Writing a unit down: read, checked, nothing kept of a number that is wrong; changed later with what stood before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.errors import NotAllowed, OutOfScope, Refused
from gis.organisations.credit_code import Fault, clean_code, fault_of
from gis.organisations.kinds import kinds
from gis.organisations.organisation import Organisation
from gis.people.moving import phone_columns
from gis.people.newcomer import one_of, one_spelling, read_day, read_phone
from gis.places.building import Building, Dwelling

_MOST_STAFF = 200_000
#: Digits of the largest key there can be.
_LONGEST_NUMBER = 19


@dataclass(frozen=True)
class Unit:
    """What was told of a unit. `phone` None: it stays as it is."""

    name: str
    kind: str
    credit_code: str
    building: int | None
    unit: str
    room: str
    person: str
    phone: str | None
    staff: int | None
    opened_on: date | None
    closed_on: date | None


def read_unit(body: Mapping, today: date) -> Unit:
    """Read a form. Raises Refused with every field that is wrong, never with what it holds."""
    wrong: dict[str, str] = {}
    unit = Unit(
        name=_line(body, "name", 100, wrong, needed=True),
        kind=one_of(body.get("kind") or "", kinds(), "kind", wrong),
        credit_code=_credit_code(body.get("credit_code"), wrong),
        building=_number(body.get("building"), "building", wrong, 2**63 - 1),
        unit=_line(body, "unit", 10, wrong),
        room=_line(body, "room", 40, wrong),
        person=_line(body, "person", 60, wrong),
        phone=read_phone(body["phone"], wrong) if "phone" in body else None,
        staff=_number(body.get("staff"), "staff", wrong, _MOST_STAFF),
        opened_on=read_day(body.get("opened_on"), today, "opened_on", wrong),
        closed_on=read_day(body.get("closed_on"), today, "closed_on", wrong),
    )
    if unit.building is None:
        wrong.setdefault("building", _("请选择楼栋。"))
    if unit.opened_on and unit.closed_on and unit.closed_on < unit.opened_on:
        wrong["closed_on"] = _("停业日期早于开业日期。")
    if wrong:
        raise Refused(_("单位资料填写有误。"), fix=_("请改正标出的内容。"), fields=wrong)
    return unit


@transaction.atomic
def register(unit: Unit, *, access: Access, at: datetime) -> Organisation:
    """Write a new unit down. Raises OutOfScope, NotAllowed, or Refused where its code is known here already."""
    made = Organisation(known_since=timezone.localdate(min(at, timezone.now())))
    _write(made, unit, access)
    made.save(force_insert=True)
    return made


@transaction.atomic
def change(pk: int, unit: Unit, *, access: Access) -> Organisation:
    """Change what is known of a unit. Raises OutOfScope or NotAllowed where it is not the caller's to write."""
    found = to_write(pk, access)
    _write(found, unit, access)
    found.save()
    return found


def to_write(pk: int, access: Access) -> Organisation:
    """A unit where the caller may write, locked."""
    seen = Organisation.objects.inside(access.which("people.read")).filter(pk=pk)
    found = seen.select_for_update(of=("self",)).select_related("building", "dwelling").first()
    if found is None:
        raise OutOfScope("There is no such organisation.")
    _must_write(access, found.area)
    return found


def _must_write(access: Access, area: str) -> None:
    if not access.may("people.write", area):
        raise NotAllowed(_("您的角色不能登记单位。"), fix=_("请联系这个网格的网格员。"))


def _write(organisation: Organisation, unit: Unit, access: Access) -> None:
    building = Building.objects.inside(access.which("area.read")).filter(pk=unit.building).first()
    if building is None:
        raise OutOfScope("There is no such building.")
    _must_write(access, building.area)
    _refuse_twin(organisation, unit, access)
    for name in ("name", "kind", "credit_code", "person", "staff", "opened_on", "closed_on"):
        setattr(organisation, name, getattr(unit, name))
    door = Dwelling.objects.filter(building=building, unit=unit.unit, room=unit.room).first() if unit.room else None
    organisation.building, organisation.dwelling, organisation.area = building, door, building.area
    organisation.room = "" if door else f"{unit.unit}单元{unit.room}" if unit.unit and unit.room else unit.room
    if unit.phone is not None:
        write_phone(organisation, unit.phone)


def write_phone(organisation: Organisation, phone: str) -> None:
    for column, value in phone_columns(phone).items():
        setattr(organisation, column, value)


def _refuse_twin(organisation: Organisation, unit: Unit, access: Access) -> None:
    """One code is one unit in one building; a chain has one code and several shops."""
    if not unit.credit_code:
        return
    same = Organisation.objects.inside(access.which("people.write")).filter(
        credit_code=unit.credit_code, building=unit.building, closed_on=None
    )
    if same.exclude(pk=organisation.pk).exists():
        fields = {"credit_code": _("这栋楼里已登记了这个代码的单位。")}
        raise Refused(_("单位资料填写有误。"), fix=_("请改正标出的内容。"), fields=fields)


def _credit_code(text: object, wrong: dict[str, str]) -> str:
    code = clean_code(text)
    fault = fault_of(code) if code else Fault.NONE
    if fault:
        wrong["credit_code"] = {
            Fault.SHAPE: _("应为 18 位数字或大写字母（不含 I、O、S、V、Z）。"),
            Fault.CHECK: _("最后一位校验码不对，请对照执照逐位核对。"),
            Fault.INNER: _("第 17 位校验码不对，请对照执照逐位核对。"),
        }[fault]
    return code


def _line(body: Mapping, name: str, most: int, wrong: dict[str, str], *, needed: bool = False) -> str:
    text = one_spelling(body.get(name))
    if len(text) > most:
        wrong[name] = _("内容超过 %(most)d 个字。") % {"most": most}
    if needed and not text:
        wrong[name] = _("请填写这一项。")
    return text


def _number(value: object, name: str, wrong: dict[str, str], most: int) -> int | None:
    text = str(value if value is not None else "").strip()
    if not text:
        return None
    # Judged as it is kept: of thousands of digits only the first would be looked at, and all of them stored.
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else -1
    if isinstance(value, bool) or not 0 <= number <= most:
        wrong[name] = _("请填写整数。")
        return None
    return number

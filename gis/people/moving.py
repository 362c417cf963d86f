"""Who lives behind a door changes: people move in, move out, are confirmed, get another phone.

A stay is never overwritten: it ends, another begins. Everything is done within the areas where the worker may write
people; a person outside them is neither found nor named. The caller holds a transaction and has locked the door.

A person known by their number within the worker's areas moves: the stay they had ends. One who is registered outside
them is written down anew (`Resident.doubled`), and the worker gets the same answer as for someone new: that a number is
known elsewhere is nothing they need, and the other area's record is not theirs to end. When somebody responsible for
both areas moves the person later, the older record moves and the double is taken into it. Only where the other office
itself has said that this person went to this area, the record comes with them (`life/handing_over.py`).
"""

from datetime import date

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope
from gis.errors import Conflict, OutOfScope, Refused
from gis.people.household import ONE_OPEN, Household, Residence
from gis.people.life.handing_over import take_over
from gis.people.locking import hold_people
from gis.people.masking import mask_phone
from gis.people.newcomer import Newcomer, read_phone, refuse_wrong
from gis.people.resident import Resident
from gis.people.sealing import blind_index, blind_indexes, index_before, is_of, seal
from gis.places.building import Dwelling
from gis.refused_rows import refuse_unless

_LIVING = Residence.Kind.LIVING
#: Relations that begin a household of their own: oneself, the head.
_HEADS = ("01", "02")


def move_in(door: Dwelling, newcomer: Newcomer, within: Scope, *, another: bool = False) -> tuple[Residence, bool]:
    """Let a person live here; the stay, and whether it is new. `within` is where the worker may write people.

    Raises Conflict where someone of that name lives here already and no number tells them apart, unless the worker
    says it is `another` person; Refused where the number is known in scope under another name.
    """
    resident = _known(newcomer, within)
    if resident:
        _take_in_doubles(resident, newcomer, within)
    else:
        if not another:
            _refuse_namesake(door, newcomer)
        resident = _registered(newcomer, door.area, within)
    here = resident.residences.filter(dwelling=door, kind=_LIVING, ends=None).first()
    if here:
        if resident.area != door.area:
            _follow(resident, newcomer, door.area)
        return here, False
    for stay in resident.residences.filter(kind=_LIVING, ends=None).select_for_update():
        end_stay(stay, max(newcomer.starts, stay.starts))
    _follow(resident, newcomer, door.area)
    return _stay(resident, door, newcomer), True


def _known(newcomer: Newcomer, within: Scope) -> Resident | None:
    """The person of that number in scope, under the same name."""
    if not newcomer.number:
        return None
    same = Resident.objects.inside(within).filter(identity_index__in=blind_indexes(newcomer.number))
    # Two questions, for two partial indexes.
    found = same.filter(doubled=False).first() or same.filter(doubled=True).order_by("pk").first()
    if found and found.name != newcomer.name:
        fields = {"name": _("与这个证件号已登记的姓名不一致。")}
        raise Refused(_("姓名与证件号对不上。"), fix=_("请对照证件核对姓名和号码。"), fields=fields)
    return found


def _refuse_namesake(door: Dwelling, newcomer: Newcomer) -> None:
    same = door.residences.filter(kind=_LIVING, ends=None, resident__name=newcomer.name)
    if newcomer.born:
        same = same.filter(Q(resident__born=None) | Q(resident__born=newcomer.born))
    found = list(same.values_list("pk", flat=True))
    if found:
        raise Conflict(
            _("这一户已有同名的住户。"),
            fix=_("如果是同一个人，不必再登记；如果是另一个人，请确认后再保存。"),
            theirs={"namesakes": found},
        )


def _registered(newcomer: Newcomer, area: str, within: Scope) -> Resident:
    """A new record; a double where the number belongs to someone out of sight."""
    facts = _sealed(newcomer) | {"area": area}
    if not newcomer.number:
        return Resident.objects.create(**facts)
    if sent := take_over(newcomer.number, newcomer.name, area):
        return sent
    # The key is drawn once: a second one for a double would leave a gap, and who counts keys would know of the other.
    facts["pk"] = _next_key()
    # ON CONFLICT DO NOTHING instead of an error, which the database's log would keep with the row. Somebody in scope
    # may have written the person down this very moment, so whoever is there now is looked up again.
    Resident.objects.bulk_create([Resident(**facts)], ignore_conflicts=True)
    return _known(newcomer, within) or Resident.objects.create(**facts, doubled=True)


def _next_key() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('grid_resident', 'id'))")
        return cursor.fetchone()[0]


def _take_in_doubles(resident: Resident, newcomer: Newcomer, within: Scope) -> None:
    """Doubles of a person whose own record is in scope too become part of it, their later stays replacing earlier."""
    same = Resident.objects.inside(within).filter(identity_index__in=blind_indexes(newcomer.number), doubled=True)
    hold_people((resident.pk, *same.values_list("pk", flat=True)), within)
    for double in same.exclude(pk=resident.pk).order_by("pk").select_for_update():
        for stay in double.residences.order_by("starts", "pk"):
            if stay.ends is None:
                for open_stay in resident.residences.filter(kind=stay.kind, ends=None):
                    end_stay(open_stay, max(stay.starts, open_stay.starts))
            stay.resident = resident
            stay.save(update_fields=["resident"])
        _drop(double, resident)


def _drop(double: Resident, resident: Resident) -> None:
    """The double's needs join the record; it goes, unless visits, facts or corrections tell of it: those stay."""
    known = resident.needs.values("tag", "starts")
    for need in double.needs.all():
        if not known.filter(tag=need.tag, starts=need.starts).exists():
            need.resident = resident
            need.save(update_fields=["resident"])
    double.needs.all()._raw_delete("default")
    if not (double.visits.exists() or double.facts.exists() or double.corrections.exists()):
        # Not `delete()`, which empties every table that might point here: requests may not write some of them.
        Resident.objects.filter(pk=double.pk)._raw_delete("default")


def _sealed(newcomer: Newcomer) -> dict:
    facts = {name: getattr(newcomer, name) for name in ("name", "sex", "born", "population", "document")}
    if newcomer.number:
        facts |= {
            "identity_sealed": seal(newcomer.number),
            "identity_index": blind_index(newcomer.number),
            "identity_before": index_before(newcomer.number),
            "identity_last4": newcomer.number[-4:],
        }
    return facts | phone_columns(newcomer.phone)


def phone_columns(phone: str) -> dict:
    """A phone as it is kept, whosever it is: sealed, findable by its whole, its end in the open; "" is none."""
    if not phone:
        return {"phone_sealed": None, "phone_index": None, "phone_last4": ""}
    return {"phone_sealed": seal(phone), "phone_index": blind_index(phone), "phone_last4": phone[-4:]}


def _follow(resident: Resident, newcomer: Newcomer, area: str) -> None:
    """The record and its needs come to the new place; a phone that was told replaces the old one."""
    changed = {"area": area, "population": newcomer.population}
    if newcomer.phone:
        changed |= phone_columns(newcomer.phone)
    _write(resident, changed)
    resident.needs.exclude(area=area).update(area=area)


def _write(resident: Resident, changed: dict) -> None:
    for name, value in changed.items():
        setattr(resident, name, value)
    resident.save(update_fields=[*changed, "updated_at"])


def _stay(resident: Resident, door: Dwelling, newcomer: Newcomer) -> Residence:
    return Residence.objects.create(
        resident=resident,
        dwelling=door,
        household=household_for(door, newcomer.relation),
        relation=newcomer.relation,
        starts=newcomer.starts,
        confirmed_on=timezone.localdate(),
        area=door.area,
    )


def household_for(door: Dwelling, relation: str) -> Household:
    """The household of the dwelling, the first of several; one of their own for a head beside another head."""
    households = Household.objects.filter(dwelling=door).order_by("pk")
    if relation in _HEADS:
        headed = Residence.objects.filter(dwelling=door, ends=None, kind=_LIVING, relation__in=_HEADS)
        households = households.exclude(pk__in=headed.exclude(household=None).values("household"))
    return households.first() or Household.objects.create(dwelling=door, area=door.area)


def stay_at(door: Dwelling, pk: object, within: Scope) -> Residence:
    """A stay behind this door in scope, locked. Raises OutOfScope for every other."""
    if not isinstance(pk, int) or isinstance(pk, bool):
        raise OutOfScope("There is no such stay.")
    stays = Residence.objects.inside(within).filter(dwelling=door, resident__in=Resident.objects.inside(within))
    hold_people(stays.filter(pk=pk).values_list("resident", flat=True), within)
    stay = stays.filter(pk=pk).select_related("resident").select_for_update(of=("self", "resident")).first()
    if stay is None:
        raise OutOfScope("There is no such stay.")
    return stay


def move_out(stay: Residence, day: date, was: str | None = None) -> bool:
    """End a stay; False where it had ended on that day already.

    Raises Conflict where it ended on another, unless that is the day the worker knew (`was`) and corrects.
    """
    if stay.ends == day:
        return False
    if stay.ends is not None and stay.ends.isoformat() != was:
        raise Conflict(
            _("别人已经登记了迁出。"),
            fix=_("请比较两边的日期，再决定保留哪一个。"),
            theirs={"people": {str(stay.pk): {"left": stay.ends.isoformat()}}},
        )
    if day < stay.starts:
        raise Refused(_("迁出日期早于入住日期。"), fix=_("请改正日期。"), fields={"left": _("早于入住日期。")})
    end_stay(stay, day)
    return True


def end_stay(stay: Residence, day: date) -> None:
    """End a stay; a household that nobody is left in is no more."""
    household, stay.ends = stay.household_id, day
    stay.save(update_fields=["ends"])
    if household and not Residence.objects.filter(household=household, ends=None).exists():
        Household.objects.filter(pk=household).delete()


def move_back(stay: Residence) -> bool:
    """Undo that somebody moved out; False where they live here. Raises Refused, saying no more, where it is late."""
    if stay.ends is None:
        return False
    stay.ends = None
    stay.household = stay.household or (household_for(stay.dwelling, stay.relation) if stay.kind == _LIVING else None)
    try:
        with transaction.atomic():
            stay.save(update_fields=["ends", "household"])
    except IntegrityError as error:
        refuse_unless(error, ONE_OPEN)
        raise Refused(_("这次迁出已不能撤销。"), fix=_("如果此人又住回来，请重新登记迁入。")) from None
    return True


def confirm(stay: Residence, day: date) -> None:
    """Somebody at the door said that the person still lives here."""
    if stay.ends is None and (stay.confirmed_on is None or stay.confirmed_on < day):
        stay.confirmed_on = day
        stay.save(update_fields=["confirmed_on"])


def correct_phone(stay: Residence, phone: object, was: str | None) -> bool:
    """Write another phone ("" for none). `was` are the last four digits the worker saw; Conflict masks today's."""
    wrong: dict[str, str] = {}
    plain = read_phone(phone, wrong)
    refuse_wrong(wrong)
    resident = stay.resident
    if is_of(resident.phone_index, plain) if plain else resident.phone_index is None:
        return False
    if was is not None and resident.phone_last4 != was:
        raise Conflict(
            _("别人已经更改了这个电话。"),
            fix=_("请比较两边的内容，再决定保留哪一个。"),
            theirs={"people": {str(stay.pk): {"phone": mask_phone(resident.phone_last4)}}},
        )
    _write(resident, phone_columns(plain))
    return True

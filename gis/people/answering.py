"""The answers of a visit, each held against what stands in the record it belongs to, then written there."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.codes.entries import Code
from gis.errors import NotAllowed, Refused
from gis.people.call import Answer, Person
from gis.people.household import Residence
from gis.people.masking import mask_phone, rule
from gis.people.need import Need
from gis.people.resident import Resident
from gis.people.sealing import blind_index, seal

#: The rule of `field_rules.csv` that opens each field of the form: nobody answers what they may not see.
_RULES = {"born": "born", "phone": "phone", "relation": "name", "needs": "needs"}


@dataclass
class Answering:
    """Answers of several people. `theirs`: by person and field, how it stands where somebody else changed it."""

    access: Access
    day: date
    theirs: dict[str, dict] = field(default_factory=dict)
    _changed: list = field(default_factory=list)  # (record, columns; None: all)
    _gave: dict[int, list[str]] = field(default_factory=dict)

    def take(self, person: Person, stay: Residence) -> None:
        """Hold the answers of one person against the records. Writes nothing."""
        for name in (*person.answers, *(["needs"] if person.needs else [])):
            if rule(self.access, _RULES[name], stay.area) != "full":
                raise NotAllowed(_("您的角色不能登记这项信息。"), fix=_("请由本网格的网格员登记。"))
        for name, answer in person.answers.items():
            standing = _STANDING[name](stay, answer)
            self._weigh(person, name, standing, answer, stay)
        for tag, still in person.needs.items():
            self._weigh_need(person, tag, still, stay)

    def _weigh(self, person: Person, name: str, standing: str | None, answer: Answer, stay: Residence) -> None:
        """`standing`: how the field stands now as the form would show it; None where it is as answered already."""
        if standing is None:
            return
        if standing != answer.was and not answer.over:
            self.theirs.setdefault(str(person.resident), {})[name] = standing
            return
        self._changed.append(_SET[name](stay, answer.now, self.day))
        self._gave.setdefault(person.resident, []).append(name)

    def _weigh_need(self, person: Person, tag: str, still: bool, stay: Residence) -> None:
        of_tag = Need.objects.filter(resident=person.resident, tag=tag, starts__lte=self.day).order_by("starts")
        need = of_tag.exclude(ends__lte=self.day).last()
        ended = of_tag.last() if need is None else None
        if need is not None:
            need.confirmed_on, need.ends = (self.day, need.ends) if still else (need.confirmed_on, self.day)
            self._changed.append((need, ["ends", "confirmed_on"]))
        elif ended is None or not still:
            return
        elif tag not in person.needs_over:
            self.theirs.setdefault(str(person.resident), {})[f"need:{tag}"] = ended.ends.isoformat()
            return
        else:
            self._changed.append((_again(ended, stay, self.day), None))
        self._gave.setdefault(person.resident, []).append(f"need:{tag}")

    def write(self) -> None:
        """Write every answer to its record. The triggers of the records follow."""
        for record, columns in self._changed:
            record.save(update_fields=columns)

    def gave(self, resident: int) -> list[str]:
        """Names of the fields that one person's answers changed or confirmed."""
        return self._gave.get(resident, [])


def _again(ended: Need, stay: Residence, day: date) -> Need:
    """A need that was said to have ended, found again on a visit: the same row where it ended on that very day."""
    if ended.starts == day:
        ended.ends, ended.confirmed_on = None, day
        return ended
    return Need(
        resident_id=ended.resident_id, tag=ended.tag, starts=day, confirmed_on=day, source="visit", area=stay.area
    )


def _born_now(stay: Residence, answer: Answer) -> str | None:
    text = stay.resident.born.isoformat() if stay.resident.born else ""
    return None if text == answer.now else text


def _phone_now(stay: Residence, answer: Answer) -> str | None:
    index = stay.resident.phone_index
    same = index is not None and bytes(index) == blind_index(answer.now)
    return None if same else (mask_phone(stay.resident.phone_last4) if stay.resident.phone_last4 else "")


def _relation_now(stay: Residence, answer: Answer) -> str | None:
    return None if stay.relation == answer.now else stay.relation


def _set_born(stay: Residence, now: str, day: date) -> tuple[Resident, list[str]]:
    stay.resident.born = date.fromisoformat(now)
    if stay.resident.born > day:
        raise Refused(
            _("走访记录有一处无法保存。"),
            fix=_("请改正标出的内容后再保存。"),
            fields={"born": _("出生日期晚于走访日期。")},
        )
    return stay.resident, ["born", "updated_at"]


def _set_phone(stay: Residence, now: str, day: date) -> tuple[Resident, list[str]]:
    person = stay.resident
    person.phone_sealed, person.phone_index, person.phone_last4 = seal(now), blind_index(now), now[-4:]
    return person, ["phone_sealed", "phone_index", "phone_last4", "updated_at"]


def _set_relation(stay: Residence, now: str, day: date) -> tuple[Residence, list[str]]:
    if not Code.objects.filter(table="relation", code=now).exists():
        raise Refused(
            _("走访记录有一处无法保存。"),
            fix=_("请改正标出的内容后再保存。"),
            fields={"relation": _("请从列表中选择。")},
        )
    stay.relation = now
    return stay, ["relation"]


_STANDING = {"born": _born_now, "phone": _phone_now, "relation": _relation_now}
_SET = {"born": _set_born, "phone": _set_phone, "relation": _set_relation}

"""The answers of a visit, each held against what stands in the record it belongs to, then written there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope
from gis.codes.entries import Code
from gis.errors import NotAllowed, Refused
from gis.people.call import Person
from gis.people.household import Residence
from gis.people.late_number import give_number, read_late_number
from gis.people.masking import mask_identity, mask_phone, rule
from gis.people.need import Need
from gis.people.sealing import blind_index, is_of, seal

#: The rule of `field_rules.csv` that opens each field of the form: nobody answers what they may not see.
_RULES = {"born": "born", "phone": "phone", "number": "identity", "relation": "name", "needs": "needs"}
#: Who sees the end of a number or a masked one copies it from the card all the same.
_ALSO = {"number": ("last4", "masked")}


@dataclass
class Answering:
    """Answers of several people, held against the records before any is written.

    `base`: what the form showed, by name. Where a record says something else by now, and not what was answered either,
    `theirs` holds how it stands; `current` how everything that was answered stands.
    """

    access: Access
    day: date
    base: dict[str, str | bool]
    theirs: dict[str, str | bool] = field(default_factory=dict)
    current: dict[str, str | bool] = field(default_factory=dict)
    #: Instead of ending a need, by person and tag: where another than the visitor has the last word on it.
    instead: dict[tuple[int, str], Callable[[], object]] = field(default_factory=dict)
    _writing: list[Callable[[], object]] = field(default_factory=list)
    _gave: dict[int, list[str]] = field(default_factory=dict)

    def take(self, person: Person, stay: Residence) -> None:
        """Hold the answers of one person against the records. Writes nothing; raises NotAllowed or Refused."""
        for name in (*person.answers, *(["needs"] if person.needs else [])):
            if rule(self.access, _RULES[name], stay.area) not in ("full", *_ALSO.get(name, ())):
                raise NotAllowed(_("您的角色不能登记这项信息。"), fix=_("请由本网格的网格员登记。"))
        for name, answer in person.answers.items():
            self.take_answer(name, answer, stay, f"{name}:{person.resident}")
        for tag, still in person.needs.items():
            self._take_need(person, tag, still, stay)

    def take_answer(self, field_name: str, answer: str, stay: Residence, name: str) -> None:
        """Hold one answer (`born`, `phone`, `number`, `relation`) against the record; the form calls it `name`."""
        owner = _FIELDS[field_name](stay, self.day, name, self.access.which("people.write"))
        owner.check(answer)
        if not owner.says(answer) and self.stands(owner.name, owner.shown(), ""):
            self.will_write(stay.resident_id, field_name, partial(owner.write, answer))

    def stands(self, name: str, now: str | bool, before: str | bool) -> bool:
        """Whether a record stands as the form showed it (`before`, where it did not say). If not, that is theirs."""
        self.current[name] = now
        if now == self.base.get(name, before):
            return True
        self.theirs[name] = now
        return False

    def _take_need(self, person: Person, tag: str, still: bool, stay: Residence) -> None:
        name = f"need:{person.resident}:{tag}"
        of_tag = Need.objects.filter(resident=person.resident, tag=tag, starts__lte=self.day).order_by("starts")
        need = of_tag.exclude(ends__lte=self.day).last()
        if need is not None:
            if still or self.stands(name, True, True):
                told = partial(_confirm, need, self.day) if still else partial(self._end, need)
                self.will_write(person.resident, f"need:{tag}", told)
        elif still and of_tag.exists() and self.stands(name, False, True):
            again = partial(_begin_again, of_tag.last(), stay, self.day)
            self.will_write(person.resident, f"need:{tag}", again)

    def _end(self, need: Need) -> None:
        self.instead.get((need.resident_id, need.tag), partial(_end, need, self.day))()

    def will_write(self, resident: int | None, name: str, write: Callable[[], object]) -> None:
        """Write this too, once everything stands. `resident`: whose visit says that the field was given."""
        self._writing.append(write)
        if resident is not None:
            self._gave.setdefault(resident, []).append(name)

    def write(self) -> None:
        """Write every answer to its record. The triggers of the records follow."""
        for write in self._writing:
            write()

    def gave(self, resident: int) -> list[str]:
        """Names of the fields that one person's answers changed or confirmed."""
        return self._gave.get(resident, [])


def _confirm(need: Need, day: date) -> None:
    need.confirmed_on = day
    need.save(update_fields=["confirmed_on"])


def _end(need: Need, day: date) -> None:
    need.ends = day
    need.save(update_fields=["ends"])


def _begin_again(ended: Need, stay: Residence, day: date) -> None:
    """A need that was said to have ended, found again on a visit: the same row where it began on that very day."""
    if ended.starts == day:
        Need.objects.filter(pk=ended.pk).update(ends=None, confirmed_on=day)
        return
    Need.objects.create(
        resident_id=ended.resident_id, tag=ended.tag, starts=day, confirmed_on=day, source="visit", area=stay.area
    )


@dataclass(frozen=True)
class _Owner:
    """A field in the record that owns it."""

    stay: Residence
    day: date
    name: str
    within: Scope

    def _refuse(self, what: str) -> Refused:
        return Refused(_("走访记录有一处无法保存。"), fix=_("请改正标出的内容后再保存。"), fields={self.name: what})


class _Born(_Owner):
    def check(self, answer: str) -> None:
        if date.fromisoformat(answer) > self.day:
            raise self._refuse(_("出生日期晚于走访日期。"))

    def shown(self) -> str:
        return self.stay.resident.born.isoformat() if self.stay.resident.born else ""

    def says(self, answer: str) -> bool:
        return self.shown() == answer

    def write(self, answer: str) -> None:
        self.stay.resident.born = date.fromisoformat(answer)
        self.stay.resident.save(update_fields=["born", "updated_at"])


class _Phone(_Owner):
    def check(self, answer: str) -> None:
        pass

    def shown(self) -> str:
        return mask_phone(self.stay.resident.phone_last4) if self.stay.resident.phone_last4 else ""

    def says(self, answer: str) -> bool:
        return is_of(self.stay.resident.phone_index, answer)

    def write(self, answer: str) -> None:
        person = self.stay.resident
        person.phone_sealed, person.phone_index, person.phone_last4 = seal(answer), blind_index(answer), answer[-4:]
        person.save(update_fields=["phone_sealed", "phone_index", "phone_last4", "updated_at"])


class _Number(_Owner):
    def check(self, answer: str) -> None:
        read_late_number(self.stay.resident, answer, self.day, self.name)

    def shown(self) -> str:
        return mask_identity(self.stay.resident.identity_last4) if self.stay.resident.identity_last4 else ""

    def says(self, answer: str) -> bool:
        return is_of(self.stay.resident.identity_index, answer)

    def write(self, answer: str) -> None:
        give_number(self.stay.resident, answer, self.within, self.name)


class _Relation(_Owner):
    def check(self, answer: str) -> None:
        if not Code.objects.filter(table="relation", code=answer, retired=False).exists():
            raise self._refuse(_("请从列表中选择。"))

    def shown(self) -> str:
        return self.stay.relation

    def says(self, answer: str) -> bool:
        return self.stay.relation == answer

    def write(self, answer: str) -> None:
        self.stay.relation = answer
        self.stay.save(update_fields=["relation"])


_FIELDS = {"born": _Born, "phone": _Phone, "number": _Number, "relation": _Relation}

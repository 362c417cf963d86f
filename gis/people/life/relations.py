"""Who is what to the head of a household (GB/T 4761), when another becomes the head. Pure: no database.

Everybody is written down by what they are to the head. When the head dies or leaves, that says nothing any more: it is
worked out anew from what the new head was to the old one. Where two answers are possible the relation is left open and
asked at the next visit, never guessed: "" stands for that.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

HEAD = "02"
HEADS = frozenset({"01", HEAD})
SPOUSES = frozenset({"10", "11", "12"})
UNRELATED = "99"
#: From which age somebody may be the head.
_OF_AGE = 18
_SONS = frozenset({"20", "21", "22", "23", "24", "25", "26", "27", "29"})
_DAUGHTERS = frozenset({"30", "31", "32", "33", "34", "35", "36", "37", "39"})
#: Children of one of the two only: what the other is to them is not known from the code.
_STEP = frozenset({"27", "37"})


@dataclass(frozen=True)
class Kin:
    """A member of a household: what they are to its head, their sex (GB/T 2261.1) and birth."""

    key: int
    relation: str
    sex: str = "0"
    born: date | None = None


def propose_head(left: Sequence[Kin], on: date) -> int | None:
    """Who becomes the head of those who are left: the spouse, else the eldest grown child, else the eldest grown
    relative, else the eldest grown person; nobody where all are under age."""
    grown = [one for one in left if one.born is None or _age(one.born, on) >= _OF_AGE]
    for fits in (_is_spouse, _is_child, _is_relative, _is_anybody):
        found = sorted((one for one in grown if fits(one)), key=lambda one: (one.born or on, one.key))
        if found:
            return found[0].key
    return None


def relations_under(new: Kin, old: Kin, members: Iterable[Kin]) -> dict[int, str]:
    """What everybody is to the new head. `old` is the head until now, among the `members` or gone."""
    listed = list(members)
    role = _role(new.relation)
    work_out = _UNDER.get(role, _unknown)
    found = {one.key: work_out(_Case(new, old, one, listed)) for one in listed if one.key not in (new.key, old.key)}
    if any(one.key == old.key for one in listed) and old.key != new.key:
        found[old.key] = _old_head(new, old)
    return found | {new.key: HEAD}


def child_of(mother: str, sex: str) -> str:
    """What a child is to the head whose relative the mother is; "" where that does not follow."""
    if mother in HEADS | SPOUSES:
        return _by_sex(sex, "20", "30")
    if mother in _DAUGHTERS:
        return _by_sex(sex, "43", "44", "40")
    if mother == "38":
        return _by_sex(sex, "41", "42", "40")
    if mother in ("42", "44", "45"):
        return _by_sex(sex, "47", "48", "49")
    if mother in ("75", "77"):
        return _by_sex(sex, "95", "96")
    if mother in ("72", "74"):
        return _by_sex(sex, "93", "94")
    return UNRELATED if mother == UNRELATED else ""


@dataclass(frozen=True)
class _Case:
    """One question: what is `one` to `new`, who was a relative of `old`."""

    new: Kin
    old: Kin
    one: Kin
    members: list[Kin]

    @property
    def role(self) -> str:
        return _role(self.one.relation)

    def only(self, codes: Collection[str]) -> bool:
        """Whether the new head is the only one of these codes in the household: then a child's spouse is theirs."""
        return sum(one.relation in codes for one in [*self.members, self.new] if one.key != self.new.key) == 0


def _role(code: str) -> str:
    return next((role for role, codes in _ROLES.items() if code in codes), "other")


_ROLES: dict[str, frozenset[str]] = {
    "head": HEADS,
    "spouse": SPOUSES,
    "son": _SONS,
    "daughter": _DAUGHTERS,
    "daughters_husband": frozenset({"28"}),
    "sons_wife": frozenset({"38"}),
    "sons_child": frozenset({"41", "42"}),
    "daughters_child": frozenset({"43", "44"}),
    "parent": frozenset({"50", "51", "52"}),
    "husbands_parent": frozenset({"53", "54"}),
    "wifes_parent": frozenset({"55", "56"}),
    "fathers_parent": frozenset({"61", "62"}),
    "mothers_parent": frozenset({"63", "64"}),
    "sibling": frozenset({"70", "71", "73", "75", "77"}),
    "brothers_wife": frozenset({"72", "74"}),
    "sisters_husband": frozenset({"76", "78"}),
    "unrelated": frozenset({UNRELATED}),
}


def _old_head(new: Kin, old: Kin) -> str:
    """What the old head is to the new one: the relation turned round."""
    turned: dict[str, Callable[[], str]] = {
        "spouse": lambda: _by_sex(old.sex, "11", "12", "10"),
        "son": lambda: _parent(old.sex, step=new.relation in _STEP),
        "daughter": lambda: _parent(old.sex, step=new.relation in _STEP),
        "daughters_husband": lambda: _by_sex(old.sex, "55", "56"),
        "sons_wife": lambda: _by_sex(old.sex, "53", "54"),
        "sons_child": lambda: _by_sex(old.sex, "61", "62", "60"),
        "daughters_child": lambda: _by_sex(old.sex, "63", "64", "60"),
        "parent": lambda: _by_sex(old.sex, "20", "30"),
        "husbands_parent": lambda: _by_sex(old.sex, "", "38", "38"),
        "wifes_parent": lambda: _by_sex(old.sex, "28", "", "28"),
        "fathers_parent": lambda: _by_sex(old.sex, "41", "42", "40"),
        "mothers_parent": lambda: _by_sex(old.sex, "43", "44", "40"),
        "sibling": lambda: _sibling(old, new),
        "brothers_wife": lambda: "79",
        "sisters_husband": lambda: "79",
        "unrelated": lambda: UNRELATED,
    }
    return turned.get(_role(new.relation), lambda: "")()


def _under_spouse(case: _Case) -> str:
    """The children stay children; parents and parents-in-law change places."""
    male = _is_male(case.new, but=case.old)
    swapped = {
        "parent": lambda: _by_sex(case.one.sex, *(("55", "56") if male else ("53", "54"))) if male is not None else "",
        "husbands_parent": lambda: _by_sex(case.one.sex, "51", "52", "50"),
        "wifes_parent": lambda: _by_sex(case.one.sex, "51", "52", "50"),
        "unrelated": lambda: UNRELATED,
    }
    if case.one.relation in _STEP:  # whose child it was by birth is not known
        return ""
    if case.role in ("son", "daughter", "daughters_husband", "sons_wife", "sons_child", "daughters_child"):
        return case.one.relation
    return swapped.get(case.role, lambda: "")()


def _under_child(case: _Case) -> str:
    """A child became the head: parents, siblings, own spouse and children where nobody else's they could be."""
    new, old, one = case.new, case.old, case.one
    man = _role(new.relation) == "son"
    fathers = {"1": ("61", "62"), "2": ("63", "64")}.get(old.sex)
    own = case.only(_SONS if man else _DAUGHTERS)
    wives, husbands = ("12" if own else "", _in_law(case)) if man else (_in_law(case), "11" if own else "")
    mine = _by_sex(one.sex, "20", "30") if own else ""
    answers = {
        "spouse": lambda: _parent(one.sex, step=new.relation in _STEP),
        "son": lambda: "" if one.relation in _STEP or new.relation in _STEP else _sibling(one, new),
        "daughter": lambda: "" if one.relation in _STEP or new.relation in _STEP else _sibling(one, new),
        "sons_wife": lambda: wives,
        "daughters_husband": lambda: husbands,
        "sons_child": lambda: mine if man else _by_sex(one.sex, "93", "94"),
        "daughters_child": lambda: _by_sex(one.sex, "95", "96") if man else mine,
        "parent": lambda: _by_sex(one.sex, *fathers, "60") if fathers else "60",
        "husbands_parent": lambda: _by_sex(one.sex, "61", "62", "60"),
        "wifes_parent": lambda: _by_sex(one.sex, "63", "64", "60"),
        "sibling": lambda: _aunt_or_uncle(one, old),
        "unrelated": lambda: UNRELATED,
    }
    return answers.get(case.role, lambda: "")()


def _in_law(case: _Case) -> str:
    """The spouse of a brother or sister: who is the elder is known where there is one such brother or sister."""
    brothers = case.role == "sons_wife"
    theirs = [one for one in case.members if one.relation in (_SONS if brothers else _DAUGHTERS) - _STEP]
    if len(theirs) != 1 or theirs[0].key == case.new.key:
        return ""
    elder = _is_elder(theirs[0], case.new)
    if elder is None:
        return ""
    return ("72" if elder else "74") if brothers else ("76" if elder else "78")


def _under_parent(case: _Case) -> str:
    answers = {
        "spouse": lambda: _by_sex(case.one.sex, "28", "38"),
        "son": lambda: _grandchild(case),
        "daughter": lambda: _grandchild(case),
        "parent": lambda: _by_sex(case.one.sex, "11", "12", "10"),
        "sibling": lambda: _by_sex(case.one.sex, "20", "30"),
        "brothers_wife": lambda: "38",
        "sisters_husband": lambda: "28",
        "unrelated": lambda: UNRELATED,
    }
    return answers.get(case.role, lambda: "")()


def _under_parent_in_law(case: _Case) -> str:
    """The head's husband's or wife's parent: the head's spouse is their child."""
    answers = {
        "spouse": lambda: _by_sex(case.one.sex, "20", "30"),
        "husbands_parent": lambda: _by_sex(case.one.sex, "11", "12", "10"),
        "wifes_parent": lambda: _by_sex(case.one.sex, "11", "12", "10"),
        "unrelated": lambda: UNRELATED,
    }
    return answers.get(case.role, lambda: "")()


def _under_child_in_law(case: _Case) -> str:
    wife = case.new.relation == "38"
    own = sum(one.relation in (_SONS if wife else _DAUGHTERS) for one in case.members) == 1
    mine = _by_sex(case.one.sex, "20", "30") if own else ""
    answers = {
        "spouse": lambda: _by_sex(case.one.sex, *(("53", "54") if wife else ("55", "56"))),
        "son": lambda: "11" if wife and own else "",
        "daughter": lambda: "12" if not wife and own else "",
        "sons_child": lambda: mine if wife else "",
        "daughters_child": lambda: "" if wife else mine,
        "unrelated": lambda: UNRELATED,
    }
    return answers.get(case.role, lambda: "")()


def _under_grandchild(case: _Case) -> str:
    if case.role == "spouse":
        codes = ("61", "62", "60") if _role(case.new.relation) == "sons_child" else ("63", "64", "60")
        return _by_sex(case.one.sex, *codes)
    return UNRELATED if case.role == "unrelated" else ""


def _under_sibling(case: _Case) -> str:
    elder = _is_elder(case.old, case.new)
    answers = {
        "spouse": lambda: "" if elder is None else _by_sex(case.one.sex, *(("76", "72") if elder else ("78", "74"))),
        "son": lambda: _niece(case),
        "daughter": lambda: _niece(case),
        "parent": lambda: case.one.relation,
        "sibling": lambda: _sibling(case.one, case.new),
        "fathers_parent": lambda: case.one.relation,
        "mothers_parent": lambda: case.one.relation,
        "unrelated": lambda: UNRELATED,
    }
    return answers.get(case.role, lambda: "")()


def _unknown(case: _Case) -> str:
    return UNRELATED if case.role == "unrelated" and case.new.relation != UNRELATED else ""


_UNDER: dict[str, Callable[[_Case], str]] = {
    "spouse": _under_spouse,
    "son": _under_child,
    "daughter": _under_child,
    "daughters_husband": _under_child_in_law,
    "sons_wife": _under_child_in_law,
    "sons_child": _under_grandchild,
    "daughters_child": _under_grandchild,
    "parent": _under_parent,
    "husbands_parent": _under_parent_in_law,
    "wifes_parent": _under_parent_in_law,
    "sibling": _under_sibling,
}


def _by_sex(sex: str, male: str, female: str, unknown: str = "") -> str:
    return {"1": male, "2": female}.get(sex, unknown)


def _parent(sex: str, *, step: bool) -> str:
    return _by_sex(sex, "51", "52", "50") if not step else ""


def _grandchild(case: _Case) -> str:
    if case.one.relation in _STEP:
        return ""
    return _by_sex(case.one.sex, *{"1": ("41", "42"), "2": ("43", "44")}.get(case.old.sex, ("40", "40")), "40")


def _niece(case: _Case) -> str:
    pairs = {"1": ("93", "94"), "2": ("95", "96")}.get(case.old.sex)
    return _by_sex(case.one.sex, *pairs) if pairs and case.one.relation not in _STEP else ""


def _sibling(one: Kin, other: Kin) -> str:
    """What `one` is to `other`, children of the same parents."""
    elder = _is_elder(one, other)
    if elder is None:
        return "70"
    return _by_sex(one.sex, *(("71", "75") if elder else ("73", "77")), "70")


def _aunt_or_uncle(one: Kin, parent: Kin) -> str:
    """What the parent's brother or sister is."""
    if parent.sex == "2":
        return _by_sex(one.sex, "85", "88")
    if parent.sex != "1":
        return ""
    elder = {"71": True, "73": False}.get(one.relation)
    return {True: "81", False: "83"}.get(elder, "") if one.sex == "1" else _by_sex(one.sex, "", "90")


def _is_elder(one: Kin, other: Kin) -> bool | None:
    return None if one.born is None or other.born is None or one.born == other.born else one.born < other.born


def _is_male(new: Kin, *, but: Kin) -> bool | None:
    """Whether a spouse is a man: by their own sex, else as the other of the two."""
    return {"1": True, "2": False}.get(new.sex, {"1": False, "2": True}.get(but.sex))


def _is_spouse(one: Kin) -> bool:
    return one.relation in SPOUSES


def _is_child(one: Kin) -> bool:
    return one.relation in _SONS | _DAUGHTERS


def _is_relative(one: Kin) -> bool:
    return one.relation not in ("", UNRELATED)


def _is_anybody(one: Kin) -> bool:
    return True


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

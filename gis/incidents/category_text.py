"""A category as people write it, in a form or a line of a table: read field by field, each fault with its fix.

Codes of our own stand beside the standard's, which are never given to anything else: L and digits for events, four to
six digits that no file has for parts of the city.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from gis.errors import Refused
from gis.incidents.categories import standard
from gis.incidents.category import Category, Terms
from gis.incidents.mediation.opening import DISPUTES
from gis.written import read_line, refuse

_YES = frozenset(("1", "是", "yes", "y", "true", "on", "紧急", "公开", "停用", "√"))
_NO = frozenset(("", "0", "否", "no", "n", "false", "off", "普通", "不公开", "在用", "-", "–"))
_UNITS = {
    "紧急工作时": "urgent_hour", "工作时": "work_hour", "工作小时": "work_hour", "工作日": "work_day",
    "自然日": "natural_day", "天": "natural_day",
} | {unit: unit for unit in Category.Unit.values}  # fmt: skip
_OWN = re.compile(r"L\d{1,6}")
_OWN_PART = re.compile(r"\d{4,6}")
#: Longer than this nobody waits, in any unit.
MOST = 1000


def read_code(kind: str, text: str) -> str:
    """The code of a new category of our own. Raises Refused for one that is the standard's, or of another form."""
    code = unicodedata.normalize("NFKC", text).strip().upper()
    if kind not in (Category.Kind.COMMUNITY, Category.Kind.CITY, Category.Kind.COMPONENT):
        raise refuse("kind", _("这个体系不能添加类别。"), _("请选择社区事件、城市事件或城市部件。"))
    if code in standard()[kind]:
        raise refuse("code", _("%(code)s 是标准的代码。") % {"code": code}, _("本地类别请用自己的代码。"))
    if not (_OWN_PART if kind == Category.Kind.COMPONENT else _OWN).fullmatch(code):
        fix = (
            _("请用 4 到 6 位数字。") if kind == Category.Kind.COMPONENT else _("请用 L 加 1 到 6 位数字，例如 L0001。")
        )
        raise refuse("code", _("代码不对。"), fix)
    return code


def free_code(kind: str) -> str:
    """The next code of our own."""
    taken = set(Category.objects.filter(kind=kind).values_list("code", flat=True)) | set(standard().get(kind, ()))
    pattern, first = ("{:04d}", 9001) if kind == Category.Kind.COMPONENT else ("L{:04d}", 1)
    return next(code for n in range(first, 1_000_000) if (code := pattern.format(n)) not in taken)


def read_terms(told: Mapping[str, str], kind: str, known: dict[str, int]) -> dict:
    """The fields that were written, by name. `known`: the categories of the kind, code → key.

    Raises Refused with every field that cannot stay, what is wrong with it and what to do.
    """
    found, faults = {}, {}
    for name, read in _READERS.items():
        if name not in told:
            continue
        try:
            found[name] = read(unicodedata.normalize("NFC", told[name] or "").strip())
        except Refused as refused:
            faults |= refused.fields
    if "successors" in told:
        try:
            found["successors"] = _successors(told["successors"], known)
        except Refused as refused:
            faults |= refused.fields
    if faults:
        raise Refused(_("类别还不能保存。"), fix=_("请看标出的几处。"), fields=faults)
    return found


def _flag(name: str):
    def read(text: str) -> bool:
        if text.lower() in _YES | _NO:
            return text.lower() in _YES
        raise refuse(name, _("“%(text)s”读不懂。") % {"text": text[:20]}, _("请写是或否。"))

    return read


def _amount(name: str):
    def read(text: str) -> int | None:
        plain = unicodedata.normalize("NFKC", text)
        if not plain:
            return None
        if not re.fullmatch(r"[0-9]{1,4}", plain) or not 1 <= int(plain) <= MOST:
            fix = _("请写 1 到 %(most)d 的整数；不限请留空。") % {"most": MOST}
            raise refuse(name, _("“%(text)s”不是时限。") % {"text": text[:20]}, fix)
        return int(plain)

    return read


def _unit(text: str) -> str:
    if text and text not in _UNITS:
        fix = _("请写紧急工作时、工作时、工作日或自然日。")
        raise refuse("dispose_unit", _("没有时限单位“%(text)s”。") % {"text": text[:20]}, fix)
    return _UNITS.get(text, "")


def _synonyms(text: str) -> str:
    words = re.split(r"[\s,，、;；]+", read_line(text, "synonyms", 400))
    return " ".join(dict.fromkeys(word for word in words if word))


def _successors(text: str, known: dict[str, int]) -> list[int]:
    codes = [code for code in re.split(r"[\s,，、;；]+", unicodedata.normalize("NFKC", text).upper()) if code]
    if missing := [code for code in codes if code not in known]:
        message = _("没有类别“%(codes)s”。") % {"codes": "、".join(missing)[:60]}
        raise refuse("successors", message, _("请写同一体系里的代码。"))
    return list(dict.fromkeys(known[code] for code in codes))


_READERS = {
    "major": lambda text: read_line(text, "major", 60, needed=True),
    "name": lambda text: read_line(text, "name", 80, needed=True),
    "urgent": _flag("urgent"),
    "accept_within_hours": _amount("accept_within_hours"),
    "dispose_within": _amount("dispose_within"),
    "dispose_unit": _unit,
    "is_public": _flag("is_public"),
    "synonyms": _synonyms,
    "retired": _flag("retired"),
}


def judge_terms(pk: int | None, kind: str, terms: Terms, others: Iterable[Category]) -> None:
    """Raises Refused where what a category would say does not hold together. `others`: the categories of the kind."""
    faults = {name: text for name, text in _faults(pk, terms, {one.pk: one for one in others}) if text}
    if faults:
        raise Refused(_("类别还不能保存。"), fix=_("请看标出的几处。"), fields=faults)


def _faults(pk: int | None, terms: Terms, others: dict[int, Category]):
    if pk in others and DISPUTES in (others[pk].major, terms.major) and others[pk].major != terms.major:
        yield "major", _("矛盾纠纷的事件有调解记录，大类不能改。请停用它，另加一个类别。")
    if bool(terms.dispose_within) != bool(terms.dispose_unit):
        yield "dispose_within", _("处置时限要有数和单位。请补上另一个，或都不填。")
    alike = [one for one in others.values() if (one.name, one.major) == (terms.name, terms.major)]
    same = next((one for one in alike if one.pk != pk and not one.retired), None)
    if same and not terms.retired:
        yield "name", _("同一大类里 %(code)s 已经叫这个名称。请换一个，或先停用那一个。") % {"code": same.code}
    if terms.successors and not terms.retired:
        yield "successors", _("在用的类别没有后继。请先停用，或去掉后继。")
    if pk in terms.successors:
        yield "successors", _("后继不能是它自己。请选择别的类别。")
    elif _named_anew(pk, terms, others) and any(others[key].retired for key in terms.successors if key in others):
        yield "successors", _("后继已经停用。请选择在用的类别。")


def _named_anew(pk: int | None, terms: Terms, others: dict[int, Category]) -> bool:
    """Whether the successors are other ones: those that were named long ago may have been retired since."""
    return pk not in others or tuple(others[pk].successors) != terms.successors

"""A value of a field, from what was typed to the one spelling in which it is kept, and from there to words."""

import re
from datetime import date

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from gis.codes.naming import names_in
from gis.collection.field import Field
from gis.errors import Refused
from gis.people.newcomer import one_spelling

_MOST = 200
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,4})?")
_EARLIEST, _LATEST = date(1890, 1, 1), date(2199, 12, 31)


def read_value(field: Field, text: object, name: str = "") -> str:
    """The value as it is kept; "" says that there is none. Raises Refused, by `name`, never with what was typed."""
    if isinstance(text, bool):
        text = "1" if text else "0"
    plain = one_spelling(text) if isinstance(text, str) else None
    if plain is None or len(plain) > _MOST:
        raise _refused(name or field.code, _("内容太长，或不是文字。"))
    return _READ[field.kind](field, plain, name or field.code) if plain else ""


def say_value(field: Field, value: str) -> str:
    """The value in the reader's words."""
    if field.kind == Field.Kind.YES_NO:
        return {"1": _("是"), "0": _("否")}.get(value, value)
    if field.kind == Field.Kind.CODE:
        return choices_of(field).get(value, value)
    return dict(choices_of(field)).get(value, value) if field.kind == Field.Kind.CHOICE else value


def choices_of(field: Field) -> dict[str, str]:
    """What may be chosen: value → word in the reader's language. Empty where anything may be written."""
    if field.kind == Field.Kind.CODE:
        names = names_in(field.table)
        return {
            code: pgettext("relation", name) if field.table == "relation" else _(name) for code, name in names.items()
        }
    english = (get_language() or "").startswith("en")
    return {value: (english and word) or value for value, word in field.options}


def read_options(text: str) -> list[list[str]]:
    """「在职=Employed」, one a line or parted by |, as options."""
    lines = (line.partition("=") for line in re.split(r"[\n|]", text))
    return [[value.strip(), word.strip()] for value, _sign, word in lines if value.strip()]


def write_options(options: list[list[str]]) -> str:
    return "\n".join(f"{value}={word}" if word else value for value, word in options)


def _text(field: Field, text: str, name: str) -> str:
    return text


def _number(field: Field, text: str, name: str) -> str:
    plain = text.replace(",", "")
    if not _NUMBER.fullmatch(plain):
        raise _refused(name, _("请填写数字，如 3 或 12000.50。"))
    whole, point, rest = plain.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    digits, rest = digits.lstrip("0") or "0", rest.rstrip("0")
    plain = f"{digits}.{rest}" if point and rest else digits
    return plain if plain == "0" else sign + plain


def _date(field: Field, text: str, name: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _refused(name, _("请按 2026-05-20 的样子填写日期。")) from None
    if not _EARLIEST <= day <= _LATEST:
        raise _refused(name, _("请核对年份。"))
    return day.isoformat()


def _yes_no(field: Field, text: str, name: str) -> str:
    answer = {"1": "1", "是": "1", "有": "1", "yes": "1", "0": "0", "否": "0", "无": "0", "no": "0"}.get(text.lower())
    if answer is None:
        raise _refused(name, _("请选择是或否。"))
    return answer


def _chosen(field: Field, text: str, name: str) -> str:
    offered = (
        names_in(field.table) if field.kind == Field.Kind.CODE else {value: value for value, _word in field.options}
    )
    if text not in offered:
        raise _refused(name, _("请从列表中选择。"))
    return text


_READ = {
    Field.Kind.TEXT: _text,
    Field.Kind.NUMBER: _number,
    Field.Kind.DATE: _date,
    Field.Kind.YES_NO: _yes_no,
    Field.Kind.CHOICE: _chosen,
    Field.Kind.CODE: _chosen,
}


def _refused(name: str, what: str) -> Refused:
    return Refused(_("有一处填写不对。"), fix=_("请改正标出的内容后再保存。"), fields={name: what})

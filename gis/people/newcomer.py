"""A person as they are written down at a door: read, checked, and nothing kept of a number that is wrong.

Sex and birth come from a citizen's number where there is one (GB 11643); what was typed beside it is not asked for.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
from django.conf import settings
from django.utils.translation import gettext as _

from gis.codes.loading import read_table
from gis.errors import Refused
from gis.people.identity import CITIZEN, clean_numbers, document_problems, read_identities
from gis.people.resident import Resident

_EARLIEST = date(1890, 1, 1)
_PHONE = re.compile(r"\+?[0-9]{5,15}")


@dataclass(frozen=True)
class Newcomer:
    """Who moves in. `number` and `phone` are "" where none was told."""

    name: str
    sex: str  # GB/T 2261.1
    born: date | None
    population: str
    document: str  # GA/T 517
    number: str
    phone: str
    relation: str  # GB/T 4761
    starts: date


def read_newcomer(facts: Mapping, today: date) -> Newcomer:
    """Read a form, written on `today`. Raises Refused with every field that is wrong, never with what it holds."""
    wrong: dict[str, str] = {}
    document = one_of(facts.get("document") or CITIZEN, _codes("document"), "document", wrong)
    number, sex, born = _read_number(str(facts.get("number") or ""), document, today, wrong)
    newcomer = Newcomer(
        name=_read_name(facts.get("name"), wrong),
        sex=sex or one_of(facts.get("sex") or "0", _codes("sex"), "sex", wrong),
        born=born or read_day(facts.get("born"), today, "born", wrong),
        population=one_of(facts.get("population") or "registered", Resident.Population.values, "population", wrong),
        document=document,
        number=number,
        phone=read_phone(facts.get("phone"), wrong),
        relation=one_of(facts.get("relation") or "", ("", *_codes("relation")), "relation", wrong),
        starts=read_day(facts.get("starts"), today, "starts", wrong) or today,
    )
    if newcomer.born and newcomer.starts < newcomer.born:
        wrong["starts"] = _("入住日期早于出生日期。")
    refuse_wrong(wrong)
    return newcomer


def refuse_wrong(wrong: Mapping[str, str]) -> None:
    if wrong:
        raise Refused(_("住户资料填写有误。"), fix=_("请改正标出的内容。"), fields=dict(wrong))


def one_spelling(text: object) -> str:
    plain = unicodedata.normalize("NFKC", text if isinstance(text, str) else "")
    return " ".join("".join(sign for sign in plain if sign.isprintable()).split())


def read_phone(text: object, wrong: dict[str, str], field: str = "phone") -> str:
    """A telephone number without spaces, hyphens and +86; "" is none."""
    plain = re.sub(r"[\s()-]+", "", one_spelling(text)).removeprefix("+86")
    if plain and not _PHONE.fullmatch(plain):
        wrong[field] = _("不是电话号码。")
    return plain


def read_day(text: object, latest: date, field: str, wrong: dict[str, str]) -> date | None:
    """A date as 2026-05-20, not after `latest`; None is none."""
    if not text:
        return None
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        wrong[field] = _("请按 2026-05-20 的样子填写日期。")
        return None
    if not _EARLIEST <= day <= latest:
        wrong[field] = _("日期不能晚于今天，也不能早于 1890 年。")
        return None
    return day


def one_of(value: object, allowed, field: str, wrong: dict[str, str]) -> str:
    text = str(value)
    if text not in allowed:
        wrong[field] = _("请从列表中选择。")
    return text


def _codes(table: str) -> set[str]:
    return {row["code"] for row in read_table(table)}


def _read_name(text: object, wrong: dict[str, str]) -> str:
    name = one_spelling(text)
    if not 1 <= len(name) <= 60:
        wrong["name"] = _("请填写姓名，最多 60 个字。")
    return name


def _read_number(text: str, document: str, today: date, wrong: dict[str, str]) -> tuple[str, str, date | None]:
    """The number as it is kept, and what a citizen's number says of sex and birth."""
    number = clean_numbers([text])
    if not number[0]:
        return "", "", None
    if document != CITIZEN:
        if document in _codes("document") and document_problems(number, pd.Series([document]).to_numpy())[0]:
            wrong["number"] = _("与所选证件的号码格式不符。")
        return number[0], "", None
    read = read_identities(number, synthetic=settings.SYNTHETIC_IDS, today=today)
    if read.problem[0]:
        wrong["number"] = _said(read.problem[0])
        return "", "", None
    return read.number[0], read.sex[0], pd.Timestamp(read.born[0]).date()


def _said(problem: str) -> str:
    """The reason in the worker's language."""
    return {
        "has a wrong check character": _("最后一位校验码不对，请对照证件逐位核对。"),
        "holds no possible birth date": _("其中的出生日期不存在，请对照证件。"),
    }.get(problem, _("应为 17 位数字加 1 位数字或 X。"))

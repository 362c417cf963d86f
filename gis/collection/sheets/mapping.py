"""Which column is which field: proposed from the headings and from what the values look like, then said by a clerk.

A heading that names another person's thing (户主姓名, 监护人电话) is never taken for the person's own. Where headings
say nothing, values do: eighteen digits with a check character are identity numbers whatever stands above them. Of a
heading of two rows (个人信息 over 性别) the lower one names the thing.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence

import numpy as np

from gis.collection.same import one_spelling
from gis.collection.sheets.targets import Target
from gis.exchange.columns import plain_name

#: Somebody else's, or about something else: only a field that says so itself may be meant.
_OTHERS = re.compile(
    r"户主(?!关系)|监护|父亲|母亲|配偶|家长|联系人|联络人|紧急|应急|房东|房主|业主|出租|单位|公司|经办|填表|采集|登记人|网格员|"
    r"负责人|审核|银行|开户|户籍地|原住|备注|银行卡|残疾证|学校|照料|照护|子女"
)
_SAMPLE = 300
#: Share of the values that must look like the field where the heading does not say it.
_PLENTY = 0.8
_LOOKS: dict[str, str] = {
    "identity": r"[1-9]\d{16}[\dXx]|[1-9]\d{5}\*{6,8}\w{4}|[1-9]\d{14}",
    "phone": r"(\+?86)?1[2-9]\d{9}",
    "sex": r"[男女]性?",
    "born": r"(19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?",
    "address": r"[^\d].*\d+(号楼|栋|幢|座|号院|号|单元|#).*\d+.*",
    "name": r"[一-鿿]{1,2}[一-鿿·]{1,5}",
}
#: What else values may look like where the heading says the field: codes of a system of its own, days without a sign.
_CODED = {"sex": r"\d", "born": r"(19|20)\d{6}"}
#: A compound and a building in one cell, without a room.
_BUILDING = r"[^\d].*\d+(号楼|栋|幢|座|#)"
#: Names are told by their surnames as well: of other words of two or three signs, few begin with one.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方"
    "邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔文牛樊葛邢安齐庞伍颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝"
)
_SURNAMED = 0.7
_NAME, _INSIDE, _ALIKE = 1000, 500, 100


def heading_key(titles: Sequence[str]) -> str:
    """A digest by which a set of headings is known again, in whatever order they stand."""
    return hashlib.sha256("\n".join(sorted(map(one_spelling, titles))).encode()).hexdigest()


def propose(
    titles: Sequence[str], samples: Mapping[str, Sequence[str] | np.ndarray], targets: Mapping[str, Target]
) -> dict[str, str]:
    """Title → code of the field it likely is: the surest first, each field once."""
    scored = sorted(
        (-score, place, order, title, code)
        for place, title in enumerate(titles)
        for order, (code, target) in enumerate(targets.items())
        if (score := _score(title, samples.get(title, ()), target))
    )
    found: dict[str, str] = {}
    for *_rank, title, code in scored:
        if title not in found and code not in found.values():
            found[title] = code
    found = _with_address(found, samples)
    return {title: found[title] for title in titles if title in found}


_BUILDINGS = frozenset({"compound", "number", "road", "gate", "building_code"})
_DOORS = frozenset({"unit", "room"})


def _with_address(found: dict[str, str], samples: Mapping[str, Sequence[str] | np.ndarray]) -> dict[str, str]:
    """Buildings with their compound in one column are an address; parts beside one that says them too are left out."""
    for title, code in found.items():
        if code in ("compound", "number") and "address" not in found.values():
            found = found | ({title: "address"} if _share(_BUILDING, samples.get(title, ())) >= _PLENTY else {})
    whole = next((title for title, code in found.items() if code == "address"), None)
    if whole is None:
        return found
    without_door = _share(_BUILDING, samples.get(whole, ())) >= _PLENTY
    twice = _BUILDINGS if without_door else _BUILDINGS | _DOORS
    return {title: code for title, code in found.items() if code not in twice}


def _score(title: str, sample: Sequence[str] | np.ndarray, target: Target) -> float:
    """How surely a column is a field: by its very name, by a name inside its own, by its values alone; 0 for not."""
    spelt, plain = one_spelling(title), plain_name(title)
    likeness = looks_like(target.code, sample)
    if spelt in target.names or plain in target.names:
        return _NAME + likeness + (spelt == one_spelling(target.label))
    if not _OTHERS.search(spelt) and one_spelling(title.split(" ")[-1]) in target.names:
        return _NAME - 1 + likeness
    if _OTHERS.search(spelt):
        return 0
    inside = [name for name in target.names if len(name) > 1 and not name.isascii() and name in spelt]
    if inside and (target.code not in _LOOKS or likeness >= 0.5 or _share(_CODED.get(target.code), sample) >= 0.5):
        return _INSIDE + max(map(len, inside)) + likeness + 0.1 * spelt.endswith(tuple(inside))
    return _ALIKE + likeness if likeness >= _PLENTY and target.code in _LOOKS else 0


def looks_like(code: str, sample: Sequence[str] | np.ndarray) -> float:
    """Share of some values that look like the field; 0 where nothing can be told."""
    share = _share(_LOOKS.get(code), sample)
    if code == "name" and share:
        texts = _plain_texts(sample)
        surnamed = sum(text[0] in _SURNAMES for text in texts) / len(texts)
        return share if surnamed >= _SURNAMED and len(set(texts)) * 2 > len(texts) else 0.0
    return share


def _share(pattern: str | None, sample: Sequence[str] | np.ndarray) -> float:
    """Of some values, how many have a shape; 0 where there is none to ask for, or no value."""
    texts = _plain_texts(sample) if pattern else []
    return sum(bool(re.fullmatch(pattern or "", text)) for text in texts) / len(texts) if texts else 0.0


def _plain_texts(sample: Sequence[str] | np.ndarray) -> list[str]:
    return [text.replace(" ", "") for text in list(sample)[:_SAMPLE] if text]


def faults_of(mapping: Mapping[str, str], targets: Mapping[str, Target]) -> dict[str, str]:
    """Why a mapping will not do: code → a word for it (`double`, `unknown`, `nobody`); empty where it does."""
    wrong: dict[str, str] = {}
    codes = list(mapping.values())
    for code in codes:
        if code not in targets:
            wrong[code] = "unknown"
        elif codes.count(code) > 1:
            wrong[code] = "double"
    about_homes = "address" in codes or "building_code" in codes or {"compound", "road"} & set(codes)
    if "name" not in codes and not (about_homes and _of_homes(mapping, targets)):
        wrong["name"] = "nobody"
    if not wrong and not ({"identity", "born", "phone"} & set(codes) or about_homes):
        wrong["identity"] = "nothing"
    return wrong


def _of_homes(mapping: Mapping[str, str], targets: Mapping[str, Target]) -> bool:
    """Whether a table without names is one of homes: everything else that it says is of them."""
    fields = [targets[code].field for code in mapping.values() if code in targets]
    said = [field for field in fields if field is not None]
    return bool(said) and all(field.subject == "dwelling" for field in said)

"""What in a text points at a person: phones, identity numbers, plates, rooms, names with a title, mail addresses.

A second pair of eyes for whoever marks a text as public, and the wall behind them: a text in which something is found
shows up on no public page until somebody has looked at exactly that text. It finds much and not everything; a person
decides.
"""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_DIGIT = r"[0-9０-９]"
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文欧"
)
_TITLES = "先生|女士|小姐|大爷|大妈|大娘|大叔|阿姨|奶奶|爷爷|老师|师傅|医生|大夫|某某|某"
_KINDS: tuple[tuple[Promise, re.Pattern], ...] = (
    (_("身份证号"), re.compile(rf"(?<!{_DIGIT}){_DIGIT}{{17}}[0-9０-９XxＸ](?!{_DIGIT})")),
    (_("手机号"), re.compile(rf"(?<!{_DIGIT})[1１][3-9３-９](?:[-\s]?{_DIGIT}){{9}}(?!{_DIGIT})")),
    (_("电话号码"), re.compile(rf"(?<!{_DIGIT})[0０]{_DIGIT}{{2,3}}[-－\s]?{_DIGIT}{{7,8}}(?!{_DIGIT})")),
    (_("银行卡号"), re.compile(rf"(?<!{_DIGIT}){_DIGIT}{{16}}(?:{_DIGIT}{{3}})?(?!{_DIGIT})")),
    (_("邮箱"), re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+", re.ASCII)),
    (
        _("车牌号"),
        re.compile(
            r"[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新][A-Z][·•\s]?[A-Z0-9]{5,6}(?![A-Z0-9])"
        ),
    ),
    (_("微信或 QQ 号"), re.compile(r"(?:微信|QQ|qq|ＱＱ|vx|VX)号?[:：是为\s]*[A-Za-z0-9_-]{5,20}")),
    (
        _("门牌或室号"),
        re.compile(
            rf"{_DIGIT}{{1,3}}\s*单元\s*{_DIGIT}{{2,4}}|{_DIGIT}{{1,3}}[-－—]{_DIGIT}{{1,2}}[-－—]{_DIGIT}{{3,4}}(?!{_DIGIT})|"
            rf"(?<!{_DIGIT}){_DIGIT}{{3,4}}\s*(?:室|房间|户)"
        ),
    ),
    (_("姓名和称呼"), re.compile(rf"[{_SURNAMES}][一-龥]{{0,2}}?(?:{_TITLES})")),
)


@dataclass(frozen=True)
class Finding:
    """Something in a text that may point at a person, and where it stands."""

    kind: str
    words: str
    start: int
    end: int


def find_private(text: str) -> list[Finding]:
    """What in a text may point at a person, in the order in which it stands there."""
    found = [
        Finding(str(kind), match.group(), *match.span()) for kind, pattern in _KINDS for match in pattern.finditer(text)
    ]
    return sorted(found, key=lambda one: (one.start, -one.end))


def is_plain(text: str) -> bool:
    """Whether nothing in a text seems to point at a person."""
    return not any(pattern.search(text) for _kind, pattern in _KINDS)

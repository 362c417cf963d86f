"""One spelling for what people write: １２號樓, 十二号楼 and 第12号楼 are all 12号楼.

Every character of the new spelling knows where it stood, so that what was found can be shown in what was typed.
"""

import re
import unicodedata
from dataclasses import dataclass

#: Traditional characters that addresses are full of.
_SIMPLE = str.maketrans(
    "號樓棟單層區鎮鄉縣門東廣園灣莊長寧華龍鳳興陽陰漢濱濟雲貴鐵橋溝嶺島廟灘爾澤蘇蕪關瀋遼臺啟學醫廠場館廳"
    "開發業對邊側後裡裏車馬魚鳥蘭葉萬國際實驗總術藝銀錢豐慶滬內綠藍紅黃圖書隊組衚衕壩順壽麗劉張趙孫吳陳楊"
    "羅鄭謝韓蔣寶榮賓遠運軍農電達財貿聯飛騰凱麥樹橫縱進盧蕭歐職員線環築鐘錦綉繡輝儲團製藥絲網訊貝賢聖覺靜"
    "雙徑歲勝澗窯鳴鶴",
    "号楼栋单层区镇乡县门东广园湾庄长宁华龙凤兴阳阴汉滨济云贵铁桥沟岭岛庙滩尔泽苏芜关沈辽台启学医厂场馆厅"
    "开发业对边侧后里里车马鱼鸟兰叶万国际实验总术艺银钱丰庆沪内绿蓝红黄图书队组胡同坝顺寿丽刘张赵孙吴陈杨"
    "罗郑谢韩蒋宝荣宾远运军农电达财贸联飞腾凯麦树横纵进卢萧欧职员线环筑钟锦绣绣辉储团制药丝网讯贝贤圣觉静"
    "双径岁胜涧窑鸣鹤",
)
_DASHES = "—–－―‐‑‒﹣~～〜_"
_BLANKS = re.compile(r"\s+")
_DIGITS = {"零": 0, "〇": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4} | {
    "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_NUMERAL = "[零〇○一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]"
#: A numeral is a number after 第 or before one of these. 三里屯, 五一路 and 十里堡 keep theirs; so does 三门峡.
_BEFORE = (
    r"(?:号(?!线)|栋|幢|座|单元|层|楼|室|户|组|队|排|弄|门(?=[\s\d零〇一二三四五六七八九十东西南北室号\-]|$)|-\d|#)"
)
_NUMBER = re.compile(rf"第({_NUMERAL}+|\d+)|(?<![\d])({_NUMERAL}+)(?={_BEFORE})")
#: 三单元四〇二: what follows 单元, 楼 or a dash to the end is a number as well.
_AFTER = re.compile(rf"(?<=单元|号楼|栋楼|元 |楼 |.[层栋幢座#\-])({_NUMERAL}{{2,5}})(?=$|[^{_NUMERAL[1:-1]}一-鿿])")


@dataclass(frozen=True)
class Spelt:
    """A text in one spelling; character k of it stood at `starts[k]` to `ends[k]` of what was written."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the new spelling, not empty, stood in the old one."""
        return self.starts[start], self.ends[end - 1]

    def replaced(self, start: int, end: int, by: str) -> "Spelt":
        """With a stretch written in another way: each new character stands for all of it."""
        first, last = self.span(start, end)
        return Spelt(
            self.text[:start] + by + self.text[end:],
            (*self.starts[:start], *(first for _ in by), *self.starts[end:]),
            (*self.ends[:start], *(last for _ in by), *self.ends[end:]),
        )


def spell(text: str) -> Spelt:
    """Half-width, simplified, lower case, numbers in Arabic digits, every dash a hyphen; blanks are one space."""
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for at, written in enumerate(text):
        for letter in _one_letter(written):
            if letter == " " and (not letters or letters[-1] == " "):
                continue
            letters.append(letter)
            starts.append(at)
            ends.append(at + 1)
    while letters and letters[-1] == " ":
        letters.pop()
    plain = Spelt("".join(letters), tuple(starts[: len(letters)]), tuple(ends[: len(letters)]))
    return _numbered(plain)


def spelt(text: str) -> str:
    """The new spelling alone, without blanks: what names and addresses are compared by."""
    return spell(text).text.replace(" ", "")


def _one_letter(written: str) -> str:
    plain = unicodedata.normalize("NFKC", written).translate(_SIMPLE).lower()
    return "".join(
        "-" if letter in _DASHES else " " if letter.isspace() or letter == "\0" else letter for letter in plain
    )


def _numbered(spelling: Spelt) -> Spelt:
    """With its numerals as numbers. One number found may show the next to be one: 三-四〇二."""
    before = None
    while spelling.text != before:
        before = spelling.text
        spelling = _with_numbers(_with_numbers(spelling, _NUMBER), _AFTER)
    return spelling


def _with_numbers(spelling: Spelt, pattern: re.Pattern) -> Spelt:
    for match in reversed(list(pattern.finditer(spelling.text))):
        number = next(group for group in match.groups() if group)
        spelling = spelling.replaced(match.start(), match.end(), number if number.isdigit() else digits_of(number))
    return spelling


def digits_of(numeral: str) -> str:
    """二十三 → 23, 一百零五 → 105, 四〇二 → 402, 十二 → 12. Takes numerals of `_NUMERAL` only."""
    if not any(letter in _UNITS for letter in numeral):
        return "".join(str(_DIGITS[letter]) for letter in numeral)
    total = waiting = 0
    for letter in numeral:
        if letter in _UNITS:
            total += (waiting or (1 if not total or _UNITS[letter] == 10 else 0)) * _UNITS[letter]
            waiting = 0
        else:
            waiting = waiting * 10 + _DIGITS[letter]
    return str(total + waiting)


#: What stands behind a number and says no more than where it belongs.
_SUFFIX = re.compile(r"(?:号楼|#楼|栋楼|号院|单元|楼|院|栋|幢|座|门|层|室|户|房|号|#)$")


def bare(text: str) -> str:
    """The number alone, as registers and people agree on it: 03号楼, 第3栋 and 三幢 → 3, B座 → b, 402室 → 402."""
    plain = spelt(text)
    shorter = _SUFFIX.sub("", plain) or plain
    return shorter.lstrip("0") or shorter

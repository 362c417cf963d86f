"""Parts of an address that a number or a turn of phrase gives away: 12号楼, 3单元, 402室, 往北200米."""

import re
from collections.abc import Iterator

from gis.places.address.candidate import Candidate, cuts_number
from gis.places.address.elements import Kind

_LETTER_NUMBER = r"(?:[a-z甲乙丙丁戊]?\d{1,4}[a-z甲乙丙丁]?)"
_END = r"(?=$|[\s,，、。;；()\[\]/|]|附近|对面|旁|隔壁|门口|[东西南北]侧)"
_NUMBERED: tuple[tuple[Kind, str, float], ...] = (
    (
        Kind.GATE,
        r"[甲乙丙丁东南西北副附]?\d{1,5}(?:(?:-|之)\d{1,3}|[a-z甲乙丙丁])?号(?:之[\d一二三四五]{1,2})?"
        r"(?![楼院线栋房铺摊]|商铺|门市|门面|公寓|宿舍|住宅|机井)",
        4.0,
    ),
    (Kind.GATE, r"\d{1,5}弄", 3.5),
    (Kind.GATE, rf"\d{{1,4}}(?:-\d{{1,3}})?{_END}", -0.2),
    (Kind.YARD, r"[甲乙丙丁东南西北]?\d{1,5}号(?:大?院|院内)", 4.5),
    (Kind.BUILDING, rf"(?:[东南西北中]区?)?{_LETTER_NUMBER}(?:号楼|栋楼|号栋|#楼|号#|栋|幢|座|#|号公寓楼)", 4.5),
    (Kind.BUILDING, r"[a-z]\d{0,2}(?:栋|幢|座|楼|塔|馆)", 4.5),
    (Kind.BUILDING, r"(?:\d{1,3}|[东南西北中主副附前后])(?:楼|配楼|附楼)(?![下上道梯内])", 3.0),
    (Kind.BUILDING, r"[东南西北中](?:座|栋|幢|塔)", 3.5),
    (Kind.BUILDING, r"\d{1,3}号(?![楼院线栋房铺商门])", 2.4),
    (Kind.BUILDING, r"\d{1,3}排", 4.0),
    (
        Kind.BUILDING,
        r"(?:商住|综合|办公|教学|宿舍|门诊|住院|家属|住宅|公寓|单身|行政|实验|科研|培训|集资|职工)(?:宿舍)?楼",
        3.5,
    ),
    (Kind.BUILDING, rf"[a-z]?\d{{1,3}}(?=-)|[a-z]?\d{{1,3}}{_END}", 0.2),
    (Kind.UNIT, r"(?:[a-z]|\d{1,2}[a-z]?)(?:单元|单(?!位)|门洞|梯(?!口))", 4.5),
    (Kind.UNIT, r"\d{1,2}门(?=$|[\s\d,，-])", 4.0),
    (Kind.UNIT, r"[东西南北中甲乙丙丁](?:单元|门(?=\d))", 4.0),
    (Kind.UNIT, r"\d{1,2}(?=[-/]\d)", 0.5),
    (Kind.UNIT, r"\d{1,2}#", 2.0),
    (Kind.FLOOR, r"(?:地下|负|地上|-|b)?\d{1,3}(?:层半?|楼(?!下|道|梯)|f)", 3.2),
    (Kind.FLOOR, r"地下室|半地下|[顶底首]层|b\d(?!\d)", 2.5),
    (
        Kind.ROOM,
        r"[a-z]?\d{1,5}[a-z]?(?:-\d{1,4})?(?:室|号房|房间|房(?!产|管)|号?(?:商铺|铺|档|摊位|车库|门市|门面)|户(?!外))",
        4.5,
    ),
    (Kind.ROOM, r"[东西南北中][东西南北]?户", 4.0),
    (Kind.ROOM, r"\d{3,4}号(?![楼院线栋])", 2.8),
    (Kind.ROOM, r"\d{1,2}号(?![楼院线栋])", 2.0),
    (Kind.ROOM, rf"[a-z]?\d{{3,4}}-\d{{1,2}}{_END}", 1.8),
    (Kind.ROOM, rf"(?<![-\d])\d{{1,2}}-\d{{1,2}}{_END}", 0.9),
    (Kind.ROOM, r"[左右中东西]门|[东西南北]厢房|传达室|会议室", 2.5),
    (Kind.ROOM, rf"[a-z]?\d{{3,4}}[a-z]?{_END}", 1.6),
    (Kind.ROOM, r"[a-z]?\d{3,4}(?![\d-])", 0.4),
    (Kind.ROOM, rf"\d{{1,2}}{_END}", -0.8),
    (Kind.GROUP, r"\d{1,2}(?:村民小组|生产队|小队|小组|组|队|社(?!区))", 4.5),
    (Kind.ROAD, r"[gsxyz]\d{2,4}(?:国道|省道|县道|乡道|高速公路|高速|线)?", 3.5),
    (Kind.ROAD, r"\d{2,4}(?:国道|省道|县道|乡道)", 4.5),
    (Kind.COMPOUND, r"[东南西北]?[\d一二三四五六七八九十]{1,2}(?:期|区|街坊)|[a-z]区|[东南西北中]区", 2.2),
    (Kind.ZONE, r"[a-z]区|[东南西北中]区", 1.0),
    (
        Kind.BESIDE,
        r"的?(?:正|斜)?(?:附近|对面|对过|旁边|旁|隔壁|门口|大门口|路口|胡同口|村口|巷口|街口|交叉路?口|交汇处|交口|十字路口|丁字路口|路段"
        r"|院内|楼下|楼上|楼道|楼顶|一带|后面|后边|后身|前面|前边|里面|中间|之间|内侧|外侧|入口|出口|拐角处?|尽头|底商|沿街)(?:处|那儿?|边上?)?"
        r"|[a-z东南西北]\d?(?:出?口|门)(?=$|[^\d])|[左右]手边?|路[东南西北](?:侧|边)?(?!路|街)|第[\d一二三四五六七]个路口|第?\d个路口",
        2.6,
    ),
    (
        Kind.BESIDE,
        r"(?:往|向|朝|以|偏)?[东南西北]{1,2}(?:侧|边|面|头|首|角|行|邻)|(?:往|向|朝|以)[东南西北]{1,2}(?:走|行)?"
        r"|[东南西北]{1,2}(?=约|大约|\d+(?:多?米|公里|里))|(?:约|大约)?\d{1,4}(?:多?米|m|公里|km)(?:左右|处)*|内(?=$|[(,，\s])",
        2.6,
    ),
    (Kind.NOTE, r"[(\[{<【《「][^()\[\]{}]*[)\]}>】》」]?", 4.0),
    (Kind.NOTE, r"(?:请|电话联系|送货|放在?)[^\d]{1,12}$|第?\d{1,3}网格", 1.8),
    (Kind.NOTE, r"(?:tel|电话|手机)?:?1\d{2}[\d*x]{8}", 5.0),
)
_PATTERNS = [(kind, re.compile(pattern), weight) for kind, pattern, weight in _NUMBERED]


def numbered(text: str) -> Iterator[Candidate]:
    """Candidates of every pattern, wherever it fits and cuts no number in two."""
    for kind, pattern, weight in _PATTERNS:
        for start in range(len(text)):
            match = pattern.match(text, start)
            if match and not cuts_number(text, start) and not cuts_number(text, match.end()):
                yield Candidate(start, match.end(), kind, weight)

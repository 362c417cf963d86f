"""An invented population in households, to try matching on: twins, fathers and sons of one name, shared phones, flats
of strangers, names as common as they are. Numbers and phones are those of nobody, as in `fixtures.town.persons`."""

import numpy as np
import pandas as pd

from fixtures.town.persons import PHONE_PREFIX, end_wrongly

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方"
    "邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔文牛樊葛邢安齐庞伍颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝"
    "包宁尚符舒阮柯纪梅童凌毕单裴季霍成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁房滕屈饶解牟艾尤时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏"
)
_MEN_OLD = (
    "国建志德永文明福成长海金玉振兴树春生广庆忠义宝山林军华平伟强勇刚峰斌辉民新东红卫荣贵祥根清全富学光胜利保新发祖家立"
)
_MEN_NEW = "子浩宇轩泽博睿晨铭俊辰家嘉逸天昊思远一鸣凯瑞霖奕航梓皓然涵旭阳毅诚哲彦鑫磊超鹏飞翔宸佑沐锦承煜晟栋瀚烨"
_WOMEN_OLD = "秀英桂兰淑珍玉华凤芳素梅红丽敏静霞萍燕云琴荣香莲娟艳玲翠爱春月美金惠慧琳洁莉芬巧仙彩银雪冬连改"
_WOMEN_NEW = "雨欣怡涵梓萱诗语悦佳思琪子若一诺可心婷雪妍晴乐瑶琳颖倩璐蕊馨菲彤曦钰熙苒妙芷汐宁念安禾沁依"
_WHOLE = {
    "men": [
        "伟",
        "强",
        "勇",
        "军",
        "杰",
        "涛",
        "超",
        "建国",
        "建华",
        "志强",
        "海涛",
        "子轩",
        "浩宇",
        "宇轩",
        "志明",
        "俊杰",
        "建军",
        "国强",
    ],
    "women": [
        "芳",
        "敏",
        "静",
        "丽",
        "艳",
        "秀英",
        "秀兰",
        "桂英",
        "玉兰",
        "淑珍",
        "丽娟",
        "雨涵",
        "梓涵",
        "欣怡",
        "诗涵",
        "婷婷",
        "海燕",
        "红梅",
    ],
}
_DOTTED = [
    "买买提",
    "艾合买提",
    "古丽娜尔",
    "阿依古丽",
    "热依汗",
    "吐尔逊",
    "库尔班",
    "帕提古丽",
    "阿不都拉",
    "玉素甫",
    "阿卜力孜",
    "努尔买买提",
    "阿迪力",
    "迪丽努尔",
    "麦麦提",
    "依布拉音",
    "吾买尔",
    "阿曼古丽",
    "祖丽皮娅",
    "木拉提",
    "叶尔兰",
    "塔伊尔",
    "凯赛尔",
    "米热古丽",
    "沙吾列",
    "乌云",
    "巴特尔",
    "其其格",
    "格桑",
    "卓玛",
    "扎西",
    "次仁",
    "央金",
    "多吉",
]
_COMPOUND = [
    "建新",
    "光明",
    "幸福",
    "裕龙",
    "石园",
    "怡馨",
    "东兴",
    "西辛",
    "胜利",
    "前进",
    "龙府",
    "义宾",
    "双兴",
    "滨河",
    "绿港",
    "樱花",
    "万科",
    "天竺",
    "宏城",
    "港馨",
    "鲁能",
    "金宝",
    "澜西",
    "望泉",
]
_ENDING = ["花园", "家园", "小区", "北区", "南区", "东区", "苑", "嘉园", "新村", "里"]
_DIVISIONS = np.array([110113, 110222, 110105, 110112, *range(130102, 130132, 3), *range(370102, 370112, 2), 230102])
_TODAY = np.datetime64("2026-11-01")


def populate(size: int, seed: int) -> pd.DataFrame:
    """About so many people: name, sex, born, identity, phone, compound, house, unit, room, household."""
    rng = np.random.default_rng(seed)
    people = _households(size, rng)
    people["born"] = _births(people, rng)
    people["name"] = _names(people, rng)
    people["identity"] = _identities(people, rng)
    people["phone"] = _phones(people, rng)
    homes = _homes(people["household"].max() + 1, rng)
    return people.join(homes, on="household")


#: Roles of a household; ages are those of the head plus so many years, give or take.
_TYPES: list[tuple[float, list[tuple[str, int]]]] = [
    (0.14, [("head", 0)]),
    (0.20, [("head", 0), ("wife", -2)]),
    (0.24, [("head", 0), ("wife", -2), ("child", -28)]),
    (0.13, [("head", 0), ("wife", -2), ("child", -27), ("child", -30)]),
    (0.015, [("head", 0), ("wife", -2), ("child", -28), ("twin", -28)]),
    (0.16, [("head", 0), ("wife", -2), ("child", -28), ("father", 27), ("mother", 25)]),
    (0.115, [("mate", 0), ("mate", 2), ("mate", -3)]),
]


def _households(size: int, rng: np.random.Generator) -> pd.DataFrame:
    shares = np.array([share for share, _ in _TYPES])
    kinds = rng.choice(len(_TYPES), size, p=shares / shares.sum())
    kinds = kinds[: int(np.searchsorted(np.cumsum([len(_TYPES[kind][1]) for kind in kinds]), size)) + 1]
    heads = rng.integers(24, 70, len(kinds))
    rows = [
        (number, role, head + older + (0 if role == "twin" else rng.integers(-3, 4)))
        for number, (kind, head) in enumerate(zip(kinds, heads, strict=True))
        for role, older in _TYPES[kind][1]
    ]
    people = pd.DataFrame(rows, columns=["household", "role", "age"])
    people["age"] = people["age"].clip(0, 98)
    man = rng.random(len(people)) < 0.5
    man = np.where(
        people["role"].isin(["head", "father"]), True, np.where(people["role"].isin(["wife", "mother"]), False, man)
    )
    man = np.where((people["role"] == "twin") & (rng.random(len(people)) < 0.7), np.roll(man, 1), man)
    people["sex"] = np.where(man, "1", "2")
    return people


def _births(people: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    days = people["age"].to_numpy() * 365.25 + rng.integers(0, 365, len(people))
    born = _TODAY - days.astype("timedelta64[D]")
    born = np.where(rng.random(len(people)) < 0.01, born.astype("datetime64[Y]").astype("datetime64[D]"), born)
    twin = np.flatnonzero(people["role"] == "twin")
    born[twin] = born[twin - 1]
    return born


def _weights(number: int, power: float = 0.9) -> np.ndarray:
    weights = 1 / (np.arange(number) + 3) ** power
    return weights / weights.sum()


def _names(people: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    pool = np.array(list(_SURNAMES))
    own = rng.choice(pool, len(people), p=_weights(len(pool), 1.1))
    line = rng.choice(pool, people["household"].max() + 1, p=_weights(len(pool), 1.1))[people["household"]]
    family = people["role"].isin(["head", "child", "twin", "father"]).to_numpy() & (rng.random(len(people)) < 0.96)
    names = np.char.add(np.where(family, line, own), _given(people, rng)).astype(object)
    dotted = people["household"].isin(np.flatnonzero(rng.random(people["household"].max() + 1) < 0.02)).to_numpy()
    names[dotted] = [f"{rng.choice(_DOTTED)}·{rng.choice(_DOTTED)}" for _ in range(dotted.sum())]
    _alike(people, names, rng)
    return names


def _given(people: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    given = np.full(len(people), "", dtype="U2")
    old, man = (people["age"] > 32).to_numpy(), (people["sex"] == "1").to_numpy()
    for mask, signs, whole in (
        (old & man, _MEN_OLD, "men"),
        (~old & man, _MEN_NEW, "men"),
        (old & ~man, _WOMEN_OLD, "women"),
        (~old & ~man, _WOMEN_NEW, "women"),
    ):
        pool, number = np.array(list(dict.fromkeys(signs))), int(mask.sum())
        first, second = (rng.choice(pool, number, p=_weights(len(pool), 0.6)) for _ in range(2))
        made = np.where(rng.random(number) < 0.12, first, np.char.add(first, second))
        given[mask] = np.where(rng.random(number) < 0.15, rng.choice(_WHOLE[whole], number), made)
    return given


def _alike(people: pd.DataFrame, names: np.ndarray, rng: np.random.Generator) -> None:
    """Twins share the first sign of their given names; one son of 300 has his father's whole name."""
    for at in np.flatnonzero(people["role"] == "twin"):
        brother = names[at - 1]
        if "·" not in brother:
            names[at] = brother[:-1] + rng.choice([sign for sign in _MEN_NEW + _WOMEN_NEW if sign != brother[-1]])
    same = (people["role"] == "child") & (people["sex"] == "1") & (rng.random(len(people)) < 1 / 300)
    for at in np.flatnonzero(same):
        names[at] = names[at - 2] if people["role"].iat[at - 2] == "head" else names[at]


def _identities(people: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """All different; twins' numbers follow one another."""
    day = pd.DatetimeIndex(people["born"])
    date = (day.year * 10000 + day.month * 100 + day.day).to_numpy(dtype=np.int64)
    division = rng.choice(_DIVISIONS, len(people), p=_weights(len(_DIVISIONS), 1.2))
    twin = np.flatnonzero(people["role"] == "twin")
    division[twin] = division[twin - 1]
    stem = division * 10**11 + date * 1000
    frame = pd.DataFrame({"stem": stem, "sex": people["sex"]})
    rank = frame.groupby(["stem", "sex"]).cumcount().to_numpy() + (date * 31 + division) % 170
    return end_wrongly(stem + 2 * rank + (people["sex"] == "1").to_numpy(), 1 + rank % 10)


def _phones(people: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Own ones; children and some of the old have another's of the household; a few that of an office."""
    number = (np.arange(20, len(people) + 20) * 38_699_371 + rng.integers(0, 10**8)) % 10**8  # all different
    own = np.char.add(PHONE_PREFIX, np.char.zfill(number.astype("U8"), 8)).astype(object)
    age = people["age"].to_numpy()
    first = people.groupby("household").cumcount().to_numpy() == 0
    head = own[np.maximum.accumulate(np.where(first, np.arange(len(people)), 0))]
    shares = (age < 13) | ((age > 70) & (rng.random(len(people)) < 0.35)) | (rng.random(len(people)) < 0.06)
    phones = np.where(shares & (people["role"] != "mate"), head, own)
    offices = np.char.add(PHONE_PREFIX, np.char.zfill(np.arange(20).astype("U8"), 8)).astype(object)
    return np.where(rng.random(len(people)) < 0.01, rng.choice(offices, len(people)), phones)


def _homes(number: int, rng: np.random.Generator) -> pd.DataFrame:
    compounds = np.array([name + ending for name in _COMPOUND for ending in _ENDING])
    slot = np.sort(rng.permutation(max(number * 11 // 10, len(compounds)))[:number])  # one dwelling each
    within = slot // len(compounds)
    floor, door = within % 6 + 1, within // 6 % 2 + 1
    return pd.DataFrame(
        {
            "compound": compounds[slot % len(compounds)],
            "house": (within // 36 + 1).astype(str),
            "unit": (within // 12 % 3 + 1).astype(str),
            "room": np.char.add(floor.astype("U2"), np.char.add("0", door.astype("U2"))).astype(object),
        }
    )

"""Surnames that are not read sign by sign as other words are: those of two signs, and those with their own sound."""

#: Surnames of two characters.
DOUBLE = frozenset({
    "欧阳", "司马", "上官", "诸葛", "司徒", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙",
    "司空", "夏侯", "轩辕", "端木", "南宫", "独孤", "西门", "东郭", "百里", "呼延", "赫连", "澹台",
})  # fmt: skip
#: How surnames are read whose sign is read otherwise elsewhere.
SOUNDS = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "盖": "ge", "区": "ou", "朴": "piao",
    "翟": "zhai", "覃": "qin", "缪": "miao", "尉": "yu", "种": "chong", "繁": "po", "黑": "he", "员": "yun",
    "乜": "nie", "折": "she", "秘": "bi", "召": "shao", "乐": "yue", "重": "chong", "都": "du", "洗": "xian",
}  # fmt: skip

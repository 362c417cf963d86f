"""Names in cells: one person's in one spelling, or several people's, who must each have a row."""

import re

_PARTED = re.compile(r"[、,，;；/|\n&]|以及|和(?=[一-鿿]{2,3}$)")
_BLANKS = re.compile(r"(?<=[一-鿿]) +(?=[一-鿿])")
_ASIDE = re.compile(r"\s*[(\[（【][^)\]）】]*[)\]）】]\s*$")
_CHINESE = re.compile(r"[一-鿿]{2,4}")
#: 张 三: a blank that a clerk puts to make two signs as wide as three.
_WIDE = re.compile(r"[一-鿿] [一-鿿]{1,2}")


def is_several(text: str) -> bool:
    """Whether a cell names more than one person: 张三、李四; 张三/李四; 张三 李四. Not 张 三, nor 阿依古丽·买买提."""
    parts = [_ASIDE.sub("", part).strip() for part in _PARTED.split(text)]
    parts = [part for part in parts if part]
    if len(parts) > 1:
        return all(re.search(r"[一-鿿A-Za-z]", part) and not re.search(r"\d", part) for part in parts)
    blanks = _ASIDE.sub("", text).strip().split(" ")
    return len(blanks) > 1 and all(_CHINESE.fullmatch(part) for part in blanks)


def plain_name(text: str) -> str:
    """A name as it is kept: without what stands in brackets behind it, and without blanks between its signs."""
    plain = _ASIDE.sub("", text).strip() or text
    return _BLANKS.sub("", plain) if _WIDE.fullmatch(plain) or len(plain) <= 7 else plain

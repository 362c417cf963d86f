"""Why two records are taken for one person, in words: 姓名：同音；出生日期：月日颠倒；电话：相同."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from gis.people.matching.description import Description
from gis.people.matching.persons import WORDS


class Said(NamedTuple):
    """One field of a pair. `key` is for the page to colour it by."""

    field: str
    key: str
    name: str
    word: str


def tell(levels: Sequence[int], description: Description) -> list[Said]:
    """The fields that both sides give, in the order of the description, in the reader's language."""
    found = []
    for number, (field, comparison) in zip(levels, description.fields.items(), strict=True):
        if number:
            level = comparison.levels[number - 1]
            found.append(Said(field, level.key, _(WORDS.get(field, field)), _(level.word)))
    return found


def sentence(levels: Sequence[int], description: Description) -> str:
    """All of it in one line."""
    return _("；").join(
        _("%(field)s：%(level)s") % {"field": one.name, "level": one.word} for one in tell(levels, description)
    )

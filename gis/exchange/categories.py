"""Category texts of a file as rows of the category table: ours by code or name, else made from the text."""

import hashlib

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _

from gis.errors import BadFile
from gis.incidents.category import Category

#: More different texts than this are no categories but descriptions.
MOST = 500
_PREFERRED = (Category.Kind.COMMUNITY, Category.Kind.CITY, Category.Kind.COMPONENT, Category.Kind.IMPORTED)


def category_ids(texts: np.ndarray, source: str, *, make: bool) -> tuple[np.ndarray, list[str]]:
    """Primary key of the category of each text (0 while it is not made) and the names of the categories made.

    Raises BadFile when the texts are too many to be categories.
    """
    distinct = [text for text in pd.unique(texts) if text]
    if len(distinct) > MOST:
        raise BadFile(
            _("类别列有 %(n)s 种不同的内容。") % {"n": f"{len(distinct):,}"},
            fix=_("请改用另一列（--map category=列名），或不用它（--map category= --category 名称）。"),
        )
    known = _known()
    unknown = [text for text in distinct if text.casefold() not in known]
    if unknown and make:
        Category.objects.bulk_create([_imported(text, source) for text in unknown], ignore_conflicts=True)
        known = _known()
    return np.array([known.get(text.casefold(), 0) for text in texts], dtype=np.int64), unknown


def _known() -> dict[str, int]:
    """Code and name → primary key; where two kinds share one, the community's before the city's."""
    found: dict[str, int] = {}
    rows = Category.objects.filter(retired=False).values_list("kind", "code", "name", "id")
    for kind, code, name, key in sorted(rows, key=lambda row: _PREFERRED.index(row[0])):
        for word in (name, code) if kind == Category.Kind.COMPONENT else (code, name):
            # "0101" is a city event and a component: a bare number means the event.
            found.setdefault(word.casefold(), key)
    for category in Category.objects.filter(retired=False).exclude(log=[]):
        for name in category.names:
            found.setdefault(name.casefold(), category.pk)
    return found


def _imported(text: str, source: str) -> Category:
    code = text if len(text) <= 40 else f"{text[:31]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    return Category(kind=Category.Kind.IMPORTED, code=code, major=source[:60], name=text[:80])

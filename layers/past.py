"""The map as of an earlier day: cells and areas as they were drawn then, and the figures that still hold for them.

What is counted is counted on the ground of today. A cell whose version of then is in force today, and a community with
the outline of today, has its figure; of any other it is unknown: no number of today is put on ground drawn otherwise.
"""

from dataclasses import replace
from datetime import date

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.areas.outline import drawn_otherwise
from gis.errors import WanggeError
from layers.places import Places, places_on
from layers.values import UNKNOWN, Answer, Question, listed_for, scope_of, values


def day_of(text: str) -> date:
    """A day of the past or today, as an address writes it. Raises WanggeError."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day > timezone.localdate():
        raise WanggeError(_("请选择今天或以前的日期。"))
    return day


def listed_on(question: Question, access: Access, day: date) -> Places:
    """The places of a question as they were on a day. Raises WanggeError for a layer or an indicator there is not."""
    listed_for(question, access)
    return places_on(question.layer, day).inside(scope_of(question, access))


def values_on(question: Question, access: Access, day: date) -> Answer:
    """The figures of today for the places of then that are the same."""
    now, then = values(question, access), listed_on(question, access, day)
    other = set() if question.layer == "cells" else drawn_otherwise(day)  # a cell drawn anew is another version
    row = {int(key): place for place, key in enumerate(now.places.ids) if key not in other}
    at = np.array([row.get(int(key), -1) for key in then.ids], dtype=int)
    return replace(
        now,
        places=then,
        values=_at(now.values, at, np.nan),
        previous=None if now.previous is None else _at(now.previous, at, np.nan),
        state=_at(now.state, at, UNKNOWN),
        note=_("只有至今没有变化的网格和社区有数字。"),
    )


def _at(column: np.ndarray, rows: np.ndarray, otherwise: float) -> np.ndarray:
    if not len(column):
        return np.full(len(rows), otherwise, dtype=column.dtype)
    return np.where(rows >= 0, column[np.maximum(rows, 0)], otherwise).astype(column.dtype)

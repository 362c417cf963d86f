"""One indicator's figures for the places of a layer, as one array in the order of their list (`layers.places`)."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from django.utils import timezone

from gis.accounts.scope import Access, Scope
from gis.errors import WanggeError
from gis.incidents.finding import this_second
from gis.risk.weighting import DISTRICT, Weights
from layers.indicator import Asked, Computed, Indicator
from layers.indicators import INDICATORS
from layers.kept_figures import kept_now
from layers.packing import packed
from layers.places import LAYERS, Places, ground

#: What a figure is: the byte that travels beside it.
SHOWN, HIDDEN, UNKNOWN, DOUBTFUL = 0, 1, 2, 3
#: Days a period may have.
PERIODS = (7, 30, 90, 365)


@dataclass(frozen=True)
class Question:
    """Which figures: a layer, an indicator, and of incidents the period, the categories and whether to compare;
    of risk the reader's own weights."""

    layer: str
    indicator: str
    days: int = 30
    categories: frozenset[int] = frozenset()
    majors: frozenset[str] = frozenset()
    compare: bool = False
    weights: Weights = DISTRICT


@dataclass(frozen=True)
class Answer:
    """Figures of n places. `state`: n of SHOWN, HIDDEN, UNKNOWN, DOUBTFUL; `values` and `previous` are NaN where
    withheld or unknown."""

    indicator: Indicator
    places: Places
    values: np.ndarray
    previous: np.ndarray | None
    state: np.ndarray
    note: str
    at: str


def values(question: Question, access: Access) -> Answer:
    """The figures, small counts withheld. Raises WanggeError for a layer, an indicator or a period there is not."""
    indicator = _known(question)
    # Where the reader may not see this kind of figure the place is absent, not zero.
    scope = indicator.scope(access)
    every = ground()
    asked = Asked(
        places=every[question.layer].inside(scope), ground=every, scope=scope, access=access, now=this_second(),
        kept=kept_now(), days=question.days, categories=question.categories, majors=question.majors,
        compare=question.compare and indicator.compares, weights=question.weights,
    )  # fmt: skip
    return _answered(indicator, asked, indicator.figure(asked))


def listed_for(question: Question, access: Access) -> Places:
    """The places whose figures `values` gives, in their order."""
    return ground()[question.layer].inside(_known(question).scope(access))


def scope_of(question: Question, access: Access) -> Scope:
    """Where somebody may see figures of that kind."""
    return _known(question).scope(access)


def _known(question: Question) -> Indicator:
    _one_of(question.layer, LAYERS, "There is no such layer.")
    _one_of(question.days, PERIODS, "There is no such period.")
    return INDICATORS[_one_of(question.indicator, INDICATORS, "There is no such indicator.")]


def _one_of(chosen, offered: Collection, otherwise: str):
    if chosen not in offered:
        raise WanggeError(otherwise, fix=f"Choose one of {', '.join(map(str, offered))}.")
    return chosen


def _answered(indicator: Indicator, asked: Asked, found: Computed) -> Answer:
    state = np.full(len(asked.places), SHOWN, dtype=np.uint8)
    if found.doubtful is not None:
        state[found.doubtful] = DOUBTFUL
    state[np.isnan(found.values)] = UNKNOWN
    if found.hidden is not None:
        state[found.hidden] = HIDDEN
    bits = _BITS_COMPARED if found.previous is not None else _BITS
    told = [None if one is None else _without(one, state, bits) for one in (found.values, found.previous)]
    at = timezone.localtime(asked.now).isoformat(timespec="seconds")
    return Answer(indicator, asked.places, *told, state, str(found.note or indicator.note), at)


def _without(figures: np.ndarray, state: np.ndarray, bits: int) -> np.ndarray:
    """What may be told of them: where the figure is withheld, so is that of the period before."""
    return _rounded(np.where((state == SHOWN) | (state == DOUBTFUL), figures, np.nan).astype(np.float32), bits)


#: Bits of the mantissa that a density, share or rate keeps: four significant digits; three beside another period.
_BITS, _BITS_COMPARED = 12, 10


def _rounded(figures: np.ndarray, bits_kept: int) -> np.ndarray:
    """Whole numbers as they are, others without the digits that nobody reads and no compression can press."""
    drop = 23 - bits_kept
    bits = figures.view(np.uint32)
    short = ((bits + np.uint32(1 << (drop - 1))) >> drop << drop).view(np.float32)
    return np.where((figures == np.floor(figures)) | np.isnan(figures), figures, short)


def wire(answer: Answer) -> bytes:
    """The figures as they travel: see `layers.packing`. `list` names the list of places they are in the order of."""
    indicator, places = answer.indicator, answer.places
    head = {
        "indicator": indicator.code, "layer": places.layer, "list": places.mark, "unit": str(indicator.unit),
        "at": answer.at, "note": answer.note, "source": str(indicator.source),
        "classes": [{"name": str(one.name), "colour": one.colour} for one in indicator.classes],
    }  # fmt: skip
    previous = {} if answer.previous is None else {"previous": answer.previous}
    return packed(head, {"values": answer.values, **previous, "state": answer.state})

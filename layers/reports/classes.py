"""The classes of a report's map: those of the screen, or five quantiles."""

from dataclasses import dataclass

import numpy as np

from layers.reports.view import View

#: Yellow to dark red in five steps that a colour-blind reader tells apart (ColorBrewer YlOrRd, Apache licence).
_COLOURS = ("#ffffb2", "#fecc5c", "#fd8d3c", "#f03b20", "#bd0026")
#: Less to more, violet to orange (ColorBrewer PuOr).
_CHANGES = ("#5e3c99", "#b2abd2", "#f7f7f7", "#fdb863", "#e66101")
#: No figure: withheld or unknown.
NO_FIGURE = "#e6e6e6"


@dataclass(frozen=True)
class Classes:
    """`upper`: the upper ends of k classes, ascending; `colours`: k; `of`: the class of each of n figures, −1 none.

    `counts`: how many figures fall in each class.
    """

    upper: np.ndarray
    colours: tuple[str, ...]
    of: np.ndarray

    @property
    def counts(self) -> np.ndarray:
        return np.bincount(self.of[self.of >= 0], minlength=len(self.upper))

    @property
    def colour_of(self) -> list[str]:
        return [self.colours[number] if number >= 0 else NO_FIGURE for number in self.of]


def classes_of(figures: np.ndarray, view: View) -> Classes:
    """Classes for n figures, NaN where there is none.

    A figure beyond the last upper end (the data moved on since the screen was drawn) is of the last class.
    """
    upper, colours = _chosen(figures[~np.isnan(figures)], view)
    number = np.minimum(np.searchsorted(upper, figures), len(upper) - 1)
    return Classes(upper, colours, np.where(np.isnan(figures), -1, number))


def _chosen(known: np.ndarray, view: View) -> tuple[np.ndarray, tuple[str, ...]]:
    """Upper ends and colours. Those of categories are the indicator's own."""
    named = view.indicator.classes if view.indicator else ()
    if named:
        return np.arange(len(named)), tuple(one.colour for one in named)
    if view.change:
        return _changes(known), _CHANGES
    upper = np.array(view.breaks) if view.breaks else _quantiles(known)
    return upper, view.colours or _COLOURS[: len(upper)]


def _changes(known: np.ndarray) -> np.ndarray:
    """Upper ends of much less, less, none, more and much more; the halves mirror each other."""
    amounts = np.abs(known[known != 0])
    half = np.median(amounts) if amounts.size else 1.0
    return np.array([-half, np.nextafter(0, -1), 0, np.nextafter(half, 0), max(amounts.max(initial=0), half)])


def _quantiles(known: np.ndarray) -> np.ndarray:
    """Upper ends of up to five classes of about as many figures each; equal figures never part."""
    if not known.size:
        return np.empty(0)
    return np.unique(np.quantile(known, np.arange(1, 6) / 5, method="inverted_cdf"))

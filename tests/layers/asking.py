"""Asking for figures in a test as a map does: for a layer and an indicator, as somebody posted somewhere."""

import numpy as np

from gis.accounts.scope import Access
from layers.values import HIDDEN, Answer, Question, values


class Posted:
    def __init__(self, role: str, area: str) -> None:
        self.role, self.area = role, area


def access(role: str, area: str) -> Access:
    return Access.of_postings([Posted(role, area)])


def shown(answer: Answer) -> dict[str, float | None]:
    """Code → figure, None where it is withheld or unknown."""
    return {
        str(code): None if np.isnan(one) else float(one)
        for code, one in zip(answer.places.codes, answer.values, strict=True)
    }


def hidden(answer: Answer) -> list[str]:
    """Codes of the places whose figure is withheld."""
    return answer.places.codes[answer.state == HIDDEN].tolist()


def figures(layer: str, indicator: str, who: Access, **asked) -> dict[str, float | None]:
    return shown(values(Question(layer, indicator, **asked), who))

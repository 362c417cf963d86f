"""Rounding what answers a free question: minutes, speeds and sites can be turned until one house makes the difference.

A count of 1–4 is withheld as everywhere. But whoever asks for 15 minutes and then for 15.1, or drags a site by a step,
gets two sums that differ by one house, and the difference counts who lives in it. So all but a place's own staff get
such sums to the nearest five, nobody and everybody excepted.
"""

ROUNDED_TO = 5


def rounded(number: float, whole: int, own: bool) -> int:
    """A part of `whole` people as the reader is told it. `own`: the reader is the place's own staff."""
    if own or number <= 0 or number >= whole:
        return round(number)
    return min(ROUNDED_TO * round(number / ROUNDED_TO), whole)

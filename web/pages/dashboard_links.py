"""Addresses of what a figure counts: the list, the map and the dashboard under its filter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from django.urls import reverse

from gis.incidents.finding import Wanted
from web.pages.incident_filter import write_filter

_SOME_DAY = date(1900, 1, 1)


def address_of(page: str, wanted: Wanted, held: str = "") -> str:
    """The page of that name under a filter; `held` names the words it was searched with."""
    query = write_filter(wanted, held if wanted.text else "")
    return f"{reverse(page)}?{query}" if query else reverse(page)


def addresses_of_days(page: str, wanted: Wanted, held: str = "") -> Callable[[date], str]:
    """The same for one day and another: hundreds of marks differ in nothing else."""
    some = address_of(page, replace(wanted, days=None, first=_SOME_DAY, last=_SOME_DAY), held)
    return lambda day: some.replace(_SOME_DAY.isoformat(), day.isoformat())

"""A case before its reader, and what a section of its page is. Which sections there are: `web.pages.case_parts`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.http import HttpRequest, QueryDict
from django.template.context_processors import csrf
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from gis.accounts.scope import Access, Scope
from gis.errors import WanggeError
from gis.models import Incident, User


@dataclass(frozen=True)
class Attempt:
    """A move that was not made: what its form said, and why not. The page shows the form again as it was."""

    act: str
    said: QueryDict
    error: WanggeError

    @property
    def fields(self) -> dict[str, str]:
        return getattr(self.error, "fields", {})

    @property
    def theirs(self) -> dict:
        return getattr(self.error, "theirs", {})


@dataclass(frozen=True)
class Case:
    """What a section may ask: the incident, which its reader may read; who reads it; one moment for all sections."""

    incident: Incident
    request: HttpRequest
    now: datetime
    attempt: Attempt | None = None

    @property
    def user(self) -> User:
        return self.request.user

    @property
    def access(self) -> Access:
        return self.request.access

    @property
    def scope(self) -> Scope:
        return self.request.scope


@dataclass(frozen=True)
class Part:
    """A section of the case page. `context` looks up what its template says; None: nothing, and there is no section.

    The template draws the whole section, `<section class="card" id="name">` with its `<h2>`, and knows `incident`,
    `case`, `now`, `request` and the CSRF token besides. `place`: at the top over the full width, in the wide column, or
    beside it. `read_by`: the capability without which, where the case lies, nobody is shown it; what is finer the
    context decides.
    """

    name: str
    template: str
    context: Callable[[Case], dict | None]
    place: Literal["top", "main", "side"] = "main"
    read_by: str = "incident.read"


def drawn(parts: tuple[Part, ...], case: Case) -> dict[str, list[SafeString]]:
    """The sections of the page by their place, in the order of the list."""
    # Not "rendered with the request": that would ask for the page's frame anew for each of them.
    known = {"incident": case.incident, "case": case, "now": case.now, "request": case.request} | csrf(case.request)
    sections: dict[str, list[SafeString]] = {"top": [], "main": [], "side": []}
    for part in parts:
        context = part.context(case) if case.access.may(part.read_by, case.incident.area) else None
        if context is not None:
            sections[part.place].append(render_to_string(part.template, known | context))
    return sections

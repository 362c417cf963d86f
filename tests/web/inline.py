"""Code and styles within a page, which the content policy would refuse: they belong into files."""

from html.parser import HTMLParser

from django.http import HttpResponse

_DATA = {"application/json", "application/ld+json"}


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and not given.get("src") and given.get("type") not in _DATA):
            self.found.append(f"<{tag}>")
        self.found += [name for name in given if name == "style" or name.startswith("on")]
        self.found += [name for name, value in given.items() if (value or "").strip().lower().startswith("javascript:")]


def inline(answer: HttpResponse) -> list[str]:
    """What a page has within itself; empty is right, and so is what is no page."""
    if answer.streaming or "attachment" in answer.headers.get("Content-Disposition", ""):
        return []  # a file: it is opened by itself
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return []
    finder = _Finder()
    finder.feed(answer.content.decode())
    return finder.found

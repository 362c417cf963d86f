"""Every Chinese word of the interface: from the Python files, the templates and the code tables.

Chinese is the source language, so a message's id is its Chinese text. English is in `locale/en/LC_MESSAGES/django.po`;
`manage.py words` brings that file up to the source, and a test fails while a word has no English.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from gis.codes.loading import read_table

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "web" / "locale" / "en" / "LC_MESSAGES" / "django.po"
_ROOMS = ("gis", "layers", "web", "fixtures")
_CALLS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}
#: Code tables whose names a page shows, and their columns with words in them.
_TABLES = {
    "calendar_day": ("name",),
    "migrate_reason": ("name",),
    "hazard": ("name",),
    "marital": ("name",),
    "sex": ("name",),
    "organisation_kind": ("threshold", "source"),
    "tenure": ("name",),
    "service_need": ("name",),
    "document": ("name",),
    "event_class_community": ("major_name", "name"),
    "event_class_city": ("major_name", "name"),
    "component_class": ("major_name", "name"),
    "dispute": ("name",),
    "evaluation_indicator": ("name",),
    "reminder_rule": ("name",),
    "risk_component": ("name", "unit", "reason"),
    "risk_dimension": ("name", "reason"),
}
#: Code tables whose names mean something else in another place (女 is a daughter here, a woman there).
_IN_CONTEXT = {"relation": "name"}
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: A fixed date in the file's head, so that a run that changes no word changes nothing.
_BEGUN = datetime(2026, 11, 23, tzinfo=UTC)
Message = str | tuple[str, str]


@dataclass(frozen=True)
class Word:
    """A message (a pair where it has a plural), the file it stands in, and its context where it needs one."""

    message: Message
    place: str
    context: str | None = None

    @property
    def id(self) -> str:
        return self.message if isinstance(self.message, str) else self.message[0]


def words() -> Iterator[Word]:
    """Every word of the source, in the order of the files."""
    for room in _ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in (".py", ".html", ".txt") and "node_modules" not in path.parts:
                place = str(path.relative_to(ROOT))
                found = (Word(message, place, context) for message, context in _in_file(path))
                yield from (word for word in found if _is_chinese(word.message))
    for table, columns in _TABLES.items():
        place = f"gis/codes/tables/{table}.csv"
        yield from (Word(row[column], place) for row in read_table(table) for column in columns if row[column])
    for table, column in _IN_CONTEXT.items():
        yield from (Word(row[column], f"gis/codes/tables/{table}.csv", table) for row in read_table(table))


def _in_file(path: Path) -> Iterator[tuple[Message, str | None]]:
    """Each message with its context, None where it has none."""
    text = path.read_text(encoding="utf-8")
    source = templatize(text, origin=str(path)) if path.suffix != ".py" else text
    for _line, call, message, _comments in extract_python(BytesIO(source.encode()), list(_CALLS), [], {}):
        if call == "pgettext":
            if isinstance(message, tuple) and message[1]:  # else a name, whose words stand in its table
                yield message[1], message[0]
        elif isinstance(message, tuple):
            yield (message[0], message[1]) if "ngettext" in call else message[0], None
        elif message:
            yield message, None


def _is_chinese(message: Message) -> bool:
    return bool(_CHINESE.search(message if isinstance(message, str) else message[0]))


def read_catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def renewed(old: Catalog) -> Catalog:
    """The catalogue with exactly the words of the source, keeping the English it has."""
    new = Catalog(locale="en", project="Wangge", version="1", fuzzy=False, creation_date=_BEGUN, revision_date=_BEGUN)
    new.header_comment = "# English of the interface. Brought up to the source by `manage.py words`."
    new.last_translator = new.language_team = new.msgid_bugs_address = "-"
    for word in words():
        known = old.get(word.id, context=word.context)
        english = known.string if known else None
        new.add(word.message, string=english, locations=[(word.place, None)], context=word.context)
    return new


def write_catalogue(catalogue: Catalog) -> None:
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=0, include_lineno=False, sort_output=False, omit_header=False)


def without_english(catalogue: Catalog) -> list[str]:
    """Words of the source that the catalogue has no English for, each with its first file."""
    missing = {}
    for word in words():
        known = catalogue.get(word.id, context=word.context)
        if known is None or not _translated(known.string):
            missing.setdefault(word.id, word.place)
    return [f"{place}: {message}" for message, place in missing.items()]


def _translated(english: str | tuple) -> bool:
    return all(english) if isinstance(english, tuple | list) else bool(english)

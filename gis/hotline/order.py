"""A work order: what a row tells, judged. Pure, but for the keyed prints by which a change is seen."""

import csv
import json
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from gis.hotline.faults import Fault
from gis.hotline.hotline_file import LONGEST_NUMBER, LONGEST_WORDS
from gis.hotline.sheet import Row
from gis.hotline.values import (
    Cell,
    as_text,
    in_line,
    is_scientific,
    read_content,
    read_due,
    read_moment,
    read_name,
    read_phone,
)
from gis.incidents.private_words import is_plain
from gis.incidents.residents.reporter import LONGEST_NAME
from gis.incidents.working_time import WorkCalendar
from gis.people.keyring import Key, keyring
from gis.people.sealing import index_by, open_seal, seal

#: A description of ours, and a place.
_LONGEST_TEXT, _LONGEST_LINE = 2000, 120
_AHEAD = timedelta(minutes=10)
_KINDS = ("kind1", "kind2", "kind3")


@dataclass(frozen=True)
class Order:
    """One work order, as a row tells it. Moments are ISO texts, so that it can be sealed as it is."""

    number: str = ""
    at: str = ""
    text: str = ""
    place: str = ""
    within: str = ""  # district, street and community, where they have columns of their own
    words: str = ""
    name: str = ""
    phone: str = ""
    last4: str = ""
    due: str = ""
    department: str = ""
    result: str = ""
    state: str = "open"
    closed: str = ""
    content: int = 0
    longitude: float | None = None
    latitude: float | None = None

    def sealed(self) -> bytes:
        return seal(json.dumps(vars(self), ensure_ascii=False))

    @classmethod
    def opened(cls, sealed: bytes) -> "Order":
        told = json.loads(open_seal(sealed))
        return cls(**{field.name: told[field.name] for field in fields(cls) if field.name in told})

    def moment(self, name: str) -> datetime | None:
        text = getattr(self, name)
        return datetime.fromisoformat(text) if text else None

    def prints(self) -> dict[str, str]:
        """A keyed print of each field that is filled: by them a change is seen, and from them nothing is read."""
        return self._prints(keyring().seals)

    def prints_like(self, before: dict[str, str]) -> dict[str, str] | None:
        """The prints to hold against earlier ones, by the key of those; None where that key is gone."""
        mark = next(iter(before.values()), "").rpartition(":")[0]
        key = keyring().numbered(int(mark or 1)) if before else keyring().seals
        return self._prints(key) if key else None

    def _prints(self, key: Key) -> dict[str, str]:
        mark = "" if key.number == 1 else f"{key.number}:"
        told = {name: value for name, value in vars(self).items() if value and name not in ("number", "last4")}
        return {name: mark + index_by(key, f"order {name} {value!r}").hex()[:12] for name, value in told.items()}

    @property
    def is_ended(self) -> bool:
        return self.state in ("closed", "rejected")


@dataclass(frozen=True)
class Reading:
    """How the rows of a file are read: which cell is which field, in which zone, by which calendar, as of when."""

    places: dict[str, int]
    zone: ZoneInfo
    work: WorkCalendar
    now: datetime

    @classmethod
    def of(cls, titles: list[str], chosen: dict[str, str], **rules) -> "Reading":
        return cls({name: titles.index(title) for name, title in chosen.items() if title in titles}, **rules)

    def cell(self, row: Row, name: str) -> Cell:
        return row.cells[self.places[name]] if name in self.places else None


def judge(row: Row, reading: Reading) -> tuple[Order, list[Fault]]:
    """What a row tells, and what is wrong with it. A row with a fault that stops it tells no more than its number."""
    number = in_line(reading.cell(row, "number"))
    if fault := _of_number(row, number, reading):
        return Order(number[:LONGEST_NUMBER]), [fault]
    order, faults = Order(number), []
    for read in (_read_times, _read_texts, _read_caller, _read_end, _read_point):
        order, found = read(order, row, reading)
        faults += found
        if any(fault.stops for fault in found):
            return Order(number), [fault for fault in faults if fault.stops]
    return order, faults


def _of_number(row: Row, number: str, reading: Reading) -> Fault | None:
    if row.torn:
        return Fault("torn")
    if not number:
        return Fault("no_number", "number")
    if len(number) > LONGEST_NUMBER:
        return Fault("long_number", "number")
    cell = reading.cell(row, "number")
    lost = isinstance(cell, float) and abs(cell) >= 2**53
    return Fault("lost_number", "number") if lost or (isinstance(cell, str) and is_scientific(number)) else None


def _read_times(order: Order, row: Row, reading: Reading) -> tuple[Order, list[Fault]]:
    cell = reading.cell(row, "at")
    if not in_line(cell):
        return order, [Fault("no_time", "at")]
    at = read_moment(cell, reading.zone)
    if at is None or at > reading.now + _AHEAD:
        return order, [Fault("future" if at else "bad_time", "at")]
    told, notes = reading.cell(row, "due"), []
    due = read_due(told, at, reading.zone, reading.work)
    if in_line(told) and due is None:
        notes.append(Fault("bad_due", "due"))
    return replace(order, at=min(at, reading.now).isoformat(), due=due.isoformat() if due else ""), notes


def _read_texts(order: Order, row: Row, reading: Reading) -> tuple[Order, list[Fault]]:
    title, text = in_line(reading.cell(row, "title")), as_text(reading.cell(row, "text"))
    if not text and not title:
        return order, [Fault("no_text", "text")]
    whole = text if not title or title in text else f"{title}\n{text}".strip()
    within = "".join(in_line(reading.cell(row, name)) for name in ("district", "street", "community"))
    kinds = [in_line(reading.cell(row, name)) for name in _KINDS]
    result = as_text(reading.cell(row, "result"))
    notes = [Fault("cut", "text")] if max(len(whole), len(result)) > _LONGEST_TEXT else []
    if not is_plain(whole):
        notes.append(Fault("private", "text"))
    return replace(
        order,
        text=whole[:_LONGEST_TEXT],
        place=in_line(reading.cell(row, "place"))[:_LONGEST_LINE],
        within=within[:60],
        words=" / ".join(dict.fromkeys(filter(None, kinds)))[:LONGEST_WORDS],
        department=in_line(reading.cell(row, "department"))[:60],
        result=result[:_LONGEST_TEXT],
    ), notes


def _read_caller(order: Order, row: Row, reading: Reading) -> tuple[Order, list[Fault]]:
    phone = read_phone(reading.cell(row, "phone"))
    notes = [Fault(phone.trouble, "phone")] if phone.trouble else []
    if phone.last4 and not phone.digits:
        notes.append(Fault("masked_phone", "phone"))
    name = read_name(reading.cell(row, "name"), LONGEST_NAME)
    return replace(order, name=name, phone=phone.digits, last4=phone.last4), notes


def _read_end(order: Order, row: Row, reading: Reading) -> tuple[Order, list[Fault]]:
    """The state, and when and how it ended."""
    notes, told = [], in_line(reading.cell(row, "closed"))
    closed = read_moment(reading.cell(row, "closed"), reading.zone)
    if told and closed is None:
        notes.append(Fault("bad_closed", "closed"))
    if closed and closed < datetime.fromisoformat(order.at):
        closed, notes = None, [*notes, Fault("early_closed", "closed")]
    closed = min(closed, reading.now) if closed else None
    text = in_line(reading.cell(row, "state"))
    state = state_of(text)
    if state is None and text:
        notes.append(Fault("bad_state", "state"))
    state = state or ("closed" if closed and not text else "open")
    if state != "open" and closed is None:
        notes.append(Fault("no_closed", "closed"))
    content = read_content(reading.cell(row, "content"))
    if content is None:
        notes.append(Fault("bad_content", "content"))
    closed = closed if state != "open" else None
    return replace(order, state=state, closed=closed.isoformat() if closed else "", content=content or 0), notes


def state_of(text: str) -> str | None:
    """open, closed or rejected, by the word it is or, of those it contains, the longest."""
    words = _states()
    plain = text.strip().lower()
    if plain in words:
        return words[plain]
    inside = [word for word in words if not word.isascii() and len(word) > 2 and word in plain]
    return words[max(inside, key=len)] if inside else None


@cache
def _states() -> dict[str, str]:
    with Path(__file__).with_name("states.csv").open(encoding="utf-8", newline="") as lines:
        return {row["word"]: row["state"] for row in csv.DictReader(lines)}


def _read_point(order: Order, row: Row, reading: Reading) -> tuple[Order, list[Fault]]:
    texts = [in_line(reading.cell(row, name)) for name in ("longitude", "latitude")]
    if not all(texts):
        return order, []
    try:
        longitude, latitude = map(float, texts)
    except ValueError:
        return order, [Fault("bad_point", "longitude")]
    if not (70 < longitude < 140 and 0 < latitude < 60):
        return order, [Fault("bad_point", "longitude")]
    return replace(order, longitude=longitude, latitude=latitude), []

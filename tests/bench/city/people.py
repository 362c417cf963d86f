"""Residents of the copied streets: the originals' names, sexes and dates, with numbers and phones of their own.

A number is 99 (no province), four digits of the turn, the birth date, a sequence of the original within its day and
sex, and a check character that is wrong on purpose (GB 11643); so every number is invented and none occurs twice.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from fixtures.town.persons import PHONE_PREFIX, end_wrongly
from gis.exchange.copying import copy_columns
from gis.models import Resident
from gis.people.sealing import index_all, seal_all
from tests.bench.city.copying import Span
from tests.bench.city.plan import Copy

_KEPT = ("name", "sex", "population", "document", "source")


def copy_residents(copies: list[Copy], spans: list[Span], stride: int) -> None:
    """Append every copy of the made streets' residents."""
    of = {span.street: span for span in spans if span.relation == Resident._meta.db_table}
    originals = {street: _read(span) for street, span in of.items()}
    _number(originals)
    for copy in copies:
        copy_columns(Resident, dict(_columns(originals[copy.original], copy, stride)))


def _read(span: Span) -> pd.DataFrame:
    rows = Resident.objects.filter(pk__gte=span.first, pk__lt=span.last).order_by("pk")
    return pd.DataFrame(list(rows.values("id", "born", "area", "phone_last4", *_KEPT)))


def _number(originals: dict[int, pd.DataFrame]) -> None:
    """How many of the same day and sex stand before each, over all made streets: they share the digits of a turn."""
    every = pd.concat(originals.values(), keys=originals)
    every["sequence"] = 2 * every.groupby(["born", "sex"]).cumcount() + (every["sex"] == "1")
    for street in originals:
        originals[street]["sequence"] = every.loc[street]["sequence"].to_numpy()


def _columns(original: pd.DataFrame, copy: Copy, stride: int) -> Iterator[tuple[str, object]]:
    ids = original["id"].to_numpy() + copy.turn * stride
    numbers = invented_numbers(original["born"], original["sequence"], copy.turn)
    has_phone = (original["phone_last4"] != "").to_numpy()
    phones = [f"{PHONE_PREFIX}{one * 61 % 10**8:08d}" if has else None for one, has in zip(ids, has_phone, strict=True)]
    yield "id", ids
    yield from ((name, original[name]) for name in _KEPT)
    yield "born", pd.to_datetime(original["born"]).to_numpy().astype("datetime64[D]")
    yield "area", copy.code + original["area"].str[len(copy.code) :]
    for name, texts in (("identity", numbers), ("phone", phones)):
        yield f"{name}_sealed", seal_all(texts)
        yield f"{name}_index", index_all(texts)
        yield f"{name}_last4", [text[-4:] if text else "" for text in texts]


def invented_numbers(born: pd.Series, sequence: pd.Series, turn: int) -> np.ndarray:
    """One number each, the last character never the one that would belong there."""
    day = pd.DatetimeIndex(born)
    date = (day.year * 10_000 + day.month * 100 + day.day).to_numpy(dtype=np.int64)
    return end_wrongly((990_000 + turn) * 10**11 + date * 1000 + sequence.to_numpy(dtype=np.int64), 1)

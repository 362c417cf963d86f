"""Moments and days as files write them: real dates, ISO and Chinese text, spreadsheet serials, epoch seconds."""

import re
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from gis.errors import WanggeError
from gis.exchange.columns import as_text

#: Tried in turn on what is still unread. Months before days; `_day_first` turns them round where a column needs it.
_FORMATS = (
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d",
    "%Y.%m.%d %H:%M:%S", "%Y.%m.%d %H:%M", "%Y.%m.%d",
    "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日%H时%M分%S秒", "%Y年%m月%d日%H时%M分", "%Y年%m月%d日%H时", "%Y年%m月%d日",
    "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y",
    "%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%d", "%Y-%m",
)  # fmt: skip
#: Day zero of spreadsheet serials, which count a 29 February 1900 that never was.
_SERIAL_START = pd.Timestamp("1899-12-30")
_EARLIEST = pd.Timestamp("1900-01-01", tz="UTC")


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name. Raises WanggeError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WanggeError(
            f"There is no time zone {name}.", fix="Give one like Asia/Shanghai or America/New_York."
        ) from None


def read_moments(values: pd.Series, zone: ZoneInfo, time_format: str = "") -> pd.Series:
    """Moments in UTC, NaT where unreadable or missing. Times without a zone of their own are of `zone`.

    In the hour that a clock change skips, a time counts as the first moment after it; in the hour it repeats, as
    the second pass.
    """
    local, aware = _read(values, time_format)
    moments = local.dt.tz_localize(zone, ambiguous=np.zeros(len(local), dtype=bool), nonexistent="shift_forward")
    moments = moments.dt.tz_convert("UTC").fillna(aware)
    return moments.where(moments >= _EARLIEST)


def read_days(values: pd.Series, time_format: str = "") -> np.ndarray:
    """Days (datetime64[D]), NaT where unreadable or missing."""
    local, aware = _read(values, time_format)
    return local.fillna(aware.dt.tz_localize(None)).to_numpy().astype("datetime64[D]")


def later_than(moments: pd.Series, now: pd.Timestamp) -> np.ndarray:
    """Mask of the moments after the end of the day `now` is in."""
    return (moments > now + pd.Timedelta(days=1)).fillna(False).to_numpy(dtype=bool)


def _read(values: pd.Series, time_format: str) -> tuple[pd.Series, pd.Series]:
    """Times without and with a zone of their own, each NaT where the other is or nothing could be read."""
    nothing = pd.Series(pd.NaT, index=values.index, dtype="datetime64[us]")
    no_zone = nothing.dt.tz_localize("UTC")
    if values.dtype.kind == "M":
        return values.astype("datetime64[us]"), no_zone
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return nothing, values.dt.tz_convert("UTC").astype("datetime64[us, UTC]")
    text = pd.Series(_dates_as_text(values), index=values.index, dtype="str").str.normalize("NFKC").str.strip()
    zoned = text.str.contains(r"\d[T ]\d{1,2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$", regex=True)
    aware = no_zone
    if zoned.any():
        aware = pd.to_datetime(text.where(zoned), format="ISO8601", utc=True, errors="coerce").astype(
            "datetime64[us, UTC]"
        )
    plain = text.mask(zoned | text.eq(""))
    if time_format:
        return pd.to_datetime(plain, format=time_format, errors="coerce").astype("datetime64[us]"), aware
    return _read_serials(plain, _read_texts(plain)), _read_epochs(plain, aware)


def _dates_as_text(values: pd.Series) -> np.ndarray:
    """Cells of a sheet may mix date objects and text."""
    if values.dtype == object:
        values = values.map(lambda value: value.isoformat() if isinstance(value, date) else value)
    return as_text(values)


def _read_texts(text: pd.Series) -> pd.Series:
    moments = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    numeric = text.str.fullmatch(r"\d{5}(\.\d+)?|\d{10}|\d{13}").fillna(False).astype(bool)
    unread = text.notna() & ~numeric
    iso = text.str.match(r"\d{4}-\d{1,2}-\d{1,2}").fillna(False).astype(bool) & unread
    if iso.any():
        padded = (
            text[iso]
            .str.replace(r"-(\d)(?=\D|$)", r"-0\1", regex=True)
            .str.replace(r"([ T])(\d):", r"\g<1>0\2:", regex=True)
        )
        moments[iso] = pd.to_datetime(padded, format="ISO8601", errors="coerce").astype("datetime64[us]")
    shapes = _shape(text)
    for form in _turned(text):
        # only what is built like it: two dozen formats tried on every odd text would be most of the reading
        fits = unread & moments.isna() & (shapes == _BUILT[form])
        if fits.any():
            moments[fits] = pd.to_datetime(text[fits], format=form, errors="coerce").astype("datetime64[us]")
    return moments


def _shape(text: pd.Series) -> pd.Series:
    """How texts are built: 2026/11/7 8:05 as 0/0/0 0:0."""
    blanks = text.str.replace(r"\s+", " ", regex=True)
    return blanks.str.replace(r"\d+|[AaPp][Mm]$", "0", regex=True)


_BUILT = {form: re.sub(r"%[A-Za-z](?:%[A-Za-z])*", "0", form) for form in _FORMATS}
_BUILT |= {form.replace("%m/%d/%Y", "%d/%m/%Y"): built for form, built in _BUILT.items()}


def _turned(text: pd.Series) -> list[str]:
    """The formats, with the day before the month where some row of the column leaves no other reading."""
    parts = text.str.extract(r"^(\d{1,2})/(\d{1,2})/\d{4}").astype(float)
    day_first = bool((parts[0] > 12).any()) and not bool((parts[1] > 12).any())
    return [form.replace("%m/%d/%Y", "%d/%m/%Y") for form in _FORMATS] if day_first else list(_FORMATS)


def _read_serials(text: pd.Series, moments: pd.Series) -> pd.Series:
    serial = text.str.fullmatch(r"[2-7]\d{4}(\.\d+)?").fillna(False).astype(bool)
    if serial.any():
        days = pd.to_timedelta(pd.to_numeric(text[serial]) * 86400, unit="s").dt.round("s")
        moments[serial] = (_SERIAL_START + days).astype("datetime64[us]")
    return moments


def _read_epochs(text: pd.Series, aware: pd.Series) -> pd.Series:
    """Seconds (10 digits) or milliseconds (13 digits) since 1970."""
    for pattern, unit in ((r"\d{10}", "s"), (r"\d{13}", "ms")):
        epoch = text.str.fullmatch(pattern).fillna(False).astype(bool)
        if epoch.any():
            aware = aware.copy()
            aware[epoch] = pd.to_datetime(pd.to_numeric(text[epoch]), unit=unit, utc=True).astype("datetime64[us, UTC]")
    return aware

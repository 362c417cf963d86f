"""What is known of the last backup: read by `doctor` and by the metrics."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class LastBackup:
    at: str
    file: str
    size: int
    verified: bool

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


def _path() -> Path:
    return Path(settings.DATA) / "backup.json"


def note(last: LastBackup) -> None:
    """Remember a backup that stands."""
    beside = _path().with_suffix(f".{os.getpid()}")
    beside.write_text(json.dumps(asdict(last)) + "\n")
    beside.replace(_path())


def last_backup() -> LastBackup | None:
    """None where none was made from this data folder."""
    try:
        return LastBackup(**json.loads(_path().read_text()))
    except (OSError, ValueError, TypeError):
        return None

"""The index on disk, so that the processes of a server share its pages and a new start reads nothing again.

A folder an index, of plain arrays, named by the database and its number of changes. No person is in it.
"""

import json
import shutil
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from django.conf import settings

from gis.places.search.changes import News
from gis.places.search.index import Index, arrays_of, index_of

#: Raised whenever the arrays mean something else than before.
_FORM = 1
_KEPT = 2


def _folder() -> Path:
    folder = Path(settings.DATA) / "search"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def save(index: Index, news: News) -> None:
    """Write an index as it was at `news`, and drop the oldest of its database."""
    folder = _folder()
    made = Path(mkdtemp(prefix="new-", dir=folder))
    for name, array in arrays_of(index).items():
        np.save(made / f"{name}.npy", array)
    (made / "moment.json").write_text(json.dumps({"snapshot": news.snapshot, "version": news.version}))
    named = folder / f"{_FORM}-{news.database}-{news.version}"
    if named.exists():
        shutil.rmtree(made)
    else:
        made.rename(named)
    for old in _of(news.database)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)  # whoever has it open keeps its pages


def _of(database: str) -> list[Path]:
    found = list(_folder().glob(f"{_FORM}-{database}-*"))
    return sorted(found, key=lambda one: int(one.name.rpartition("-")[2]))


def load(news: News) -> tuple[Index, str, int] | None:
    """The newest index that is not newer than the database: with its snapshot and version. None where there is none."""
    for folder in reversed(_of(news.database)):
        try:
            moment = json.loads((folder / "moment.json").read_text())
            # As plain arrays over the same pages: every look into a memmap would make another memmap.
            arrays = {path.stem: np.asarray(np.load(path, mmap_mode="r")) for path in folder.glob("*.npy")}
            if moment["version"] <= news.version:
                return index_of(arrays), moment["snapshot"], moment["version"]
        except (OSError, ValueError, KeyError):
            continue  # half written by a machine that stopped, or just dropped
    return None


@contextmanager
def alone():
    """One process at a time lays an index; the others then find it."""
    with (_folder() / "lock").open("w") as file:
        flock(file, LOCK_EX)
        yield

"""What a kept test database was made of, as a digest: another content is another database, so none is ever stale."""

import hashlib
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_OURS = ("gis", "layers", "fixtures", "web/settings")
#: How it is made, and with what.
_MAKING = ("tests/contents.py", "tests/hasher.py", "tests/kept.py", "requirements.lock")
#: Settings from the environment whose values are stored, or decide what is.
_SETTINGS = ("TIME_ZONE", "LANGUAGE_CODE", "SYNTHETIC_IDS", "RETENTION_MONTHS")


def of_town(day: object, server: str, root: Path = ROOT) -> str:
    """Digest of whatever may make a difference in the small town of that day; `server` names PostgreSQL's versions.

    All code below `web` counts, more than the town imports: nobody has to keep a list. So do the key that seals the
    people's numbers, and the day: the town's cases happen up to today.
    """
    from django.conf import settings

    from gis.people.sealing import blind_index

    chosen = [repr(getattr(settings, name)) for name in _SETTINGS]
    files = [path for folder in _OURS for path in _files(root / folder)]
    return _digest(root, files, [server, str(day), blind_index("the small town").hex(), *chosen])


def of_tables(server: str, root: Path = ROOT) -> str:
    """Digest of whatever may make a difference in a migrated database: the migrations and the modules they import,
    however far, every file of `gis` that is no module (SQL, tables), and the settings."""
    files = [path for path in _files(root / "gis") if path.suffix != ".py" or path.parent.name == "migrations"]
    files += [_file_of(root, module) for module in _run_by_migrations()]
    return _digest(root, [*files, *_files(root / "web/settings")], [server])


@cache
def _run_by_migrations() -> frozenset[str]:
    """The migrations and all our modules that are imported when they are."""
    import grimp

    graph = grimp.build_graph("gis", cache_dir=None)
    used, found = frozenset(), {"gis.migrations"} | graph.find_descendants("gis.migrations")
    while found:
        used |= found
        packages = {name.rpartition(".")[0] for name in found} - {""}  # whose `__init__` runs as well
        found = packages.union(*map(graph.find_upstream_modules, found)) - used
    return used


def _file_of(root: Path, module: str) -> Path:
    path = root.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.suffix not in {".pyc", ".mo"}]


def _digest(root: Path, files: Iterable[Path], facts: list[str]) -> str:
    """Twelve hexadecimal digits of the files' names and contents, of the facts and of this Python."""
    digest = hashlib.sha256("\n".join([sys.version, *facts]).encode())
    for path in sorted({*files, *(root / name for name in _MAKING)}):
        content = path.read_bytes()
        digest.update(f"\n{path.relative_to(root)} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:12]

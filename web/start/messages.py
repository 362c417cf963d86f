"""Compiles the translations with Babel, so that no gettext program is needed."""

import os
from pathlib import Path


def compile_messages(folder: Path) -> int:
    """Compile every `.po` file below `folder` that is newer than its `.mo`. Returns how many were compiled."""
    stale = [path for path in sorted(folder.rglob("*.po")) if _is_stale(path, path.with_suffix(".mo"))]
    for source in stale:
        _compile(source)
    return len(stale)


def _is_stale(source: Path, compiled: Path) -> bool:
    return not compiled.exists() or compiled.stat().st_mtime <= source.stat().st_mtime


def _compile(source: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        catalog = read_po(file, locale=source.parent.parent.name)
    # Written beside and renamed: another process may be reading translations at this moment, or compiling them too.
    unfinished = source.with_suffix(f".{os.getpid()}.mo")
    with unfinished.open("wb") as file:
        write_mo(file, catalog)
    unfinished.replace(source.with_suffix(".mo"))

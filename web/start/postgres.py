"""Finds or installs PostgreSQL with PostGIS."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from web.start import debian
from web.start.problems import CannotStart

OLDEST_POSTGRES = 14
OLDEST_POSTGIS = (3, 2)


@dataclass(frozen=True)
class Postgres:
    """Programs of one PostgreSQL that has PostGIS."""

    major: int
    programs: Path
    postgis: str


def ensure_postgres(major: int | None = None) -> Postgres:
    """The newest PostgreSQL with PostGIS on this machine, or the one of `major`; installed when root may.

    Raises:
        CannotStart: it is not there and cannot be installed.
    """
    found = find_postgres(major)
    if not found:
        debian.install(missing_packages(major), name(major))
        found = find_postgres(major)
    if not found:
        raise CannotStart(
            f"{name(major)} is not to be found, although its packages are installed.",
            f"install PostgreSQL {OLDEST_POSTGRES} or newer with PostGIS 3.2 or newer, or set DATABASE_URL.",
        )
    return found[0]


def find_postgres(major: int | None = None) -> list[Postgres]:
    """Every usable PostgreSQL with PostGIS, newest first; only that of `major` when it is given."""
    found = filter(None, map(_inspect, _folders()))
    usable = [one for one in found if one.major == major or (major is None and one.major >= OLDEST_POSTGRES)]
    return sorted(usable, key=lambda one: one.major, reverse=True)


def _folders() -> list[Path]:
    """Where distributions, source builds and the search path keep PostgreSQL's programs."""
    places = [
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *Path("/usr").glob("pgsql-*/bin"),
        Path("/usr/local/pgsql/bin"),
    ]
    on_path = shutil.which("postgres")
    if on_path:
        places.append(Path(os.path.realpath(on_path)).parent)
    return [folder for folder in dict.fromkeys(places) if all((folder / name).exists() for name in _PROGRAMS)]


_PROGRAMS = ("initdb", "postgres", "pg_ctl", "psql")


def _inspect(folder: Path) -> Postgres | None:
    extension = _extension_folder(folder)
    control = extension / "postgis.control"
    if not control.is_file() or not (extension / "pg_trgm.control").is_file():
        return None
    version = re.search(r"default_version\s*=\s*'([\d.]+)", control.read_text())
    if version is None or tuple(map(int, version[1].split(".")[:2])) < OLDEST_POSTGIS:
        return None
    return Postgres(_major(folder), folder, version[1])


def _major(folder: Path) -> int:
    if folder.parent.name.isdigit():
        return int(folder.parent.name)
    text = _output([str(folder / "postgres"), "--version"])
    number = re.search(r"(\d+)", text)
    return int(number[1]) if number else 0


def _extension_folder(folder: Path) -> Path:
    debians = Path("/usr/share/postgresql") / folder.parent.name / "extension"
    if debians.is_dir():
        return debians
    config = folder / "pg_config"
    share = _output([str(config), "--sharedir"]).strip() if config.exists() else ""
    return Path(share or folder.parent / "share") / "extension"


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def name(major: int | None = None) -> str:
    """What is looked for, in words."""
    return f"PostgreSQL {major or f'{OLDEST_POSTGRES} or newer'} with PostGIS"


def missing_packages(major: int | None = None) -> list[str]:
    """What to install: beside a PostgreSQL that is already here its PostGIS, else the newest offered."""
    if debian.may_install():
        debian.update_lists()
    offered = debian.offered(rf"postgresql-{major or '[0-9]+'}-postgis-3")
    if not offered:
        return (
            [f"postgresql-{major}", f"postgresql-{major}-postgis-3"] if major else ["postgresql", "postgresql-postgis"]
        )
    chosen = max((int(name.split("-")[1]) for name in offered), key=lambda number: (_is_here(number), number))
    return [
        f"postgresql-{chosen}",
        f"postgresql-{chosen}-postgis-3",
        f"postgresql-{chosen}-postgis-3-scripts",
    ]


def _is_here(major: int) -> bool:
    return major >= OLDEST_POSTGRES and Path(f"/usr/lib/postgresql/{major}/bin/postgres").exists()

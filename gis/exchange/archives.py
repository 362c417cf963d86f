"""Unpacking a ZIP that somebody sent: bounded, flat and only what a map file is made of."""

import zipfile
from pathlib import Path, PurePosixPath

from gis.errors import BadFile

#: Bytes an archive may unpack to, and how many times smaller than that it may be.
LARGEST = 4 * 1024**3
DENSEST = 200
_SMALL = 16 * 1024**2
_MOST_MEMBERS = 1000
#: What may be inside, besides which everything is left alone. The first six are the parts of a shapefile.
_PARTS = {".shp", ".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx"}
_WHOLE = {".shp", ".gpkg", ".geojson", ".json", ".parquet", ".geoparquet", ".csv", ".txt", ".tsv", ".xlsx"}


def unpack(path: Path, folder: Path) -> Path:
    """Unpack the one data set of a ZIP into `folder` and return its main file. Raises BadFile."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = _checked(archive)
            chosen = _main(members)
            for member in members:
                if _belongs(member, chosen):
                    _write(archive, member, folder)
            return folder / _name(chosen)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, RuntimeError) as error:
        raise BadFile(
            f"{path.name} is not a ZIP archive that can be opened ({error}).", fix="Pack it again, without a password."
        ) from None


def _name(member: zipfile.ZipInfo) -> str:
    return PurePosixPath(member.filename.replace("\\", "/")).name


def _checked(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files inside, refused as a whole when they lie about where they go or how large they are."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > _MOST_MEMBERS:
        raise BadFile(f"The archive holds {len(members)} files.", fix="Pack one data set only.")
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise BadFile("The archive has a file that leads outside its folder.", fix="Pack the files again yourself.")
    refuse_bomb(sum(m.file_size for m in members), sum(m.compress_size for m in members))
    return [member for member in members if not path_is_clutter(member.filename)]


def path_is_clutter(filename: str) -> bool:
    """Whether an entry is what macOS adds, not data."""
    return filename.startswith("__MACOSX/") or PurePosixPath(filename).name.startswith(".")


def refuse_bomb(expanded: int, packed: int) -> None:
    """Raise BadFile when an archive would unpack to far more than any data set (sizes in bytes)."""
    if expanded > LARGEST or (expanded > _SMALL and expanded > DENSEST * max(packed, 1)):
        raise BadFile(
            f"The file would unpack to {expanded / 1024**2:,.0f} MB from {packed / 1024**2:,.1f} MB.",
            fix="If it is honest data, unpack it yourself and import the file inside, as CSV or GeoPackage.",
        )


def _main(members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    whole = [member for member in members if Path(member.filename).suffix.lower() in _WHOLE]
    shapefiles = [member for member in whole if member.filename.lower().endswith(".shp")]
    whole = shapefiles or whole
    if not whole:
        raise BadFile(
            "The archive holds no file that can be imported.", fix=f"Put one of {' '.join(sorted(_WHOLE))} in it."
        )
    if len(whole) > 1:
        names = ", ".join(sorted(_name(member) for member in whole)[:8])
        raise BadFile(
            f"The archive holds {len(whole)} data sets: {names}.", fix="Unpack it and import one file at a time."
        )
    return whole[0]


def _belongs(member: zipfile.ZipInfo, chosen: zipfile.ZipInfo) -> bool:
    if member.filename == chosen.filename:
        return True
    ours, theirs = Path(chosen.filename), Path(member.filename)
    same = theirs.with_suffix("").as_posix().lower() == ours.with_suffix("").as_posix().lower()
    return ours.suffix.lower() == ".shp" and same and theirs.suffix.lower() in _PARTS


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> None:
    """One file under its bare name; the true size is held against the one the archive claims."""
    with archive.open(member) as source, (folder / _name(member)).open("wb") as target:
        bounded = _Bounded(source, member.file_size)
        while block := bounded.read(1024**2):
            target.write(block)


class _Bounded:
    """A reader that stops with BadFile where more comes out than was announced."""

    def __init__(self, source, announced: int) -> None:
        self._source, self._left = source, announced

    def read(self, size: int) -> bytes:
        block = self._source.read(size)
        self._left -= len(block)
        if self._left < 0:
            raise BadFile("A file in the archive is larger than the archive says.", fix="Pack it again.")
        return block

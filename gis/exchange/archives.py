"""Unpacking a ZIP that somebody sent: bounded, flat and only what a map file is made of."""

import errno
import lzma
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from gis.errors import BadFile
from gis.exchange.causes import cause

#: What opening a broken archive, or reading a member, ends in: of the container, and of each way to pack.
BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, RuntimeError, ValueError, struct.error,
    zlib.error, lzma.LZMAError, OSError,
)  # fmt: skip
#: Those of them that are no fault of the archive: the disk is full.
_OURS = (errno.ENOSPC, errno.EDQUOT)
#: Bytes an archive may unpack to, and how many times smaller than that it may be.
LARGEST = 4 * 1024**3
DENSEST = 200
_SMALL = 16 * 1024**2
_MOST_MEMBERS = 1000
#: Letters of a member's name that are kept: 255 bytes are the longest name here, and other systems count in letters.
_LONGEST_STEM = 60
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
    except BROKEN as error:
        if getattr(error, "errno", None) in _OURS:
            raise
        said = _("%(file)s 不是能打开的 ZIP（%(why)s）。") % {"file": path.name, "why": cause(error)}
        raise BadFile(said, fix=_("请重新打包，不要设密码。")) from None


def _name(member: zipfile.ZipInfo) -> str:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    return path.stem[:_LONGEST_STEM] + path.suffix


def _checked(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files inside, refused as a whole when they lie about where they go or how large they are."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > _MOST_MEMBERS:
        raise BadFile(_("压缩包里有 %(n)d 个文件。") % {"n": len(members)}, fix=_("请只打包一份数据。"))
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]):
            said = _("压缩包里的“%(name)s”指向文件夹之外。") % {"name": member.filename[:80]}
            raise BadFile(said, fix=_("请自己重新打包这些文件。"))
    refuse_bomb(sum(m.file_size for m in members), sum(m.compress_size for m in members))
    return [member for member in members if _name(member) and not path_is_clutter(member.filename)]


def path_is_clutter(filename: str) -> bool:
    """Whether an entry is what macOS adds, not data."""
    return filename.startswith("__MACOSX/") or PurePosixPath(filename).name.startswith(".")


def refuse_bomb(expanded: int, packed: int) -> None:
    """Raise BadFile when an archive would unpack to far more than any data set (sizes in bytes)."""
    if expanded > LARGEST or (expanded > _SMALL and expanded > DENSEST * max(packed, 1)):
        sizes = {"expanded": f"{expanded / 1024**2:,.0f}", "packed": f"{packed / 1024**2:,.1f}"}
        raise BadFile(
            _("文件只有 %(packed)s MB，解压后却有 %(expanded)s MB。") % sizes,
            fix=_("如果确是数据，请先自己解压，再导入里面的 CSV 或 GeoPackage。"),
        )


def _main(members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    whole = [member for member in members if Path(member.filename).suffix.lower() in _WHOLE]
    shapefiles = [member for member in whole if member.filename.lower().endswith(".shp")]
    whole = shapefiles or whole
    if not whole:
        fix = _("请放入其中一种：%(kinds)s。") % {"kinds": " ".join(sorted(_WHOLE))}
        raise BadFile(_("压缩包里没有可以导入的文件。"), fix=fix)
    if len(whole) > 1:
        names = ", ".join(sorted(_name(member) for member in whole)[:8])
        said = _("压缩包里有 %(n)d 份数据：%(names)s。") % {"n": len(whole), "names": names}
        raise BadFile(said, fix=_("请解压后一次导入一个文件。"))
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
            raise BadFile(_("压缩包里有文件比它标明的大。"), fix=_("请重新打包。"))
        return block

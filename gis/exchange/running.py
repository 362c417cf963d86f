"""One import from the file to the last line of its account. The commands only parse, call and print."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from gis.areas.area import Area
from gis.errors import BadFile, WanggeError
from gis.exchange.areas import guess_level, import_areas
from gis.exchange.cells import import_cells
from gis.exchange.columns import apply_map, guess, missing_fields
from gis.exchange.components import import_components
from gis.exchange.incidents import import_incidents
from gis.exchange.merging import only_import
from gis.exchange.options import LONGEST_SOURCE, Options, Outcome
from gis.exchange.organisations import import_organisations
from gis.exchange.people import import_residents
from gis.exchange.places import import_buildings
from gis.exchange.reading import Table, read_table
from gis.exchange.refusals import Report
from gis.exchange.service_points import import_service_points
from gis.incidents.incident import Incident
from gis.organisations.organisation import Organisation
from gis.people.resident import Resident
from gis.places.building import Building
from gis.places.component import Component
from gis.places.service.point import ServicePoint

_IMPORTS = {
    "areas": (Area, import_areas),
    "buildings": (Building, import_buildings),
    "residents": (Resident, import_residents),
    "incidents": (Incident, import_incidents),
    "service_points": (ServicePoint, import_service_points),
    "components": (Component, import_components),
    "organisations": (Organisation, import_organisations),
}


@dataclass
class Opened:
    """A file that has been read, with the guess at its columns, waiting for a yes."""

    subject: str
    table: Table
    mapping: dict[str, str]


def open_file(
    subject: str, path: Path, wishes: Iterable[str] = (), *, layer: str | None = None, encoding: str | None = None
) -> Opened:
    """Read a file and guess its columns, corrected by `field=column` wishes. Raises BadFile."""
    table = read_table(path, layer=layer, encoding=encoding)
    return Opened(subject, table, apply_map(subject, table.frame, guess(subject, table.frame), wishes))


def default_source(path: Path) -> str:
    """The name of a file without its endings, as the source of its rows."""
    return path.name.split(".")[0][:LONGEST_SOURCE]


def run_import(opened: Opened, options: Options) -> tuple[Report, Outcome]:
    """Judge every row and bring the good ones in. Raises WanggeError; whole batches written before stay."""
    _check(opened, options)
    report = Report(opened.table.rows)
    report.refuse(
        opened.table.torn,
        "row",
        _("这一行的列比表头多"),
        _("含分隔符的文字请加引号。"),
    )
    model, act = _IMPORTS[opened.subject]
    if opened.subject == "areas" and (options.level or guess_level(opened.table, opened.mapping)) == "cell":
        act = import_cells
    with only_import(model):
        return report, act(opened.table, opened.mapping, options, report)


def _check(opened: Opened, options: Options) -> None:
    missing = missing_fields(opened.subject, opened.mapping)
    if missing:
        names = ", ".join(f"{field.name} ({field.meaning})" for field in missing)
        columns = ", ".join(map(str, opened.table.frame.columns[:30]))
        raise BadFile(
            _("没有认出这些字段的列：%(names)s。") % {"names": names},
            fix=_("请指明：--map %(field)s=列名。文件里有：%(columns)s。")
            % {"field": missing[0].name, "columns": columns},
        )
    if not options.source.strip() or len(options.source) > LONGEST_SOURCE:
        raise WanggeError(
            "The source has no name, or one too long.", fix=f"Give --source NAME of 1 to {LONGEST_SOURCE} characters."
        )
    if options.batch < 1 or options.margin < 0:
        raise WanggeError("--batch and --margin cannot be negative.", fix="Leave them out, or give positive numbers.")


Progress = Callable[[int, int], None]

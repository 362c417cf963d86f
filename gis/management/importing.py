"""What the import commands share: options in, an account out."""

import sys
import time
from dataclasses import replace
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from gis.errors import WanggeError
from gis.exchange.columns import apply_map, fields_of, take_text
from gis.exchange.options import Options, Outcome
from gis.exchange.refusals import Group, Report, save_report
from gis.exchange.running import Opened, default_source, open_file, run_import

#: Reasons printed, each with its first rows; every row is in the saved report.
_PRINTED = 20


class ImportCommand(BaseCommand):
    """Reads a file, shows which column it takes for which field, asks, imports, and accounts for every row."""

    subject = ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="GeoPackage, shapefile, GeoJSON, Parquet, CSV or XLSX, or a ZIP of one"
        )
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            dest="wishes",
            help=f"which column is which field (repeat); fields: {', '.join(fields_of(self.subject))}",
        )
        parser.add_argument("--crs", help="coordinate system of the file: EPSG:n, gcj02 or bd09")
        parser.add_argument("--layer", help="layer or sheet, where the file has several")
        parser.add_argument("--encoding", help="encoding of a CSV or shapefile, where it is not recognised")
        parser.add_argument(
            "--source",
            help="name of the data source (default: the file's name); with the row's key it identifies a row",
        )
        parser.add_argument("--batch", type=int, default=20_000, help="rows in one transaction (default %(default)s)")
        parser.add_argument("--dry-run", action="store_true", help="judge every row, write nothing")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--report", type=Path, metavar="FILE.xlsx", help="save every refused row and note")

    def options(self, given: dict) -> Options:
        """The wishes of this command; subjects add theirs."""
        return Options(
            source=given["source"] or default_source(given["file"]),
            crs=given["crs"],
            batch=given["batch"],
            dry_run=given["dry_run"],
        )

    def handle(self, *args, **given) -> None:
        started = time.monotonic()
        try:
            opened = open_file(
                self.subject, given["file"], given["wishes"], layer=given["layer"], encoding=given["encoding"]
            )
            options = replace(self.options(given), tell=self._tell)
            self._show_guess(opened, given["file"].name, options)
            if not given["yes"] and sys.stdin.isatty():
                opened = self._ask(opened)
            report, outcome = run_import(opened, options)
            self._account(report, outcome, options, time.monotonic() - started)
            if given["report"]:
                save_report(report, given["report"])
                self.stdout.write(f"Report saved as {given['report']}.")
        except WanggeError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped. Whole batches are in; the same command goes on where it ended.") from None
        if len(report.rows) and not report.good.any():
            raise CommandError("No row could be imported.")

    def _show_guess(self, opened: Opened, name: str, options: Options) -> None:
        table = opened.table
        self.stdout.write(f"{name}: {len(table.rows):,} rows, {table.how}. Source: {options.source}.")
        for field in fields_of(self.subject).values():
            column = opened.mapping.get(field.name)
            if column is not None:
                self.stdout.write(f"  {field.name:<14} ← {column:<24} {self._sample(opened, field.name)}")
        self.stdout.write(f"  {'geometry':<14} ← {'the shapes of the file' if table.shapes is not None else '–'}")
        used = {part for column in opened.mapping.values() for part in [column, *column.split("+")]}
        rest = [str(column) for column in table.frame.columns if column not in used]
        if rest:
            self.stdout.write(
                f"  not imported: {', '.join(rest[:12])}{f' and {len(rest) - 12} more' if len(rest) > 12 else ''}"
            )

    def _sample(self, opened: Opened, name: str) -> str:
        """Three values of a column, none of a person."""
        if self.subject == "residents":
            return ""
        texts = [text for text in take_text(opened.table.frame.head(50), opened.mapping, name) if text]
        return ", ".join(dict.fromkeys(text[:20] for text in texts[:3]))

    def _ask(self, opened: Opened) -> Opened:
        while True:
            answer = input("Import like this? [y]es, [n]o, or FIELD=COLUMN to change: ").strip()
            if answer.lower() in ("y", "yes"):
                return opened
            if answer.lower() in ("n", "no", ""):
                raise CommandError("Nothing was imported.")
            try:
                opened = replace(opened, mapping=apply_map(self.subject, opened.table.frame, opened.mapping, [answer]))
                self.stdout.write(f"  {answer}")
            except WanggeError as error:
                self.stdout.write(str(error))

    def _tell(self, done: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r  {done:,} of {total:,} rows", ending="\n" if done >= total else "")

    def _account(self, report: Report, outcome: Outcome, options: Options, seconds: float) -> None:
        tally, refused = outcome.tally, len(report.refused)
        if options.dry_run:
            self.stdout.write(
                f"Dry run, nothing written: {int(report.good.sum()):,} rows would go in, {refused:,} refused."
            )
        else:
            self.stdout.write(
                f"{tally.new:,} new, {tally.updated:,} updated, {tally.unchanged:,} unchanged, {refused:,} refused"
                f" of {len(report.rows):,} rows in {seconds:.1f} s."
            )
        for line in [*outcome.made, *report.remarks]:
            self.stdout.write(f"  {line}")
        self._list(_("被拒的行"), report.grouped_refusals())
        self._list(_("提示"), report.grouped_notes())

    def _list(self, title: str, groups: list[Group]) -> None:
        if groups:
            self.stdout.write(f"{title}:")
        for group in groups[:_PRINTED]:
            self.stdout.write(f"{group}")
        if len(groups) > _PRINTED:
            self.stdout.write("        " + _("另有 %d 种原因") % (len(groups) - _PRINTED))
        if groups:
            self.stdout.write("        " + _("（--report FILE.xlsx 列出每一行）"))

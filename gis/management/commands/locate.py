import time
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gis.accounts.scope import Scope
from gis.errors import WanggeError
from gis.exchange.locating import Located, locate_file
from gis.models import Area

#: Rows without a sure place that are named on the screen; all are in the file.
_PRINTED = 20


class Command(BaseCommand):
    help = (
        "Locate a file of addresses: codes of building, dwelling, cell and community, coordinates and confidence.\n"
        "Example: python3 manage.py locate addresses.csv --column 地址 --area 110113001 --out located.xlsx"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, XLSX, GeoPackage, Parquet …, or a ZIP of one")
        parser.add_argument("--out", type=Path, help="CSV or XLSX to write (default: FILE.located.csv)")
        parser.add_argument("--column", help="the column with the addresses, where its name does not say so")
        parser.add_argument("--area", help="look inside this area only (code of 2 to 15 digits)")

    def handle(self, *args, **given) -> None:
        file, started = given["file"], time.monotonic()
        out = given["out"] or file.with_name(f"{file.stem}.located.csv")
        if out.resolve() == file.resolve():
            raise CommandError("The result must not take the place of the file: name another with --out.")
        try:
            scope = Scope.of([given["area"]] if given["area"] else _everywhere())
            rows = list(locate_file(file, out, scope, given["column"], self._tell))
        except WanggeError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped. The same command goes on where it ended.") from None
        self._account(rows, out, time.monotonic() - started)

    def _tell(self, done: int, total: int) -> None:
        self.stdout.write(f"  {done:,} of {total:,} addresses")

    def _account(self, rows: list[tuple[int, Located]], out: Path, seconds: float) -> None:
        levels = Counter(one.level or "not sure" for _, one in rows)
        said = ", ".join(f"{number:,} {level}" for level, number in levels.most_common())
        self.stdout.write(f"{len(rows):,} addresses in {seconds:.1f} s: {said}. Written to {out.name}.")
        doubtful = [(row, one) for row, one in rows if one.problem]
        for row, one in doubtful[:_PRINTED]:
            self.stdout.write(f"  row {row}: {one.problem} {one.candidates}".rstrip())
        if len(doubtful) > _PRINTED:
            self.stdout.write(f"  and {len(doubtful) - _PRINTED:,} more; all are in the file.")


def _everywhere() -> list[str]:
    return [code[:2] for code in Area.objects.values_list("code", flat=True).order_by().distinct()] or ["99"]

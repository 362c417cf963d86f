from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from gis.dictionary.describing import describe
from gis.dictionary.writing import markdown, write_workbook


class Command(BaseCommand):
    help = (
        "Write the data dictionary: every table and column with meaning, type, unit, codes, owner, sealing and term.\n"
        "Example: python3 manage.py dictionary --language en --out dictionary.xlsx"
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--language", choices=["zh-hans", "en"], default="zh-hans", help="of the words")
        parser.add_argument("--out", type=Path, help="a file ending in .md or .xlsx; without one, Markdown is printed")

    def handle(self, *args, language: str, out: Path | None, **options) -> None:
        tables = describe(language)
        if out is None:
            self.stdout.write(markdown(tables, language))
        elif out.suffix == ".xlsx":
            write_workbook(tables, language, out)
        elif out.suffix == ".md":
            out.write_text(markdown(tables, language), encoding="utf-8")
        else:
            raise CommandError("The file must end in .md or .xlsx.")

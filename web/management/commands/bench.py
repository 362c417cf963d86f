from importlib import import_module

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Measure one thing beside its yardstick.\nExample: python3 manage.py bench ogc --quick"

    NAMES = (
        "import",
        "scope",
        "start",
        "first",
        "risk",
        "heat",
        "clusters",
        "city",
        "tiles",
        "browser",
        "values",
        "stats",
        "service",
        "live",
        "dashboard",
        "parse",
        "search",
        "locate",
        "field",
        "cases",
        "intake",
        "partition",
        "publish",
        "edit",
        "coverage",
        "match",
        "people",
        "sheet",
        "backup",
        "ogc",
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", choices=self.NAMES)
        parser.add_argument("--quick", action="store_true", help="a small town, under 40 s")
        parser.add_argument("--drop", action="store_true", help="remove what a measurement keeps for its next run")

    def handle(self, *args, name: str, quick: bool, drop: bool, **options) -> None:
        try:
            module = import_module(f"tests.bench.{name}s" if name == "import" else f"tests.bench.{name}")
        except ModuleNotFoundError as error:
            raise CommandError(f"The measurement needs {error.name}.") from error
        if drop:
            getattr(module, "drop", lambda: None)()
            return
        report = module.measure(quick=quick)
        self.stdout.write(report.table())
        self.stdout.write(report.figures())

import json
import sys
from dataclasses import asdict

from django.core.management.base import BaseCommand

from web.operation.doctor.examining import CHECKS, examine


class Command(BaseCommand):
    help = (
        "Say what is wrong, each with what mends it. Exit code 1 where anything is.\n"
        "Example: python3 manage.py doctor --full"
    )
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--full", action="store_true", help="every figure and every community, not a sample")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args, full: bool, **options) -> None:
        found = examine(full)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(one) for one in found], ensure_ascii=False))
        else:
            self.stdout.write("\n".join(map(str, found)) or f"All is well: {', '.join(CHECKS)}.")
        if found:
            sys.exit(1)

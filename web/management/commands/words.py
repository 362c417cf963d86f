from django.core.management.base import BaseCommand

from web.words import read_catalogue, renewed, without_english, write_catalogue


class Command(BaseCommand):
    help = (
        "Bring the English catalogue up to the Chinese words of the source; list those without English.\n"
        "Example: python3 manage.py words"
    )

    def handle(self, *args, **options) -> None:
        catalogue = renewed(read_catalogue())
        write_catalogue(catalogue)
        missing = without_english(catalogue)
        for line in missing:
            self.stdout.write(line)
        self.stdout.write(f"{len(catalogue)} words, {len(missing)} without English.")

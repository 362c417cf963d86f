from django.core.management.base import BaseCommand, CommandError

from gis.errors import WanggeError
from gis.management.rotating import (
    alone,
    clear_away,
    left,
    let_seal,
    make_known,
    reseal_all,
    settle,
    state,
    take_away,
)
from gis.people.keyring import keyring


class Command(BaseCommand):
    help = (
        "Seal identity numbers, phones and all else that is sealed by a new key, while the product runs.\n"
        "Example: python3 manage.py rotate_keys --check"
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--check", action="store_true", help="say by which keys what is sealed, change nothing")
        parser.add_argument(
            "--remove", action="store_true", help="take the old key away, once nothing is sealed by it any more"
        )
        parser.add_argument(
            "--settle", type=float, default=30, metavar="SECONDS",
            help="time for requests that began with the keys as they were (default %(default)s)",
        )  # fmt: skip

    def handle(self, *args, check: bool, remove: bool, settle: float, **options) -> None:
        if check:
            self._check()
            return
        try:
            with alone():
                self._remove(settle) if remove else self._rotate(settle)
        except WanggeError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped. The same command goes on where it ended.") from None

    def _check(self) -> None:
        for line in state():
            self.stdout.write(line)
        if left(keyring().seals.number):
            raise CommandError("Something is sealed by another key. Run rotate_keys.")

    def _rotate(self, seconds: float) -> None:
        ring = keyring()
        if len(ring.keys) == 1:
            ring = make_known(ring)
            self.stdout.write(
                f"Key {ring.keys[1].number} is made and known. Make a copy of it now, apart from the data."
            )
            settle(seconds, self.stdout.write)
        if ring.before is None:
            ring = let_seal(ring)
            self.stdout.write(f"Key {ring.seals.number} seals from now on.")
            settle(seconds, self.stdout.write)
        done = reseal_all(self.stdout.write)
        self.stdout.write(f"{done:,} values sealed by key {ring.seals.number}.")
        if found := left(ring.seals.number):
            raise CommandError(f"Still by another key: {'; '.join(found)}. Look at those rows, then run this again.")
        self.stdout.write("Nothing is sealed by the old key. Take it away by: rotate_keys --remove")

    def _remove(self, seconds: float) -> None:
        ring = keyring()
        if ring.before is None and len(ring.keys) > 1:
            raise CommandError("The newer key does not seal yet. Run rotate_keys first.")
        if ring.before:
            ring = take_away(ring)
            settle(seconds, self.stdout.write)
        clear_away(self.stdout.write)
        self.stdout.write(f"Key {ring.seals.number} is the only one. Old copies of the other open old backups alone.")

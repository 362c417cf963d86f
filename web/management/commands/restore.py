from datetime import datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from gis.accounts.sign_on_keys import kept_names
from gis.errors import WanggeError
from web.management.commands.backup import read_passphrase
from web.operation.backup.reading import Opening
from web.operation.backup.restoring import check_backup, drop_old, restore
from web.operation.backup.sealing import needs_passphrase, read_identity
from web.start.checkout import this_checkout
from web.start.cluster import product_cluster
from web.start.problems import CannotStart
from web.start.recovering import recover
from web.start.say import step
from web.start.serve import running_servers


class Command(BaseCommand):
    help = (
        "Put a backup in the place of the database; the old one is kept beside it. --check only compares.\n"
        "Example: python3 manage.py restore wangge.age --passphrase-file secret.txt --check"
    )
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--identity", type=Path, metavar="FILE", help="the secret key of a recipient")
        parser.add_argument("--passphrase-file", type=Path, help="its first line is the passphrase")
        parser.add_argument("--at", metavar="TIME", help="back to a moment from WAL_ARCHIVE, as 2026-11-27T14:30:00")
        parser.add_argument("--check", action="store_true", help="restore into an empty database, compare, drop it")
        parser.add_argument(
            "--without-key", action="store_true", help="although PEOPLE_KEY is another: no number opens"
        )
        parser.add_argument(
            "--disconnect", action="store_true", help="end the connections of whoever works in the database"
        )
        parser.add_argument("--drop-old", action="store_true", help="drop the databases that restores have kept")

    def handle(self, *args, file, identity, passphrase_file, check: bool, drop_old: bool, at, **options) -> None:
        try:
            if drop_old:
                self._drop_old()
            elif at:
                self._recover(at)
            elif file is None:
                raise CommandError("Name the backup: restore FILE")
            else:
                opening = _opening(file, identity, passphrase_file)
                self._check(opening) if check else self._restore(opening, options)
        except (WanggeError, CannotStart) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{error.filename or file}: {error.strerror}. Nothing was changed.") from None

    def _drop_old(self) -> None:
        names = drop_old()
        self.stdout.write(f"Dropped {', '.join(names)}." if names else "No old database is kept.")

    def _recover(self, at: str) -> None:
        checkout, moment = this_checkout(), _moment(at)
        if running_servers(checkout):
            raise CannotStart("The web server works in the database.", "python3 manage.py down")
        connection.close()
        kept = recover(product_cluster(checkout), moment)
        self.stdout.write(
            f"The database is that of {moment.isoformat()}. The one before is kept in {kept}; delete it when all is"
            " well. Media files were left as they are. Run `python3 manage.py up` and `python3 manage.py doctor`."
        )

    def _check(self, opening: Opening) -> None:
        manifest = check_backup(opening, step)
        self.stdout.write(f"{opening.path} is whole: {_told(manifest)}.")

    def _restore(self, opening: Opening, options: dict) -> None:
        manifest, kept = restore(opening, step, without_key=options["without_key"], disconnect=options["disconnect"])
        self.stdout.write(
            f"Restored the state of {manifest['at']}: {_told(manifest)}. The database before is kept as {kept};"
            " `restore --drop-old` drops it. Run `python3 manage.py up` and `python3 manage.py doctor`."
        )
        if missing := set(manifest.get("sign_on_keys", ())[:1]) - set(kept_names()):
            step(
                f"the key {missing.pop()} that signed people in to departments' systems is not in keys/sign_on: copy"
                " that folder, too, or those systems take in another key."
            )


def _moment(text: str) -> datetime:
    """A moment that has been; without a zone one of TIME_ZONE. Raises WanggeError."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise WanggeError(f"{text!r} is no moment.", fix="Write it as 2026-11-27T14:30:00.")
    moment = moment if moment.tzinfo else timezone.make_aware(moment)
    if moment > timezone.now():
        raise WanggeError("That moment is still to come.", fix="Name one that has been.")
    return moment


def _told(manifest: dict) -> str:
    rows = sum(rows for rows, _sum in manifest["tables"].values())
    return f"{rows:,} rows of {len(manifest['tables'])} tables, {manifest['media']['files']:,} media files"


def _opening(file: Path, identity: Path | None, passphrase_file: Path | None) -> Opening:
    try:
        asked = needs_passphrase(file)
    except OSError as error:
        raise WanggeError(f"{file} cannot be read: {error.strerror}.", fix="Name a backup.") from None
    if not asked and identity is None:
        raise WanggeError("This backup was made for a recipient's key.", fix="Give its file: --identity FILE.")
    if asked:
        return Opening(file, passphrase=read_passphrase(passphrase_file))
    return Opening(file, identity=read_identity(identity))

import sys
from getpass import getpass
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gis.errors import WanggeError
from web.operation.backup.making import make_backup
from web.operation.backup.reading import Opening
from web.operation.backup.record import LastBackup, note
from web.operation.backup.restoring import check_backup
from web.operation.backup.sealing import new_lock, write_identity
from web.start.checkout import this_checkout
from web.start.cluster import product_cluster
from web.start.problems import CannotStart
from web.start.recovering import copy_base
from web.start.say import step


class Command(BaseCommand):
    help = (
        "Write the database and the media folder, of one moment, into one encrypted file.\n"
        "Example: python3 manage.py backup wangge.age --passphrase-file secret.txt --verify"
    )
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="where to write it; never over another file")
        parser.add_argument("--to", action="append", metavar="age1…", help="public key of who may open it; repeatable")
        parser.add_argument("--passphrase-file", type=Path, help="its first line opens the backup")
        parser.add_argument("--verify", action="store_true", help="restore it into an empty database and compare")
        parser.add_argument("--base", action="store_true", help="copy the private cluster into WAL_ARCHIVE instead")
        parser.add_argument("--new-key", type=Path, metavar="FILE", help="make a pair of keys, then nothing else")

    def handle(self, *args, file, to, passphrase_file, verify: bool, new_key, base: bool, **options) -> None:
        try:
            if new_key:
                self.stdout.write(write_identity(new_key))
                step(f"Keep {new_key} away from this machine: it opens every backup made for the key above.")
            elif base:
                self.stdout.write(f"{copy_base(product_cluster(this_checkout()))}: a copy to come back from.")
            elif file is None:
                raise CommandError("Name the file to write: backup FILE")
            else:
                self._make(file, to or settings.BACKUP_RECIPIENTS, passphrase_file, verify)
        except (WanggeError, CannotStart) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{file or new_key} cannot be written: {error.strerror}.") from None

    def _make(self, file: Path, to: list[str], passphrase_file: Path | None, verify: bool) -> None:
        secret = "" if to and not passphrase_file else read_passphrase(passphrase_file, twice=True)
        lock = new_lock(tuple(to if not secret else ()), secret)
        manifest = make_backup(file, lock, step)
        last = LastBackup(manifest["at"], str(file.resolve()), file.stat().st_size, verified=False)
        note(last)
        if verify:
            check_backup(Opening(file, identity=lock.moment), step)
            note(LastBackup(last.at, last.file, last.size, verified=True))
        rows = sum(rows for rows, _sum in manifest["tables"].values())
        self.stdout.write(
            f"{file}: {last.size / 1e6:,.1f} MB, {rows:,} rows of {len(manifest['tables'])} tables,"
            f" {manifest['media']['files']:,} media files{', verified' if verify else ''}."
            f" Restoring it needs the PEOPLE_KEY {', '.join(manifest['people_keys'])}, which is not in it,"
            " nor are the keys in keys/sign_on that sign people in to departments' systems."
        )


def read_passphrase(path: Path | None, *, twice: bool = False) -> str:
    """From a file's first line, else asked for on the terminal. Raises WanggeError where there is neither."""
    if path:
        try:
            return path.read_text("utf-8").partition("\n")[0].strip()
        except (OSError, UnicodeDecodeError):
            raise WanggeError(f"{path} cannot be read.", fix="Name a file with the passphrase in it.") from None
    if not sys.stdin.isatty():
        raise WanggeError(
            "Nothing says who may open the backup.",
            fix="Give --to age1…, --passphrase-file FILE, or BACKUP_RECIPIENTS.",
        )
    secret = getpass("Passphrase: ")
    if twice and getpass("Once more: ") != secret:
        raise WanggeError("The two passphrases differ.", fix="Type it again.")
    return secret

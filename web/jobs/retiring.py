"""Deleting every night what is kept no longer."""

import logging
import os
import re
import subprocess
import sys

logger = logging.getLogger(__name__)
#: The kind of an error where a traceback ends: django.db.utils.IntegrityError. What follows it may hold a row.
_KIND = re.compile(
    r"^(?:[a-z_0-9]+\.)*([A-Z][A-Za-z]{0,40}(?:Error|Exception|Interrupt|Exit|Refused))(?=:|$)", re.ASCII | re.M
)


def retire_nightly() -> None:
    """Run `manage.py retire --yes` with the owner's login: this worker has no right to delete most of it.

    Raises CalledProcessError where it fails; the job is then run again.
    """
    environment = {name: value for name, value in os.environ.items() if name != "WANGGE_SERVING"}
    done = subprocess.run(
        [sys.executable, "-m", "django", "retire", "--yes"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        logger.error("retiring failed", extra={"reason": kind_of_failure(done.stderr)})
    done.check_returncode()


def kind_of_failure(told: str) -> str:
    """The class of the error that a program ended with, of what it wrote; "unknown" where it names none.

    Nothing else of it: the database tells of the row that it refuses, with its values.
    """
    kinds = _KIND.findall(told)
    return kinds[-1] if kinds else "unknown"

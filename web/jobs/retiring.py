"""Deleting every night what is kept no longer."""

import logging
import os
import subprocess
import sys

logger = logging.getLogger(__name__)


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
        logger.error("retiring failed", extra={"reason": done.stderr.strip().splitlines()[-1:]})
    done.check_returncode()

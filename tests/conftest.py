"""What every test may ask for. The database is a fresh one of this run, on the test cluster of `manage.py test`."""

import os

import pytest


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """A database named after this process, so that two runs on one machine do not disturb each other."""
    from django.conf import settings

    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_wangge_{os.getpid()}"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Debian's Chromium instead of a downloaded one."""
    return {**browser_type_launch_args, "executable_path": os.environ.get("CHROMIUM") or None, "args": ["--no-sandbox"]}

"""Every check in its order; one that fails by itself is a finding, too, and stops none of the others."""

from collections.abc import Callable, Iterator

from django.db import DatabaseError

from gis.errors import WanggeError
from web.operation.doctor import keeping, replica, server, settings_of, stored
from web.operation.doctor.finding import Finding

CHECKS: dict[str, Callable[[bool], Iterator[Finding]]] = {
    "database": server.reachable,
    "versions": server.versions,
    "login": server.login,
    "walls": server.walls,
    "migrations": server.migrations,
    "settings": settings_of.settings_of_production,
    "secrets": settings_of.secrets,
    "replica": replica.replica,
    "disk": keeping.disk,
    "backup": keeping.backup,
    "archive": keeping.archive,
    "jobs": keeping.jobs,
    "retention": keeping.retention,
    "figures": stored.figures,
    "cells": stored.cells,
    "media": stored.media,
}


def examine(full: bool = False) -> list[Finding]:
    """Everything that is wrong, in the order of the checks; empty is well."""
    found: list[Finding] = []
    for name, check in CHECKS.items():
        try:
            found += check(full)
        except (DatabaseError, WanggeError, OSError) as error:
            found.append(Finding(name, f"It could not be looked at ({type(error).__name__}).", "mend the others."))
        if name == "database" and found:
            return found + list(settings_of.settings_of_production(full)) + list(keeping.disk(full))
    return found

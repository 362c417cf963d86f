"""Which constraint the database named when it refused a row."""

from django.db import IntegrityError


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that a row broke; "" where the server named none (a type, a missing right)."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


def refuse_unless(error: IntegrityError, *names: str) -> None:
    """Let an error go on that is not of one of these constraints: only what is foreseen may be answered calmly."""
    if constraint_of(error) not in names:
        raise error

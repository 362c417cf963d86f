"""The roles that must sign in with a second step."""

from django.core.exceptions import ImproperlyConfigured

from gis.accounts.roles import roles
from web.settings.environment import env_list


def second_factor_roles() -> list[str]:
    """Codes of `roles.csv`; `all` for every role. Raises ImproperlyConfigured for one that is not there."""
    named = env_list("SECOND_FACTOR_ROLES", [], "roles that must sign in with a second step; `all`: every role")
    known = list(roles())
    if named == ["all"]:
        return known
    if unknown := [name for name in named if name not in known]:
        raise ImproperlyConfigured(f"SECOND_FACTOR_ROLES names {unknown[0]!r}. The roles are {', '.join(known)}.")
    return named

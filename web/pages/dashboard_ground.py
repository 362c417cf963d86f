"""The ground a dashboard looks at."""

from django.utils.translation import gettext as _

from gis.accounts.scope import Scope
from gis.errors import OutOfScope
from web.pages.choices import names_of


def here_of(mine: Scope, area: str) -> Scope:
    """The area asked for, else all of the reader's. Raises OutOfScope for another's area."""
    if not area:
        return mine
    if not mine.covers(area) or area not in names_of({area}):
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    return Scope.of([area])

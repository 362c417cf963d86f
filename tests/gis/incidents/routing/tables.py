"""Tables of rules for tests, published with one line."""

from datetime import timedelta

from django.utils import timezone

from gis.incidents.routing.drafting import changing, keep_rule, publish
from gis.models import RoutingRule, RoutingTable
from tests.cast import STREET


def a_draft(user, *rules: dict, owner: str = STREET) -> RoutingTable:
    """A draft that says just this, in this order."""
    with changing(owner, user, None) as draft:
        draft.rules.all().delete()
        for number, said in enumerate(rules, 1):
            keep_rule(draft, RoutingRule(**{"name": f"规则{number}"} | said))
    return draft


def in_force(user, *rules: dict, owner: str = STREET) -> RoutingTable:
    """A table that says just this and holds since an hour ago."""
    draft = a_draft(user, *rules, owner=owner)
    table = publish(owner, user, seen=draft.revision)
    RoutingTable.objects.filter(pk=table.pk).update(begins=timezone.now() - timedelta(hours=1))
    table.refresh_from_db()
    return table

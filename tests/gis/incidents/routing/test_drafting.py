"""Rules are changed in a draft, published as a whole, and never changed again."""

from datetime import timedelta

import pytest
from django.db.utils import ProgrammingError
from django.utils import timezone

from gis.errors import Conflict, NotAllowed, OutOfScope, Refused
from gis.incidents.routing.drafting import (
    changing,
    discard,
    draft_of,
    drop_rule,
    in_force_now,
    judge_owner,
    keep_rule,
    publish,
    put_in_order,
    restore,
    withdraw,
)
from gis.models import RoutingRule, RoutingTable
from tests.cast import COMMUNITY, DISTRICT, OTHER_STREET, STREET
from tests.gis.incidents.loop import civil
from tests.gis.incidents.routing.tables import a_draft, in_force

pytestmark = pytest.mark.django_db


def names(table: RoutingTable) -> list[str]:
    return list(table.rules.order_by("position").values_list("name", flat=True))


def test_a_draft_begins_with_what_is_in_force_and_changes_nothing(cast):
    table = in_force(cast.li, {"name": "甲", "departments": [civil().pk]})
    with changing(STREET, cast.li, None) as draft:
        keep_rule(draft, RoutingRule(name="乙", by_hand=True))
    assert names(draft_of(STREET)) == ["甲", "乙"]
    assert in_force_now(STREET) == table
    assert names(table) == ["甲"]


def test_a_rule_keeps_its_key_through_the_versions(cast):
    table = in_force(cast.li, {"name": "甲", "by_hand": True})
    with changing(STREET, cast.li, None) as draft:
        assert draft.rules.get().key == table.rules.get().key


def test_two_who_edit_one_draft_do_not_overwrite_each_other(cast):
    draft = a_draft(cast.li, {"by_hand": True})
    with changing(STREET, cast.li, draft.revision):
        pass
    with pytest.raises(Conflict), changing(STREET, cast.sun, draft.revision):
        pass


def test_the_order_is_given_as_a_whole(cast):
    draft = a_draft(cast.li, *({"name": name, "by_hand": True} for name in "甲乙丙"))
    keys = [str(rule.key) for rule in draft.rules.order_by("position")]
    put_in_order(draft, [keys[2], keys[0], keys[1]])
    assert names(draft) == ["丙", "甲", "乙"]
    with pytest.raises(Conflict):
        put_in_order(draft, keys[:2])


def test_a_table_in_force_is_never_changed_again_even_by_the_database(cast):
    table = in_force(cast.li, {"by_hand": True})
    with pytest.raises(ProgrammingError, match="not changed"):
        table.rules.update(name="改过")


def test_publishing_later_lets_the_present_table_hold_until_then(cast):
    now = in_force(cast.li, {"name": "甲", "by_hand": True})
    draft = a_draft(cast.li, {"name": "乙", "by_hand": True})
    coming = publish(STREET, cast.li, seen=draft.revision, begins=timezone.now() + timedelta(days=2))
    assert in_force_now(STREET) == now
    assert RoutingTable.objects.in_force(STREET, timezone.now() + timedelta(days=3)).get() == coming
    withdraw(coming)
    with pytest.raises(Refused):
        withdraw(now)


def test_a_draft_seen_before_somebody_changed_it_is_not_published(cast):
    draft = a_draft(cast.li, {"by_hand": True})
    with changing(STREET, cast.sun, None) as changed:
        drop_rule(changed, str(changed.rules.get().key))
    with pytest.raises(Conflict):
        publish(STREET, cast.li, seen=draft.revision)


def test_an_earlier_version_can_be_brought_back(cast):
    first = in_force(cast.li, {"name": "甲", "by_hand": True})
    in_force(cast.li, {"name": "乙", "by_hand": True})
    assert names(restore(first, cast.li)) == ["甲"]
    discard(STREET)
    assert draft_of(STREET) is None


def test_only_supervisors_of_the_ground_change_its_rules(cast):
    judge_owner(STREET, cast.li.access)
    judge_owner(STREET, cast.sun.access)
    with pytest.raises(OutOfScope):
        judge_owner(OTHER_STREET, cast.li.access)
    with pytest.raises(OutOfScope):
        judge_owner(DISTRICT, cast.li.access)
    with pytest.raises(NotAllowed):
        judge_owner(COMMUNITY, cast.zhou.access)

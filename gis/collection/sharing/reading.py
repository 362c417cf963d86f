"""Which fields of others a department may read: what its tables are told of the record goes no further than that."""

from datetime import date

from gis.accounts.scope import Scope
from gis.collection.field import Field
from gis.collection.sharing.subscribing import granted, why_not
from gis.collection.sharing.subscription import Subscription
from gis.people.masking import AS_EXPORT, rule_as


def readable(department: int | None, scope: Scope, day: date) -> set[int]:
    """Keys of the fields whose values a department may have in full of everybody in a scope: its own, what is shared
    without condition, and what a subscription in force there grants it."""
    if department is None:
        return set()
    fields = list(Field.objects.exclude(owner=department).filter(sharing=Field.Sharing.UNCONDITIONAL))
    for one in Subscription.objects.in_force(day).filter(department=department):
        if all(Scope.of([one.area]).covers(area) for area in scope.areas):
            fields += granted(one)
    whole = {of.pk for of in fields if not why_not(of, department) and rule_as(AS_EXPORT, of.rule) == "full"}
    return whole | set(Field.objects.filter(owner=department).values_list("pk", flat=True))

"""Looking at everybody for a feed, as a job: what a city's first reading takes no request waits for.

Part by part, each in a transaction of its own that holds the subscription: a job that is killed leaves whole parts with
their numbers, and the next one passes over them, as what it finds there is what was told. Readers are asked to come
again until the last part is in, so none sees half of it; what was committed meanwhile lies after the snapshot, which is
taken before the first part.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from gis.accounts.scope import Scope, applied
from gis.collection.field import Field
from gis.collection.sharing.feed import AT_ONCE, close, looks_at_all, renumber, snapshot
from gis.collection.sharing.subscribing import granted
from gis.collection.sharing.subscription import Subscription
from gis.collection.sharing.taking import subjects_of

#: A feed that nobody has followed for so long is not brought up to a new day before somebody reads it.
_FOLLOWED = timedelta(days=7)


def needs_preparing(one: Subscription, scope: Scope, day: date) -> bool:
    """Whether the next reading looks at everybody, and they are too many to wait for. In the scope's transaction."""
    if not looks_at_all(one, granted(one), day):
        return False
    return subjects_of(one, scope).values("pk")[AT_ONCE : AT_ONCE + 1].exists()


def order(one: Subscription) -> bool:
    """Note that a job is to prepare the feed; False where that was noted before."""
    return bool(Subscription.objects.filter(pk=one.pk, preparing=None).update(preparing=0))


def prepare(pk: int, day: date) -> bool:
    """Bring the feed of a subscription up to a day, some people a transaction. Run again it takes up where it was
    stopped; False where there is nothing to do."""
    one = Subscription.objects.in_force(day).filter(pk=pk).first()
    if one is None or not looks_at_all(one, fields := granted(one), day):
        Subscription.objects.filter(pk=pk).update(preparing=None)
        return False
    scope, seen = Scope.of([one.area]), snapshot()
    for done in _looked_at(one, scope, fields, day):
        Subscription.objects.filter(pk=pk).update(preparing=min(99, done))
    with applied(scope):
        close(_held(one), scope, None, (seen, day, fields))
    return True


def _looked_at(one: Subscription, scope: Scope, fields: list[Field], day: date) -> Iterator[int]:
    """Number everybody in the order of their keys: after each part, how many per cent are done."""
    with applied(scope):
        total = subjects_of(one, scope).count()
    last, done = 0, 0
    while True:
        with applied(scope):
            part = list(subjects_of(one, scope).filter(pk__gt=last).values_list("pk", "area")[:AT_ONCE])
            if not part:
                return
            held = _held(one)
            held.last_number = renumber(held, part, fields, day, held.last_number)
            held.save(update_fields=["last_number"])
        last, done = part[-1][0], done + len(part)
        yield 100 * done // max(total, done)


def _held(one: Subscription) -> Subscription:
    return Subscription.objects.select_for_update().get(pk=one.pk)


def prepare_followed(day: date) -> int:
    """Bring the feeds that are followed up to a new day, of which everybody is looked at: how many. Else the first
    reader of the day would wait for it."""
    followed = Subscription.objects.in_force(day).filter(seen_on__lt=day, seen_on__gte=day - _FOLLOWED).exclude(seen="")
    return sum(prepare(pk, day) for pk in followed.values_list("pk", flat=True))

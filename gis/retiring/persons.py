"""Deleting the records of people who have been gone for long; what stays is a tombstone, and counts.

Gone is who has no stay that goes on, living or registered, and whose last stay ended before a day; of somebody who
never had one the day of the last change counts. Whoever is held stays.
"""

from datetime import date

from django.db import connection, models, transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Coalesce, TruncDate

from gis.models import Gone, Hold, LifeEvent, LifeEventWithdrawal, Residence, Resident, Visit, VisitWithdrawal
from gis.people.gone import print_of
from gis.people.sealing import SealBroken, blind_index, open_seal

#: What of a person is deleted with them; a table that points at one and is not here stops the deletion (and a test).
DELETED = {"Residence", "Need", "VisitDue", "Fact", "Correction"}
#: And what stays without its link to the person, or ends before (a hold that stands keeps the person).
UNLINKED = {"Visit", "Hold"}

_PAST_STAYS = """
INSERT INTO grid_paststays (area, kind, population, starts, ends, people)
SELECT left(s.area, 12), s.kind, r.population, date_trunc('month', s.starts), date_trunc('month', s.ends), count(*)
FROM grid_residence s JOIN grid_resident r ON r.id = s.resident_id
WHERE r.id = ANY(%s) AND s.ends IS NOT NULL GROUP BY 1, 2, 3, 4, 5
ON CONFLICT (area, kind, population, starts, ends) DO UPDATE SET people = grid_paststays.people + EXCLUDED.people"""


def gone_before(day: date):
    """The people who have been gone since before a day, and are not held."""
    stays = Residence.objects.filter(resident=OuterRef("pk"))
    still = stays.filter(Q(ends=None) | Q(ends__gte=day))
    last = Coalesce(Max("residences__ends"), TruncDate("updated_at"))
    people = Resident.objects.filter(~Exists(still), ~Exists(Hold.objects.standing().filter(resident=OuterRef("pk"))))
    return people.annotate(gone_on=last).filter(gone_on__lt=day)


def retire_people(day: date, today: date, most: int) -> int:
    """Delete up to `most` of them, in one transaction; how many."""
    with transaction.atomic():
        keys = list(gone_before(day).order_by("pk").values_list("pk", flat=True)[:most])
        list(Resident.objects.filter(pk__in=keys).order_by("pk").select_for_update().values_list("pk"))
        # Asked again: whoever moved in while we waited is here.
        people = list(gone_before(day).filter(pk__in=keys))
        keys = [one.pk for one in people]
        Gone.objects.bulk_create([_tombstone(one, today) for one in people])
        with connection.cursor() as cursor:
            cursor.execute(_PAST_STAYS, [keys])
        _unlink_visits(keys)
        _unlink_events(keys)
        Hold.objects.filter(resident__in=keys).exclude(ended_at=None)._raw_delete("default")
        delete_with_all(Resident, keys)
    return len(keys)


def _tombstone(one: Resident, today: date) -> Gone:
    return Gone(
        key=one.pk, area=one.area[:12], gone_on=one.gone_on, retired_on=today, source=one.source, print=_print(one),
        code_print=blind_index(print_of(one.source_code, one.source)) if one.source_code else None,
    )  # fmt: skip


def _print(one: Resident) -> bytes | None:
    try:
        return blind_index(print_of(open_seal(one.identity_sealed))) if one.identity_sealed else None
    except SealBroken:
        return None


def _unlink_visits(keys: list[int]) -> None:
    """A visit counts where it was made, of nobody any more. One without a door has the last that they lived behind."""
    VisitWithdrawal.objects.filter(visit__resident__in=keys).update(reason="")
    visits = Visit.objects.filter(resident__in=keys)
    last = Residence.objects.filter(resident=OuterRef("resident"))
    visits.filter(dwelling=None).update(dwelling=last.order_by("-starts", "-pk").values("dwelling")[:1])
    delete_with_all(Visit, list(visits.filter(dwelling=None).values_list("pk", flat=True)))
    visits.update(resident=None, note="", gave=[])


def _unlink_events(keys: list[int]) -> None:
    """That somebody was born, came, left or died is counted on; who, behind which door and from what it was is not."""
    events = LifeEvent.objects.filter(resident__in=keys)
    LifeEventWithdrawal.objects.filter(event__in=events).update(reason="")
    events.update(name="", before="", after="", place="", note="", changes=[], dwelling=None)


def delete_with_all(model: type[models.Model], keys: list[int]) -> None:
    """Delete rows and what is deleted with them, the last of the chain first; what may stand without them stays."""
    for related in pointing_at(model):
        child, column = related.related_model, related.field.name
        rows = child.objects.filter(**{f"{column}__in": keys})
        if model is Resident and child.__name__ not in DELETED:
            continue  # a table we do not know of keeps the person: the database refuses
        if related.field.null and model is not Resident:
            rows.update(**{column: None})
        else:
            delete_with_all(child, list(rows.values_list("pk", flat=True)))
    model.objects.filter(pk__in=keys)._raw_delete("default")


def pointing_at(model: type[models.Model]) -> list:
    """The relations of other tables to one, where the database keeps them."""
    every = model._meta.get_fields(include_hidden=True)
    return [one for one in every if one.auto_created and not one.concrete and one.field.db_constraint]

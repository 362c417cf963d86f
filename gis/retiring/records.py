"""The classes of records beside people, each as one rule: which are over, and how some of them are deleted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from gis.hotline.hotline_file import HotlineFile, Stage
from gis.incidents import photo_store
from gis.incidents.incident import ENDED
from gis.models import (
    Attachment,
    Correction,
    Dispute,
    DisputeParty,
    Fact,
    Field,
    Gone,
    Hold,
    Household,
    Incident,
    Need,
    PublicPhoto,
    Reading,
    Submission,
    Visit,
)
from gis.people.reading import keeping
from gis.retiring.persons import delete_with_all
from gis.retiring.terms import before


@dataclass(frozen=True)
class Records:
    """One class: the rows that are over on a day, and what becomes of some of them."""

    over: Callable[[date], models.QuerySet]
    retire: Callable[[list[int]], object]


def begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def held() -> Exists:
    """That the person a row tells of is held as evidence."""
    return Exists(Hold.objects.standing().filter(resident=OuterRef("resident")))


def _needs(day: date):
    return Need.objects.filter(~held(), ends__lt=day)


def facts_over(today: date):
    """Facts older than their field is kept, each field by its own months."""
    return Fact.objects.filter(_over_by_field(today, "said_on"), ~held())


def corrections_over(today: date):
    """What was said against a record and is decided, as long as the field is kept."""
    decided = Correction.objects.exclude(state=Correction.State.OPEN)
    return decided.filter(_over_by_field(today, "said_on"), ~held())


def _over_by_field(today: date, column: str) -> models.Q:
    over = models.Q(pk__in=[])
    for field in Field.objects.exclude(retention_months=None):
        over |= models.Q(**{"field": field, f"{column}__lt": before(today, field.retention_months)})
    return over


def _household_facts(day: date):
    there = Household.objects.filter(pk=OuterRef("household_id"))
    return Fact.objects.filter(~Exists(there), household__isnull=False, said_on__lt=day)


def _visit_notes(day: date):
    return Visit.objects.filter(~held(), at__lt=begin_of(day)).exclude(note="")


def _readings(day: date):
    return Reading.objects.filter(at__lt=begin_of(day))


def _photos(day: date):
    return Attachment.objects.filter(incident__in=_ended_before(day))


def _ended_before(day: date):
    """Cases that ended and in which nothing has happened since before a day, unless they are held."""
    holds = Hold.objects.standing().filter(incident=OuterRef("pk"))
    ended = Incident.objects.filter(~Exists(holds), state__in=ENDED).annotate(last=Max("steps__at"))
    return ended.filter(last__lt=begin_of(day)).values("pk")


def _parties(day: date):
    cases = Hold.objects.standing().filter(incident=OuterRef("dispute__incident"))
    over = Dispute.Outcome.ONGOING
    return DisputeParty.objects.filter(~Exists(cases), dispute__written_at__lt=begin_of(day)).exclude(
        dispute__outcome=over
    )


def _files(day: date):
    return HotlineFile.objects.filter(stage=Stage.DONE, ended_at__lt=begin_of(day))


def _prints(day: date):
    return Gone.objects.filter(retired_on__lt=day).exclude(print=None, code_print=None)


def _delete_readings(keys: list[int]) -> None:
    with keeping():
        Reading.objects.filter(pk__in=keys)._raw_delete("default")


def _delete_photos(keys: list[int]) -> None:
    """Rows first: a file that is left is an orphan and is cleared the same day, a row without its file is a fault."""
    photos = [*Attachment.objects.filter(pk__in=keys), *PublicPhoto.objects.filter(attachment__in=keys)]
    PublicPhoto.objects.filter(attachment__in=keys)._raw_delete("default")
    Attachment.objects.filter(pk__in=keys)._raw_delete("default")
    names = [one.name for one in photos]
    transaction.on_commit(lambda: [photo_store.forget(name) for name in names])


def _delete_files(keys: list[int]) -> None:
    for file in HotlineFile.objects.filter(pk__in=keys):
        if file.content:
            name = file.content.name
            transaction.on_commit(lambda name=name: HotlineFile.content.field.storage.delete(name))
    delete_with_all(HotlineFile, keys)


def _delete(model: type[models.Model]) -> Callable[[list[int]], object]:
    return lambda keys: model.objects.filter(pk__in=keys)._raw_delete("default")


#: Of these each record has the term of its field in the catalogue; `over` is asked for today.
BY_FIELD: dict[str, Records] = {
    "fact": Records(facts_over, lambda keys: delete_with_all(Fact, keys)),
    "correction": Records(corrections_over, lambda keys: delete_with_all(Correction, keys)),
}
RECORDS: dict[str, Records] = {
    "stay_need": Records(_needs, _delete(Need)),
    "household_fact": Records(_household_facts, lambda keys: delete_with_all(Fact, keys)),
    "visit_note": Records(_visit_notes, lambda keys: Visit.objects.filter(pk__in=keys).update(note="")),
    "reading": Records(_readings, _delete_readings),
    "photo": Records(_photos, _delete_photos),
    "party": Records(_parties, _delete(DisputeParty)),
    "hotline": Records(_files, _delete_files),
    "submission": Records(lambda day: Submission.objects.filter(received_at__lt=begin_of(day)), _delete(Submission)),
    "gone_print": Records(_prints, lambda keys: Gone.objects.filter(pk__in=keys).update(print=None, code_print=None)),
}


def clear_sessions(now: datetime) -> int:
    """Sessions that are over hold words of searches, sealed."""
    return Session.objects.filter(expire_date__lt=now).delete()[0]

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.departments import Department
from gis.collection.field import Field
from gis.collection.form import Form
from gis.columns import BlindIndexField, SealedField
from gis.people.household import Household
from gis.people.resident import Resident
from gis.places.building import Building, Dwelling

#: Column of a fact for each subject of a field.
SUBJECT_COLUMNS = {
    Field.Subject.PERSON: "resident",
    Field.Subject.HOUSEHOLD: "household",
    Field.Subject.DWELLING: "dwelling",
    Field.Subject.BUILDING: "building",
}
#: A row is about exactly one of these.
ONE_SUBJECT = (
    Q(resident__isnull=False, household=None, dwelling=None, building=None)
    | Q(resident=None, household__isnull=False, dwelling=None, building=None)
    | Q(resident=None, household=None, dwelling__isnull=False, building=None)
    | Q(resident=None, household=None, dwelling=None, building__isnull=False)
)


class FactQuerySet(models.QuerySet):
    def standing(self, day: date):
        """Facts that no end has overtaken by a day."""
        return self.filter(said_on__lte=day).filter(Q(until__isnull=True) | Q(until__gt=day))

    def current(self, day: date):
        """The one that counts of each field and subject: the owner department's newest, otherwise the newest.

        What another department says against the owner stays in the record and becomes a question to the owner; it does
        not overrule (`showing.py: Known.otherwise`).
        """
        by_owner = models.Case(models.When(department=models.F("field__owner"), then=0), default=1)
        ordered = self.standing(day).annotate(by_owner=by_owner)
        subject = ["field_id", *(f"{column}_id" for column in SUBJECT_COLUMNS.values())]
        return ordered.order_by(*subject, "by_owner", "-said_on", "-recorded_at", "-pk").distinct(*subject)


class Fact(models.Model):
    """A value of a field: of whom, who said so, when, where it was written down. Appended, never rewritten.

    `value` is text in the one spelling of its kind (`reading.py`); of a sealed field it is "" and `value_sealed` holds
    it, with a keyed hash to compare by. An empty value says that there is none any more. Of a field that a column keeps
    the column is what counts, and its facts are its history. `until`: the day from which it holds no more.

    Row-level security follows the subject (`subject.sql`), so that what is known of a person moves with them.
    """

    class Source(models.TextChoices):
        VISIT = "visit", _("走访")
        DOOR = "door", _("户室登记")
        FILE = "file", _("部门数据")
        RECORD = "record", _("已有档案")

    # Asked for together with a subject, by the indexes below; never all facts of a field.
    field = models.ForeignKey(Field, models.PROTECT, related_name="facts", db_index=False)
    resident = models.ForeignKey(Resident, models.CASCADE, null=True, related_name="facts", db_index=False)
    # A household ends when nobody is left in it; what was said of it stays.
    household = models.ForeignKey(
        Household, models.DO_NOTHING, null=True, related_name="facts", db_constraint=False, db_index=False
    )
    dwelling = models.ForeignKey(Dwelling, models.PROTECT, null=True, related_name="facts", db_index=False)
    building = models.ForeignKey(Building, models.CASCADE, null=True, related_name="facts", db_index=False)
    value = models.CharField(max_length=200, blank=True)
    value_sealed = SealedField(index="value_index", null=True)
    value_index = BlindIndexField(null=True, max_length=32)
    source = models.CharField(max_length=6, choices=Source.choices)
    # Nobody asks for the facts of a department, a form or a user alone: an index of each would slow every writing.
    # And whoever writes is a user of a department: the database need not ask it once more for each of a million facts.
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    form = models.ForeignKey(Form, models.PROTECT, null=True, related_name="facts", db_index=False)
    origin = models.CharField(max_length=64, blank=True)  # number of the visit, name of the file
    said_on = models.DateField()
    until = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONE_SUBJECT, name="fact_of_one_subject"),
        ]
        indexes = [
            # what is known of the people, households and homes of a door or a cell; also how many know a field
            models.Index(fields=["resident", "field"], condition=Q(resident__isnull=False), name="fact_by_resident"),
            models.Index(fields=["household", "field"], condition=Q(household__isnull=False), name="fact_by_household"),
            models.Index(fields=["dwelling", "field"], condition=Q(dwelling__isnull=False), name="fact_by_dwelling"),
            models.Index(fields=["building", "field"], condition=Q(building__isnull=False), name="fact_by_building"),
        ]

    def __str__(self) -> str:
        return f"fact {self.pk}"

    @property
    def is_empty(self) -> bool:
        """Whether it says that there is nothing."""
        return not self.value and self.value_sealed is None


class Collected(models.Model):
    """What one call at a door asked and what it did not have to ask: numbers only, nobody in it. Appended.

    `forms` are those that were due there, `wanted` the questions they hold together, form by form; `known` of these was
    known already, `asked` is what was left, each question once.
    """

    call = models.UUIDField(unique=True)
    day = models.DateField()
    area = models.CharField(max_length=15, db_collation="C")
    forms = models.PositiveSmallIntegerField()
    wanted = models.PositiveSmallIntegerField()
    known = models.PositiveSmallIntegerField()
    asked = models.PositiveSmallIntegerField()
    answered = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["area", "day"], name="collected_by_area")]  # per community and month

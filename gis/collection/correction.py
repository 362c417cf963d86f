"""A value that somebody says is right and the record is not: a question to the department that owns the field."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.departments import Department
from gis.accounts.scope import Scope
from gis.accounts.users import User
from gis.collection.fact import ONE_SUBJECT, SUBJECT_COLUMNS, Fact
from gis.collection.field import Field
from gis.collection.standing import standing_of, stored_value
from gis.columns import BlindIndexField, SealedField
from gis.people.household import Household
from gis.people.resident import Resident
from gis.places.building import Building, Dwelling

#: Claims that are held against the record at a time.
_AT_ONCE = 2000


class CorrectionQuerySet(models.QuerySet):
    def inside(self, scope: Scope):
        """Those whose subject lies in the scope."""
        found = Q(pk__in=[])
        for column in SUBJECT_COLUMNS.values():
            found |= scope.q(f"{column}__area")
        return self.filter(found)

    def owned(self, user: User):
        """Those that are for the department of the user to answer; of nobody's department, none."""
        return self.filter(field__owner=user.department_id) if user.department_id else self.none()

    def open(self):
        return self.filter(state=Correction.State.OPEN)

    def told(self, department: int | None, readable: set[int]):
        """Without what tables of a department asked, and nobody has answered yet, of fields that it may not read: that
        it was asked says that something else stands there."""
        asked = Q(state=Correction.State.OPEN, source=Correction.Source.FILE, department=department)
        return self.exclude(asked & ~Q(field__in=readable)) if department else self


class Correction(models.Model):
    """A value said of a field that another department owns, and that differs from what the record holds.

    It is written down once however often it is said: one open row for a field, a subject, a value and who says so. The
    owner department accepts it, which writes a fact of its own, or refuses it with a reason; either answer goes back
    to whoever said it (`CorrectionNotice`). `held` is what stood in the record when it was decided.

    Row-level security follows the subject (`correction.sql`). A sealed field's value is sealed here too.
    """

    #: Said once by the key before and once by the new one it was one; `rotate_keys` leaves one.
    twins_are_one = True

    class Source(models.TextChoices):
        VISIT = "visit", _("走访")
        DOOR = "door", _("户室登记")
        FILE = "file", _("部门数据")
        PAGE = "page", _("查看档案时提出")
        PERSON = "person", _("本人提出")

    class State(models.TextChoices):
        OPEN = "open", _("待核实")
        ACCEPTED = "accepted", _("已采纳")
        REFUSED = "refused", _("未采纳")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    field = models.ForeignKey(Field, models.PROTECT, related_name="corrections")
    resident = models.ForeignKey(Resident, models.CASCADE, null=True, related_name="corrections")
    # A household ends when nobody is left in it; what was said of it stays.
    household = models.ForeignKey(
        Household, models.DO_NOTHING, null=True, related_name="corrections", db_constraint=False
    )
    dwelling = models.ForeignKey(Dwelling, models.PROTECT, null=True, related_name="corrections")
    building = models.ForeignKey(Building, models.CASCADE, null=True, related_name="corrections")
    value = models.CharField(max_length=200, blank=True)
    value_sealed = SealedField(index="value_index", null=True)
    value_index = BlindIndexField(null=True, max_length=32)
    source = models.CharField(max_length=6, choices=Source.choices)
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    origin = models.CharField(max_length=64, blank=True)  # number of the visit, name of the file
    ground = models.CharField(max_length=200, blank=True)
    said_on = models.DateField()
    proposed_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    held = models.ForeignKey(Fact, models.PROTECT, null=True, related_name="+")

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=ONE_SUBJECT, name="correction_of_one_subject"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="correction_decided_once",
            ),
            models.CheckConstraint(condition=~Q(state="refused", reason=""), name="correction_refused_with_reason"),
            models.UniqueConstraint(
                "field",
                *(Coalesce(column, 0, output_field=models.BigIntegerField()) for column in SUBJECT_COLUMNS.values()),
                "value",
                Coalesce("value_index", b"", output_field=models.BinaryField()),
                "source",
                Coalesce("department", 0, output_field=models.BigIntegerField()),
                condition=Q(state="open"),
                name="correction_open_once",
            ),
        ]
        indexes = [
            # the queue of a department, the oldest first
            models.Index(fields=["field", "proposed_at"], condition=Q(state="open"), name="correction_waiting"),
            models.Index(fields=["field", "-decided_at"], condition=~Q(state="open"), name="correction_decided"),
            models.Index(fields=["by", "-proposed_at"], name="correction_by_proposer"),  # one's own, and their answers
        ]

    def __str__(self) -> str:
        return f"correction {self.pk}"

    @property
    def subject(self) -> tuple[str, int]:
        """Of whom: the column and the key."""
        column = SUBJECT_COLUMNS[Field.Subject(self.field.subject)]
        return column, getattr(self, f"{column}_id")


@dataclass(frozen=True)
class Claim:
    """One value as it is said. `key` is of the field's subject; `value` is in the one spelling of its kind
    (`reading.py`: read_value), and "" where it is said that there is none."""

    field: Field
    key: int
    value: str
    said_on: date
    origin: str = ""
    ground: str = ""


def is_question(field: Field, department: Department | None) -> bool:
    """Whether what a department (or nobody's worker) says against the record is for another department to decide."""
    return field.owner_id is not None and (department is None or department.pk != field.owner_id)


def propose(
    claims: Iterable[Claim],
    *,
    source: Correction.Source,
    department: Department | None,
    by: User | None,
    blind: bool = False,
) -> int:
    """Ask the owners of the fields to correct what differs from the record; how many new questions that makes.

    Left out is what the record says already, what the same source has asked and is not answered yet, and what is no
    question: fields without an owner, and the owner's own. Everybody claimed of must be in the scope of the
    transaction. May be run again with the same claims. `blind`: without holding them against the record, where whoever
    says it may not learn that the record says the same.
    """
    made = 0
    asked = (claim for claim in claims if is_question(claim.field, department))
    while some := list(islice(asked, _AT_ONCE)):
        rows = [
            Correction(
                field=claim.field, **{f"{SUBJECT_COLUMNS[Field.Subject(claim.field.subject)]}_id": claim.key},
                **stored_value(claim.field, claim.value), source=source, department=department, by=by,
                origin=claim.origin, ground=claim.ground, said_on=claim.said_on, proposed_at=timezone.now(),
            )
            for claim in (some if blind else _differing(some))
        ]  # fmt: skip
        Correction.objects.bulk_create(rows, ignore_conflicts=True)
        made += Correction.objects.filter(uuid__in=[row.uuid for row in rows]).count()
    return made


def _differing(claims: Iterable[Claim]) -> list[Claim]:
    by_field: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_field[claim.field.pk].append(claim)
    found = []
    for some in by_field.values():
        stands = standing_of(some[0].field, {claim.key for claim in some}, timezone.localdate())
        found += [claim for claim in some if not stands[claim.key].says(claim.value)]
    return found


class CorrectionNotice(models.Model):
    """What somebody is told of their corrections: of which field how many were answered, and how. Nobody is in it.

    One unread row for a person and a field, so that a sheet of two hundred answers is one line.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="correction_notices")
    field = models.ForeignKey(Field, models.CASCADE, related_name="+")
    accepted = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "field"], condition=Q(read_at=None), name="correction_notice_unread_once"
            )
        ]
        indexes = [models.Index(fields=["user", "-at"], name="correction_notice_of_user")]

    def __str__(self) -> str:
        return f"correction notice {self.pk}"

"""Who read what of whom: a row for every request that showed personal data, and nobody can change it afterwards.

A row names the act, the one who read, the keys of the people and the fields (those of the catalogue by their keys, as
`#12`); never what was read. A list of people of several communities leaves a row in each, so that every supervisor
finds what was read of their own people. What was typed to find somebody is kept as a keyed hash alone: the same search
can be recognised, none can be read. Who represents an organisation and whom to call there is noted alike, by the key of
the organisation.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Access
from gis.columns import BlindIndexField, CodeField
from gis.people.keyring import keyring
from gis.people.sealing import index_by
from gis.places.building import InScopeQuerySet

_FIRST = models.Func("asked", template="substring(%(expressions)s FOR 1)", output_field=models.BinaryField())
_WRAP = """
UPDATE grid_reading AS old SET asked = new.asked FROM unnest(%s::bigint[], %s::bytea[]) AS new(id, asked)
WHERE old.id = new.id"""


class Act(models.TextChoices):
    RECORD = "record", _("查看档案")
    HOUSEHOLD = "household", _("查看住户")
    LIST = "list", _("查看名单")
    SEARCH = "search", _("查找")
    REVEAL = "reveal", _("显示号码")
    FIELD = "field", _("外勤下载")
    EXPORT = "export", _("导出")
    PRINT = "print", _("打印档案")
    REPORTER = "reporter", _("查看上报人")
    NEIGHBOUR = "neighbour", _("查看心愿联系人")
    SHEET = "sheet", _("核对部门数据")


class Reading(models.Model):
    """One request that read personal data. Row-level security guards the table; it is only ever added to."""

    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("查看人"))
    act = models.CharField(_("操作"), max_length=10, choices=Act.choices)
    area = CodeField(_("辖区代码"), max_length=15)
    residents = ArrayField(models.BigIntegerField(), default=list)
    organisations = ArrayField(models.BigIntegerField(), default=list)
    fields = ArrayField(models.CharField(max_length=20), default=list)
    kind = models.CharField(_("查找方式"), max_length=10, blank=True)
    asked = BlindIndexField(null=True, max_length=17)
    reason = models.CharField(_("理由"), max_length=200, blank=True)

    objects = InScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("查阅记录")
        verbose_name_plural = _("查阅记录")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["area", "-at"], name="reading_by_area"),  # row-level security, and the page of a scope
            models.Index(fields=["by", "-at"], name="reading_by_reader"),  # what one person read
        ]

    def __str__(self) -> str:
        return f"reading {self.pk}"


def note_reading(
    act: Act, by, access: Access, people: Iterable[tuple[int, str]], *, fields: Iterable[str] = (), kind: str = "",
    asked: str = "", reason: str = "", area: str = "", of: str = "residents",
) -> None:  # fmt: skip
    """Note that `by` was shown these people (key and area). A search that finds nobody is noted where they work.

    `area`: where somebody belongs who has no record: who left a name with a case or a wish, which `reason` then names.
    `of`: the column that holds the keys, `organisations` for those who represent one.
    """
    at: dict[str, list[int]] = defaultdict(list)
    if area:
        at[area[:12]] = []
    for key, area in people:
        at[area[:12]].append(key)
    if not at and act == Act.SEARCH and (own := access.which("people.read").areas):
        at[own[0]] = []
    told = {"act": act, "by": by, "fields": sorted(fields), "kind": kind, "reason": reason, "at": timezone.now()}
    told["asked"] = asked_as(asked) if asked else None
    Reading.objects.bulk_create(
        Reading(area=_noted_at(area, access), **{of: sorted(keys)}, **told) for area, keys in at.items()
    )


def asked_as(text: str) -> bytes:
    """What was typed as it is kept: the number of the key, and the keyed hash."""
    key = keyring().seals
    return bytes([key.number]) + index_by(key, f"search {text}")


def wrap_asked(number: int) -> int:
    """Hash once more, by the key of today, what was typed while another key sealed; how many rows.

    The key before may be known to somebody, who could try numbers out on it. Equal ones stay equal; no new search can
    be held against them any more, which the number 0 says.
    """
    done = 0
    rows = Reading.objects.exclude(asked=None).annotate(by_key=_FIRST).exclude(by_key__in=(b"\0", bytes([number])))
    while found := list(rows.order_by("pk").values_list("pk", "asked")[:500]):
        with keeping(), connection.cursor() as cursor:
            wrapped = [b"\0" + index_by(keyring().seals, f"asked {bytes(asked).hex()}") for _key, asked in found]
            cursor.execute(_WRAP, [[key for key, _asked in found], wrapped])
        done += len(found)
    return done


@contextmanager
def keeping() -> Iterator[None]:
    """A transaction in which the owner of the table may do what its keeping asks: requests have no right to it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.keeping', 'reading', true)")
        yield
        cursor.execute("SELECT set_config('app.keeping', '', true)")


def _noted_at(community: str, access: Access) -> str:
    """The community, or what the reader has of it: a grid worker may write no further than their cell."""
    scope = access.which("people.count")
    return community if scope.covers(community) else (scope.within(community).areas or (community,))[0]

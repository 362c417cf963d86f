"""What waits for a person: work orders whose category is not known yet, and those that could not be placed for sure."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.areas.area import Area
from gis.errors import Conflict, OutOfScope
from gis.hotline.filing import Filing
from gis.hotline.hotline_file import QUEUES, HotlineFile, HotlineRow, Outcome
from gis.hotline.kinds import remember
from gis.hotline.placing import Spot
from gis.hotline.uploading import ground_of, is_officer
from gis.incidents.category import Category
from gis.places.building import Building, Compound
from gis.written import refuse


def waiting(user: User, access: Access, outcome: str) -> QuerySet[HotlineRow]:
    """The rows of a queue that are somebody's: of their ground; an officer's of their department."""
    return _of(user, access).filter(outcome=outcome)


def _of(user: User, access: Access) -> QuerySet[HotlineRow]:
    rows = HotlineRow.objects.inside(ground_of(access))
    return rows.filter(file__department=user.department_id) if is_officer(access) else rows


@dataclass(frozen=True)
class Words:
    """Some words of a source that mean no category yet, and how many work orders wait for them."""

    first: int
    source: str
    whose: str
    words: str
    number: int


def words_waiting(user: User, access: Access) -> list[Words]:
    """The most frequent first; `first` names the group."""
    rows = waiting(user, access, Outcome.KIND).exclude(words="").order_by()
    grouped = rows.values("source", "words", "area", "file__department__code").annotate(n=Count("pk"), first=Min("pk"))
    return [
        Words(one["first"], one["source"], one["file__department__code"] or one["area"], one["words"], one["n"])
        for one in grouped.order_by("-n", "words")
    ]


def set_category(pk: int, category: Category, *, user: User, access: Access) -> set[int]:
    """Let the words of a waiting row mean a category from now on. The files whose rows can now be filed."""
    mine = waiting(user, access, Outcome.KIND)
    row = mine.select_related("file__department").filter(pk=pk).first()
    if row is None:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    alike = mine.filter(source=row.source, words=row.words, area=row.area, file__department=row.file.department_id)
    if not row.words:  # nothing says that others without words are the same
        alike = mine.filter(pk=pk)
    with transaction.atomic():
        if row.words:
            remember(row.file, row.words, category, user)
        rows = list(alike.select_for_update(of=("self",)).values_list("pk", "file_id"))
        HotlineRow.objects.filter(pk__in=[key for key, _file in rows]).update(category=category, outcome=Outcome.WAITS)
    return {file for _key, file in rows}


def set_place(pk: int, key: str, *, user: User, access: Access) -> HotlineRow:
    """File a waiting row where somebody says it lies: `building-7`, `compound-7` or `area-110113001006`."""
    with transaction.atomic():
        row = _one(pk, user, access)
        file = HotlineFile.objects.get(pk=row.file_id)
        Filing.of(file).settle(row, _spot(key, access))
    return row


def drop(pk: int, *, user: User, access: Access) -> None:
    """Take a waiting row for none of ours. Should a later file say something else of it, it comes up again."""
    with transaction.atomic():
        row = _one(pk, user, access)
        row.outcome, row.sealed, row.settled_at = Outcome.DROPPED, None, timezone.now()
        row.save(update_fields=["outcome", "sealed", "settled_at"])


def _one(pk: int, user: User, access: Access) -> HotlineRow:
    row = _of(user, access).select_for_update(of=("self",)).select_related("category").filter(pk=pk).first()
    if row is None:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    if row.outcome not in QUEUES:
        raise Conflict(_("这张工单刚才已经有人处理。"), fix=_("请刷新页面。"))
    return row


def _spot(key: str, access: Access) -> Spot:
    kind, _dash, name = key.partition("-")
    ground = ground_of(access)
    is_key = name.isascii() and name.isdecimal() and len(name) < 18
    if kind == "building" and is_key:
        place = Building.objects.inside(ground).filter(pk=name).first()
        return _point(place, place and place.pk, "")
    if kind == "compound" and is_key:
        return _point(Compound.objects.inside(ground).filter(pk=name).first(), None, "按小区定位")
    if kind == "area":
        return _point(
            Area.objects.inside(ground).filter(code=name, level="community").first(), None, "只知道社区，放在社区中间"
        )
    return _point(None, None, "")


def _point(place, building: int | None, doubt: str) -> Spot:
    if place is None:
        raise refuse("place", _("还没有选择位置。"), _("请选择一处，或另查一个地址。"))
    return Spot(place.geometry.point_on_surface, building, doubt, 1.0)

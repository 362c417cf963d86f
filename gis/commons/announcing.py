"""What staff tell the people of an area: notices and events, and the questions they ask them."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.areas.area import Area
from gis.commons.bulletin import Bulletin
from gis.commons.consultation import Consultation
from gis.commons.consulting import read_options
from gis.errors import Conflict, OutOfScope
from gis.written import read_line, read_words, refuse

#: Levels of areas whose people are told or asked something.
LEVELS = ("district", "street", "community")


def read_area(code: str, access: Access) -> str:
    """The area that is told something. Raises Refused for one that is not there or not the writer's."""
    found = Area.objects.inside(access.which("commons.write")).filter(code=code, level__in=LEVELS)
    if not found.exists():
        raise refuse("area", _("没有这个辖区，或不归您管。"), _("请重新选择。"))
    return code


def read_moment(text: str, field: str, *, needed: bool = False) -> datetime | None:
    """A local time such as 2026-03-04T15:30. Raises Refused for what is none."""
    if not text.strip() and not needed:
        return None
    try:
        moment = parse_datetime(text.strip())
    except ValueError:
        moment = None
    if moment is None or not 2000 <= moment.year <= 2100:
        raise refuse(field, _("时间不对。"), _("请选择日期和时间。"))
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


@transaction.atomic
def save_bulletin(pk: int | None, body: Mapping[str, str], *, user: User, access: Access) -> Bulletin:
    """Write a notice or an event, new or again. Raises Refused with what is wrong."""
    bulletin = Bulletin() if pk is None else own(Bulletin, pk, access)
    bulletin.area = read_area(body.get("area", ""), access)
    bulletin.kind = body.get("kind", "") if body.get("kind", "") in Bulletin.Kind.values else Bulletin.Kind.NOTICE
    bulletin.title = read_line(body.get("title", ""), "title", 60, needed=True)
    bulletin.text = read_words(body.get("text", ""), "text", 2000)
    bulletin.place = read_line(body.get("place", ""), "place", 80)
    is_event = bulletin.kind == Bulletin.Kind.EVENT
    bulletin.starts = read_moment(body.get("starts", ""), "starts", needed=is_event) if is_event else None
    bulletin.ends = read_moment(body.get("ends", ""), "ends") if is_event else None
    if bulletin.starts and bulletin.ends and bulletin.ends < bulletin.starts:
        raise refuse("ends", _("结束早于开始。"), _("请核对时间。"))
    bulletin.shown_from = read_moment(body.get("shown_from", ""), "shown_from") or bulletin.shown_from
    # An event that is over is not upcoming any more, whatever nobody has filled in.
    bulletin.shown_until = (
        read_moment(body.get("shown_until", ""), "shown_until") or bulletin.ends or _end_of_day(bulletin.starts)
    )
    bulletin.withdrawn = body.get("withdrawn") == "1"
    bulletin.by, bulletin.at = user, timezone.now()
    bulletin.save()
    return bulletin


def _end_of_day(moment: datetime | None) -> datetime | None:
    return moment and timezone.localtime(moment).replace(hour=23, minute=59)


@transaction.atomic
def save_consultation(pk: int | None, body: Mapping[str, str], *, user: User, access: Access) -> Consultation:
    """Write a question, new or again. Its options stay once somebody has chosen among them."""
    asked = Consultation() if pk is None else own(Consultation, pk, access)
    options = read_options(body.get("options", ""))
    if pk is not None and options != asked.options and asked.replies.exclude(choice=None).exists():
        raise Conflict(_("已经有人选过，选项不能再改。"), fix=_("请恢复原来的选项，或撤下后另问一次。"))
    asked.area, asked.options = read_area(body.get("area", ""), access), options
    asked.title = read_line(body.get("title", ""), "title", 60, needed=True)
    asked.question = read_words(body.get("question", ""), "question", 2000, needed=True)
    opens = read_moment(body.get("opens", ""), "opens") or (timezone.now() if pk is None else asked.opens)
    closes = read_moment(body.get("closes", ""), "closes", needed=True)
    if closes is None or closes <= opens:
        raise refuse("closes", _("截止早于开始。"), _("请核对时间。"))
    asked.opens, asked.closes, asked.withdrawn = opens, closes, body.get("withdrawn") == "1"
    asked.by, asked.at = user, timezone.now()
    asked.save()
    return asked


def own(model: type, pk: int, access: Access):
    """A bulletin or a consultation the writer may change, locked. Raises OutOfScope."""
    found = model.objects.inside(access.which("commons.write")).select_for_update().filter(pk=pk).first()
    if found is None:
        raise OutOfScope("There is none such in scope.")
    return found

"""The units of the reader's area: who is overdue first, by kind, hazards, name or credit code; figures by area."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gis.errors import NotAllowed
from gis.organisations.counting import count_by_area, total
from gis.organisations.finding import SMALL, Wanted
from gis.organisations.kinds import kinds
from gis.people.reading import Act, note_reading
from web.lists.listing import Asked
from web.lists.organisations import ORGANISATIONS, STANDS, wanted_of
from web.lists.shown import export_of, table_of
from web.pages.choices import area_choices, names_of
from web.pages.held import to_filtered_address
from web.pages.paging import page_of
from web.pages.residents import never_kept


def index(request: HttpRequest) -> HttpResponse:
    """`?kind=small&stand=overdue&area=110113001006`; what is typed is posted and held, since it may be a phone."""
    own = request.access.which("people.read")
    if not own:
        raise NotAllowed(_("您的角色不能查看单位名单。"), fix=_("需要时请联系社区或街道的主管。"))
    if request.method == "POST":
        return to_filtered_address(request)
    today, asked = timezone.localdate(), Asked.of(request)
    wanted, page = wanted_of(asked), page_of(ORGANISATIONS.find(asked), request.GET.get("page"))
    table = table_of(ORGANISATIONS, page.rows, asked)
    told = [(one, table.known.contacts[one.pk]) for one in page.rows]
    note_contacts(request, Act.SEARCH if wanted.text else Act.LIST, told, wanted.text)
    counted = count_by_area(own.within(wanted.area) if wanted.area else own, today)
    context = {
        "page": page, "table": table, "export": export_of(ORGANISATIONS, asked), "wanted": wanted, "today": today,
        "kinds": kinds(), "small": SMALL, "stands": STANDS, "hazards": table.known.hazards,
        "areas": area_choices(own, wanted.area), "area": wanted.area, "names": names_of(set(counted)),
        "total": total(counted.values()), "by_area": sorted(counted.items()) if len(counted) > 1 else [],
        "english": get_language() == "en", "writes": request.access.may_anywhere("people.write"),
        "filtered": wanted != Wanted(),
    }  # fmt: skip
    return never_kept(render(request, "web/organisations/list.html", context))


def note_contacts(request: HttpRequest, act: str, rows, asked: str = "", reason: str = "") -> None:
    """Note whose representatives and phones were shown."""
    told = [(one, contact) for one, contact in rows if contact.fields]
    if told:
        fields = set().union(*(contact.fields for _one, contact in told))
        pairs = [(one.pk, one.area) for one, _contact in told]
        more = {"fields": fields, "asked": asked, "reason": reason, "of": "organisations"}
        note_reading(act, request.user, request.access, pairs, **more)

"""An order of a list as a file: what is stored with it, and the list that this becomes again when it is made."""

from base64 import b64decode, b64encode

from django.http import QueryDict
from django.utils.translation import gettext as _

from gis.errors import WanggeError
from gis.people.sealing import open_seal, seal
from gis.reports.report import Report
from layers.reports.sheets import Told
from web.lists.all import listing_of
from web.lists.files import gather, kinds_of, title_of
from web.lists.listing import Asked, Listing


def facts_of(code: str, kind: str, asked: Asked) -> dict:
    """Title, view and areas of an order; of what was searched for only sealed words. Raises WanggeError, OutOfScope."""
    listing = listing_of(code)
    if kind not in kinds_of(listing):
        raise WanggeError(_("这份清单没有这种格式。"), fix=_("请从“导出”里选择一种。"))
    scope = listing.scope(asked)
    if asked.text:
        listing.note_search(asked)
    text = b64encode(seal(asked.text)).decode() if asked.text else ""
    view = {"list": {"code": code, "asked": _kept(listing, asked), "text": text}, "needs": list(listing.needs)}
    return {"title": title_of(listing, scope)[:120], "view": view, "areas": scope.setting}


def _kept(listing: Listing, asked: Asked) -> str:
    query = asked.GET.copy()
    for name in [name for name in query if name not in listing.fields]:
        del query[name]
    return query.urlencode()


def gather_ordered(report: Report) -> Told:
    """What goes into the file of an order; the order learns what it tells of, which decides who may take it.

    To be asked in the owner's scoped transaction. Raises WanggeError, OutOfScope.
    """
    said = report.view["list"]
    listing = listing_of(said["code"])
    text = open_seal(b64decode(said["text"])) if said["text"] else ""
    asked = Asked(QueryDict(said["asked"]), report.owner.access, report.owner, text)
    scope = listing.scope(asked)
    report.areas, report.view["used"] = scope.setting, listing.used(asked, scope)
    return gather(listing, asked)

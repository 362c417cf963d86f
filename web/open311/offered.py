"""What may be reported: the categories of the residents' form, called services; and where all of this is found."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gis.errors import OutOfScope
from gis.incidents.category_choice import category_choices
from gis.incidents.public_request import service_code
from gis.models import Category
from web.open311.answering import answer, spoken

#: When what this says last changed its form.
_CHANGED = "2026-11-26T00:00:00Z"
_SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


@spoken("GET", "HEAD")
def listed(request: HttpRequest, form: str) -> HttpResponse:
    return answer(form, "services", [_service(choice.category) for choice in category_choices()])


def _service(category: Category) -> dict:
    return {
        "service_code": service_code(category),
        "service_name": category.name,
        "description": _("公开进展") if category.is_public else _("只向上报人说明进展"),
        "metadata": False,
        "type": "realtime",
        "keywords": ",".join(category.synonyms.split()),
        "group": category.major,
    }


@spoken("GET", "HEAD")
def one(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The definition of a service: no attributes, for the form asks none."""
    return answer(form, "service_definition", {"service_code": service_code(service_named(code)), "attributes": []})


def service_named(code: str) -> Category:
    """A category that residents may report in. Raises OutOfScope."""
    for choice in category_choices():
        if service_code(choice.category) == code:
            return choice.category
    raise OutOfScope(_("没有这个 service_code。"), fix=_("可用的见 services。"))


@spoken("GET", "HEAD")
def discover(request: HttpRequest, form: str) -> HttpResponse:
    here = request.build_absolute_uri(reverse("open311:discovery", args=[form])).rpartition("/")[0]
    endpoint = {
        "specification": _SPECIFICATION,
        "url": here,
        "changeset": _CHANGED,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    told = {
        "changeset": _CHANGED,
        "contact": _("管理这套系统的单位"),
        "key_service": _("不用 api_key 也能读取和上报；按系统上报的，请管理员签发接口令牌。"),
        "endpoints": [endpoint],
    }
    return answer(form, "discovery", told)


@spoken("GET", "HEAD", "POST")
def nothing(request: HttpRequest, url: str, form: str = "xml") -> HttpResponse:
    """Tokens among them: a request has its number at once, so there is never one to wait for."""
    raise OutOfScope(_("没有这个地址。"), fix=_("有的是 services、requests、discovery；请求当即有编号，没有 tokens。"))

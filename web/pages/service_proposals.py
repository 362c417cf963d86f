"""Named proposals of new service points: one's own, and those shared by link inside one's area."""

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from gis.errors import OutOfScope, WanggeError
from gis.models import Proposal
from web.pages.choices import chosen_area
from web.pages.service import is_uuid, kind_of
from web.pages.service_points import body_of, position_of
from web.scope import reads_no_people

#: Proposals one person keeps; more would be a list nobody reads.
_MOST = 100


@reads_no_people
def proposals(request: HttpRequest) -> JsonResponse:
    """GET lists one's own, or the one `uuid` names; POST saves under a name, or deletes with `delete`."""
    if request.method == "POST":
        return _answer({"proposals": _changed(request)})
    asked = request.GET.get("uuid", "")
    return _answer({"proposals": [_told(_shared(request, asked), request)] if asked else _own(request)})


def _answer(content: dict) -> JsonResponse:
    return JsonResponse(content, headers={"Cache-Control": "private, no-store"})


def _own(request: HttpRequest) -> list[dict]:
    mine = Proposal.objects.inside(request.scope).filter(owner=request.user)
    return [_told(proposal, request) for proposal in mine[:_MOST]]


def _shared(request: HttpRequest, asked: str) -> Proposal:
    found = Proposal.objects.inside(request.scope).filter(uuid=asked).first() if is_uuid(asked) else None
    if found is None:
        raise OutOfScope("There is no such proposal.")
    return found


def _told(proposal: Proposal, request: HttpRequest) -> dict:
    return {
        "uuid": str(proposal.uuid),
        "name": proposal.name,
        "kind": proposal.kind,
        "minutes": proposal.minutes,
        "sites": proposal.sites,
        "area": proposal.area,
        "mine": proposal.owner_id == request.user.pk,
        "savedAt": proposal.saved_at.isoformat(timespec="minutes"),
    }


def _changed(request: HttpRequest) -> list[dict]:
    told = body_of(request)
    if told.get("delete"):
        _shared(request, str(told["delete"]))
        Proposal.objects.filter(owner=request.user, uuid=str(told["delete"])).delete()
        return _own(request)
    _save(request, told)
    return _own(request)


def _save(request: HttpRequest, told: dict) -> None:
    name = str(told.get("name") or "").replace("\x00", "").strip()[:60]
    sites = told.get("sites")
    if not name:
        raise WanggeError(_("方案还没有名称。"), fix=_("请给方案起个名称。"))
    if not isinstance(sites, list) or not 1 <= len(sites) <= Proposal.MOST_SITES:
        raise WanggeError(
            _("方案要有 1 到 %(most)d 个位置。") % {"most": Proposal.MOST_SITES}, fix=_("请先在地图上放置位置。")
        )
    kept = Proposal.objects.filter(owner=request.user)
    if kept.count() >= _MOST and not kept.filter(name=name).exists():
        raise WanggeError(_("保存的方案太多了。"), fix=_("请先删除不用的方案。"))
    Proposal.objects.update_or_create(
        owner=request.user,
        name=name,
        defaults={
            "kind": kind_of(str(told.get("kind") or "")).code,
            "minutes": _minutes(told.get("minutes")),
            "sites": [[round(part, 6) for part in position_of(site)] for site in sites],
            "area": chosen_area(str(told.get("area") or ""), request.scope) or request.scope.areas[0],
        },
    )


def _minutes(told: object) -> int:
    """Minutes of a walk; what is no number of them is a quarter of an hour."""
    return round(told) if isinstance(told, int | float) and 1 <= told <= 60 else 15

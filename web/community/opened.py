"""The pages of a community, which anybody may look at."""

from django.http import Http404

from gis.models import Area
from web.open_pages import open_to_all

opened = open_to_all("web/community/refusal.html", {"Cache-Control": "no-cache"})


def community_at(code: str) -> Area:
    """The community with this code, which anybody may look at."""
    area = Area.objects.filter(code=code, level="community").defer("drawing", "coarse").first()
    if area is None:
        raise Http404("There is no such community.")
    return area

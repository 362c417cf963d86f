"""The tables of the dashboard: where and of which category the most incidents are."""

from dataclasses import replace

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gis.incidents.finding import this_second
from layers.dashboard.board import Board, board, chosen_scope
from layers.dashboard.period import Clock
from layers.dashboard.places import places_in
from layers.incident_copy import incidents_now
from web.lists.drawn import outlines_of
from web.lists.listing import NUMBER, WHOLE, Asked, Column, Listing
from web.pages.dashboard_figures import Bar, ranked_areas, ranked_kinds
from web.pages.dashboard_ground import here_of
from web.pages.incident_filter import PARAMETERS, read_fields

_NUMBERS = (
    Column("count", _("件数"), lambda bar, known: bar.group.count, WHOLE, 10),
    Column("before", _("前一时段"), lambda bar, known: bar.group.before, WHOLE, 10),
)


class Ranking(Listing):
    """Areas by their incidents; a rate where the count of residents may be shown."""

    code, name = "ranking", _("辖区事件排名")
    fields, needs, uses = PARAMETERS, ("incident.read",), ("people.count",)
    shape = "Polygon"
    columns = (
        Column("name", _("辖区"), lambda bar, known: bar.group.name or gettext("未划入下级辖区"), width=24),
        Column("code", _("代码"), lambda bar, known: bar.group.code, width=18),
        *_NUMBERS,
        Column("rate", _("每千人"), lambda bar, known: bar.rate and round(bar.rate, 1), NUMBER, 10),
    )

    def find(self, asked: Asked) -> list[Bar]:
        counted, here = _board(asked)
        ranked = ranked_areas(counted, places_in(here), asked.access)
        return ranked["bars"] + ranked["rest"]

    def shapes(self, rows: list[Bar]) -> np.ndarray:
        return outlines_of([bar.group.code for bar in rows])


class Categories(Listing):
    code, name = "ranking_categories", _("类别事件排名")
    fields, needs = PARAMETERS, ("incident.read",)
    columns = (
        Column("name", _("类别"), lambda bar, known: gettext(bar.group.name) if bar.group.name else "", width=28),
        *_NUMBERS,
    )

    def find(self, asked: Asked) -> list[Bar]:
        ranked = ranked_kinds(_board(asked)[0])
        return ranked["bars"] + ranked["rest"]


def _board(asked: Asked) -> tuple[Board, object]:
    """What the dashboard counts for this address, and the ground it looks at."""
    wanted = read_fields(asked.GET, [], asked.text)
    here = here_of(asked.scope, wanted.area)
    wanted = replace(wanted, area=here.areas[0] if len(here.areas) == 1 else "")
    scope = chosen_scope(asked.access, "incident.read", wanted.area)
    return board(incidents_now(), wanted, scope, Clock(timezone.localtime(this_second()))), here


RANKING, RANKING_CATEGORIES = Ranking(), Categories()

"""What refuses the publication of a plan of streets."""

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from gis.planning.publishing.faults import Fault
from gis.planning.streets.reckoning import StreetReckoning

#: Less lost ground is the noise of coordinates, m².
_NOISE_M2 = 1.0


def faults_of(reckoning: StreetReckoning) -> list[Fault]:
    """Everything that stands against it, apart from what stands against the cells."""
    return [*_nothing(reckoning), *_ground(reckoning), *_names(reckoning)]


def _nothing(reckoning: StreetReckoning) -> Iterator[Fault]:
    if not reckoning.drawn:
        yield Fault("empty", _("方案里没有街道。"), _("请先把地块划给街道。"))
    elif not (reckoning.redrawn or reckoning.renamed or reckoning.ended):
        yield Fault("nothing", _("方案没有改动任何街道。"), _("请先调整边界或名称。"))


def _ground(reckoning: StreetReckoning) -> Iterator[Fault]:
    if reckoning.lost_m2 > _NOISE_M2:
        text = _("有 %(m2).0f 平方米原属街道的地不再属于任何街道。") % {"m2": reckoning.lost_m2}
        yield Fault("uncovered", text, _("请把它划给一个街道。"), m2=reckoning.lost_m2)
    for number, one in reckoning.drawing.cells.items():
        if number not in reckoning.drawn and not one.code:
            text = _("街道“%(name)s”没有地块。") % {"name": one.name or f"#{number}"}
            yield Fault("empty", text, _("请划给它地块，或删除它。"), (number,))


def _names(reckoning: StreetReckoning) -> Iterator[Fault]:
    called = Counter(one.name.strip() for one in reckoning.drawn.values())
    for number, one in reckoning.drawn.items():
        if not one.name.strip():
            text = _("新街道 #%(number)s 还没有名称。") % {"number": number}
            yield Fault("name", text, _("请为它命名。"), (number,))
        elif called[one.name.strip()] > 1 and not (one.code and one.name in reckoning.before.names):
            text = _("不止一个街道叫“%(name)s”。") % {"name": one.name.strip()}
            yield Fault("name", text, _("请改一个名称。"), (number,))

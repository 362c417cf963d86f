"""What hot and cold spots are called, on the map and on a page, and their colours.

Colours differ in lightness too and hold for the colour-blind: red–blue for hot and cold (ColorBrewer RdBu), and for
courses those of M. Okabe and K. Ito, "Color Universal Design" (2008).
"""

from django.utils.translation import gettext_lazy as _

from gis.risk.trends import Course

#: Class of a place, cold to hot, with its name and colour.
KINDS = {
    -3: (_("冷点（99 %）"), "#2166ac"),
    -2: (_("冷点（95 %）"), "#67a9cf"),
    -1: (_("冷点（90 %）"), "#c5dcea"),
    0: (_("不显著"), "#f3efe6"),
    1: (_("热点（90 %）"), "#fbd0b9"),
    2: (_("热点（95 %）"), "#ef8a62"),
    3: (_("热点（99 %）"), "#b2182b"),
}
#: What a course of hot periods is called, in the order of the legend, with its colour and what it means.
HOT = {
    Course.NONE: (_("不是热点"), "#f3efe6", _("按 95 % 的把握，没有一期显著偏高。")),
    Course.SPORADIC: (_("时有时无的热点"), "#d3c1dd", _("有几期显著偏高，但不连续。")),
    Course.FADING: (_("消退的热点"), "#56b4e9", _("以前几乎每期都显著偏高，现在在下降或已不再偏高。")),
    Course.NEW: (_("新出现的热点"), "#e69f00", _("最近一期第一次显著偏高。")),
    Course.PERSISTENT: (_("持续的热点"), "#d55e00", _("几乎每期都显著偏高，没有升降。")),
    Course.GROWING: (_("加剧的热点"), "#8c1d40", _("近几期一直显著偏高，而且越来越高。")),
}
COLD = {
    Course.NEW: _("新出现的冷点"),
    Course.GROWING: _("加深的冷点"),
    Course.PERSISTENT: _("持续的冷点"),
    Course.FADING: _("消退的冷点"),
    Course.SPORADIC: _("时有时无的冷点"),
    Course.NONE: _("不是冷点"),
}

"""The dashboard of an area: every figure counted from the copy in memory, each with the filter that lists the same.

A figure that can be listed carries a `Wanted`: what the list and the map show for it is as many incidents as it says.
Import direction: board › top_line, stand_outs, attention, trend, calendar, groups, settled › facts › period, places.
"""

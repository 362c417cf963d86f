"""For analysts: what the map shows as GeoDataFrames, and Folium maps of them, in scope of a token.

    import layers

    layers.sign_in()                               # the token in WANGGE_TOKEN
    layers.figures()                               # which figures there are
    cells = layers.cells("population", "risk")     # a row a cell; on="2026-10-01" for the cells of a day
    layers.draw(cells, "risk")

Everything comes from where the map has it (`layers.values`, `find_incidents`, `layers.risk`), so it equals the screen
of whoever the token is of, and small counts are withheld alike. There is no row of a person: inside each call the
database itself shows none.
"""

from layers.notebook.session import make_ready, sign_in

make_ready()

# After Django is ready: these need its models.
from layers.notebook.drawing import draw  # noqa: E402
from layers.notebook.frames import areas, cells, figures, incidents, risk_table  # noqa: E402

__all__ = ["areas", "cells", "draw", "figures", "incidents", "risk_table", "sign_in"]

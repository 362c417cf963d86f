"""Plans of streets: how a district is shared out among them, drawn with the same tiles and steps as cells.

In such a plan the *plan cells are streets*, and what a plan cell may not leave is the district: `Drawing.community` and
`PlanCell.community` are the six digits of the district, `PlanCell.code` the nine of the street it continues.

What a tile is, and why. A street consists of communities; nobody moves a house from one street to another, they move a
community, and now and then a piece of one. So a tile is the ground of a cell in force, of a community where it has no
cells, and of what a street holds beside its communities; the tiles of one community are a *compound*: with the tool for
these it moves whole, and a community that lies in two streets is named as a problem. A district of 20,000 buildings has
some 2,700 tiles instead of 20,000. A border that must run elsewhere is drawn by a line, freehand or from a file, and
cuts the tiles there; the buildings stand in the plan as points, so that every figure is exact.

Publishing (`reckoning`): each piece of a community that lies in one street is a community there. A community that
stays keeps its code; one that moves gets a code of its new street, and its cells follow. Of one that is cut, the piece
that stays keeps the code and the others become communities of their own; but a piece where nobody lives joins the
community beside it: a verge needs no committee. Two streets that become one have the code of the one that had more.
"""

"""Plans of communities: their outlines within a street, drawn with the same tiles and steps as cells.

In such a plan the *plan cells are communities*, and what a plan cell may not leave is the street: every tile's
`Drawing.community` is the code of the street, `PlanCell.community` too, and `PlanCell.code` is the 12 digits of the
community it continues. Every operation on cells holds for communities as it is.
"""

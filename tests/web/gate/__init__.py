"""The gate: every address of the product × everyone of the cast and nobody. Closed unless `PUBLIC` says so; and what
lies in another street is nowhere: not by its id, not in a list, a figure, a tile, a search, a panel.

A new view is walked without being named here. `test_forgotten_scope.py` shows that one without scope would not get
through.
"""

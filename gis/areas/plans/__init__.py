"""Drawing cells: what a plan is made of and how cells are proposed. Pure functions over arrays, in metres.

outline, lines, buildings → `tiles` → `ground` (who borders on whom, and what lies between) → `partition` → `scorecard`.
A plan stores tile → cell; polygons are dissolved from it, so that gaps and overlaps cannot arise.

A plan under way is a `drawing`. What a planner does is a function of it in `editing`, `carving`, `splitting`, `cells`,
`barriers`, `dragging` or `mending`, whose `Edit` holds the change both ways. Those that cut go through `recutting`,
which keeps the tiles a coverage (`coverage` checks it); `problems` says what is still wrong.
"""

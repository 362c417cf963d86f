"""Drawing cells: what a plan is made of and how cells are proposed. Pure functions over arrays, in metres.

outline, lines, buildings → `tiles` → `ground` (who borders on whom, and what lies between) → `partition` → `scorecard`.
A plan stores tile → cell; polygons are dissolved from it, so that gaps and overlaps cannot arise.
"""

"""Plans: drafts of cells, kept step by step, until one is published.

`plan` the tables · `opening` a plan from what is there · `keeping` its drawing in memory · `operations` what a step can
be · `stepping` taking one, and taking it back. What changes on the ground is pure and lives in `gis.areas.plans`.
"""

"""Service points: where they are, who walks how far to them, how full they are, and where the next ones belong.

Tables: `point` (a clinic, a canteen …), `kinds` (whom each kind serves), `proposal` (places somebody has tried out).
Pure functions over arrays, in metres: `network` (roads as a graph), `reach` (walking distances), `outline` (the ground
within a walk), `load` (people per point), `siting` (where the next ones would reach most people).
"""

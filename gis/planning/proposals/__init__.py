"""Proposals of cells: ordered by a planner, made in the background, looked at side by side, taken over as one step."""

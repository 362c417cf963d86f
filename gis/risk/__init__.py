"""Risk of places: pure functions over arrays, no database, no Django. A place, never a person (design decision 12).

rates → smoothing          how often, with little data drawn towards the mean
neighbours → hotspots → trends    who is next to whom; hot and cold; new, growing, persistent, fading
score → uncertainty        the composite after INFORM, its reasons, and how sure it is
lattice → prediction → accuracy → trial   where next, on square cells, and how right that was

Arrows read "is used by". Import the modules by name; nothing here imports from the other rooms. Three touch the
database: `definitions`, the district's table of components; `weighting`, the weights a user has chosen instead; and
`worth`, the last forecast with what it was worth.
"""

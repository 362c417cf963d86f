"""Repairing boundaries that came from elsewhere: what is wrong, what could be done, and doing what was chosen.

Pure functions over arrays of polygons in metres. `finding.faults` → `proposing.proposals` → a person's consent →
`applying.apply`. Nothing is changed that was not chosen: every other polygon comes back as the same object.
"""

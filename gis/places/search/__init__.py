"""Finding any address in scope by what people type: an index in memory, one copy a process.

`copy` keeps it current, `asking` reads a query, `ranking` answers it. Names (areas, compounds, roads, shops) are found
by pairs of characters, of syllables and of initials; numbers, units and rooms by sorted arrays. Nothing of a person is
in it.
"""

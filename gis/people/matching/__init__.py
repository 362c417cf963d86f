"""Which row of a sheet is which known person: record linkage, pure functions over arrays, no database.

`description` says what a set of records is made of; `persons` describes Chinese residents. `reading` brings both sides
into columns; `names`, `births`, `numbers`, `dwellings`, `choices` and `words` each compare one kind of field in levels.
`pairing` finds the pairs worth comparing, `weighing` how much each level says, `estimating` learns it, `deciding` turns
the weights of a row's candidates into sure, unsure or new, `repeats` finds the same person twice in one sheet,
`telling` says why in words. `linking` is the face: `link(rows, known, description)`; `door` asks for one person.
"""

"""The lists of the product, each declared once: its columns, what its address may ask, which rows that finds.

A page draws them (`shown`), a file holds them (`files`), so what is exported equals what is on the screen. `all` names
every list.
"""

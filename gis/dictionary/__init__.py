"""The data dictionary: what every table and column means, told from the models.

Words stand in the models; where a column or a table has none there, in `columns.csv` (of any table, or of one) and
`tables.csv`. Owners and code tables of people's data come from the field catalogue, terms from `gis.retiring`.
"""

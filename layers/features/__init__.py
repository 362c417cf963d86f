"""What other systems read of the ground: kinds of features with the fields anybody who may see them may see, filtered
by CQL2, and a page of them as GeoJSON made by the database. Knows no HTTP; `web.ogc` asks it.
"""

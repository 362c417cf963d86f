"""Cells as files, both ways: GeoJSON, GeoPackage, shapefile, KML and DXF with outlines, CSV with buildings.

Codes are text everywhere. Outlines come back to the last digit; through DXF, which knows metres only, to a hair.
"""

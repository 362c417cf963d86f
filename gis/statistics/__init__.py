"""Figures per cell, kept as rows change instead of recounted (design decision 8).

`keeping.py` says what each table adds to the figures of its area, once; the triggers and the recount that a test
and `manage.py recount` hold against them are both written from it.
"""

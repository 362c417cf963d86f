"""How well cases are dealt with, by area, department and period; never by person.

`cases` reads what became of every case, `counters` says which of them count as what, `indicators` divides the one by
the other. Standards: CJ/T 292, as far as `evaluation_indicator.csv` holds it.
"""

"""Telling other systems what happens to cases: who wants to be told (`webhook`), what is noted with every step
(`noting`), and how it gets there: guarded (`guarding`, `posting`), signed (`signing`), tried again (`delivering`).

Of disputes nothing is told. What is told holds no text and no person: that a case was moved, by which act, into which
state. Who may know more asks the API for it, with a token of their own.
"""

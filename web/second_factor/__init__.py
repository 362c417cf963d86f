"""The second step of signing in: a code of an app, or one on paper."""

#: The mark of a session whose owner must set up a second step before anything else, with our page they wanted.
#: Here, where nothing is imported: the live feed asks for it, too.
DUE = "second_factor_due"

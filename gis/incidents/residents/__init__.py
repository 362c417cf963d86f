"""The residents' window: whoever sees something reports it without an account, follows it by a secret link, judges what
was done and may ask for it to be done again.

Nobody is tracked: no cookie, no account, no address that is kept in the clear. What ties a report to a person is the
link they hold, and, if they leave it, a name and a phone in a table of their own (`reporter.py`).
"""

"""Reminders: a case that comes near its limit, or passes it, is told to those who can do something about it.

`rule` says by data when and to whom; `alarm` holds the moments to come; `ringing` makes notices of them, every minute.
What goes out by e-mail, at once or once a day, is sent by `web.jobs.mailing` and `web.jobs.digests`.
"""

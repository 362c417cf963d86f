"""Work that outlasts a request, on procrastinate: its queue is the database, its worker a process beside the server.

A job may be killed at any moment and is then run again, so each can be: what is done stays done, nothing is doubled.
"""

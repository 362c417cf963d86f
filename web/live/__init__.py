"""The live feed: what was committed, told to every open map in scope within the second.

`feed.py` is the ASGI program, one process beside the pages, without GeoDjango. `hub.py` listens to the database and
reads what is new under one snapshot; `admission.py` asks for every listener what the gate of the pages asks;
`news.py` says what a scope hears of it; `listener.py` holds what one browser has yet to receive; `position.py` is the
place in the stream from which a browser catches up.
"""

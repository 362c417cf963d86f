#!/usr/bin/env python3
"""Starts everything. `up`, `down` and `test` need nothing but this Python; every other command is Django's.

This file must stay readable for an old Python, so that it can say which one is needed.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Wangge needs Python 3.11 or newer, and this is %d.%d.\n"
        "Fix: run it with a newer one, for example `python3.11 manage.py up`." % sys.version_info[:2]
    )

if __name__ == "__main__":
    from web.start.run import run

    sys.exit(run(sys.argv))

"""From a bare machine to a running Wangge, with the standard library only (`prepare.py` runs inside `.venv`).

run › up, down, trial › serve, assets › cluster › postgres › debian › checkout › say › problems.
"""

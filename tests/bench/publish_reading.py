"""One reader of `bench publish`, in a process of its own: reads until it is told to stop, then writes what it saw."""

import json
import os
import sys
import time
from statistics import median
from threading import Thread

import psycopg

_LIST = "SELECT id, area, code FROM grid_building WHERE area >= %s AND area < %s ORDER BY code LIMIT 50"
_FIGURES = "SELECT area, buildings, households, incidents FROM grid_figures WHERE area >= '1' AND area < '9:'"
#: In one statement: sums that never change, buildings in no cell of today or in another than their code says, codes
#: that two hold, figures of what is in no cell.
_WHOLE = """
WITH held AS (SELECT code, cell_id FROM grid_cellversion WHERE valid @> current_date)
SELECT (SELECT (sum(buildings), sum(households), sum(residents), sum(incidents))::text FROM grid_figures),
  (SELECT count(*) FROM grid_building b WHERE length(area) = 15
    AND NOT EXISTS (SELECT FROM held h WHERE h.code = b.area AND h.cell_id = b.cell_id)),
  (SELECT count(*) - count(DISTINCT code) FROM held),
  (SELECT count(*) FROM grid_figures f WHERE length(area) = 15 AND buildings + incidents + residents > 0
    AND NOT EXISTS (SELECT FROM held h WHERE h.code = f.area))
"""
#: Between two rounds: readers are there all the while, but do not take the processors for themselves.
_PAUSE_S = 0.02


def main() -> None:
    told: list[str] = []
    Thread(target=lambda: told.append(sys.stdin.readline()), daemon=True).start()
    times: list[float] = []
    wholes: set[tuple] = set()
    torn = 0
    with psycopg.connect(os.environ["READ_FROM"], autocommit=True) as connection:
        while not told:
            for statement in (_LIST, _FIGURES, _WHOLE):
                begun = time.perf_counter()
                rows = connection.execute(statement, ["110113", "110113:"] if statement is _LIST else None).fetchall()
                times.append(time.perf_counter() - begun)
                if statement is _WHOLE:
                    wholes.add(rows[0][0])
                    torn += any(rows[0][1:]) or len(wholes) > 1
            if len(times) == 3:
                print("reading", flush=True)
            time.sleep(_PAUSE_S)
    seen = {"reads": len(times), "torn": torn, "median_ms": median(times) * 1000, "longest_ms": max(times) * 1000}
    with open(sys.argv[1], "w") as out:
        json.dump(seen, out)


if __name__ == "__main__":
    main()

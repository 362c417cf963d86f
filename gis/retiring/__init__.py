"""Data about people ends: each class of records has a term, after which it is really deleted, unless it is held."""

"""Pages of units 实有单位: the list, one with its checks, the forms."""

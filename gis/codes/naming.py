"""Names of codes as the tables in the database have them."""

from gis.codes.entries import Code


def names_in(table: str) -> dict[str, str]:
    """Code → name of one table, retired entries included: old records still name them."""
    return dict(Code.objects.filter(table=table).order_by("position").values_list("code", "name"))

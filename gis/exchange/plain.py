"""Texts that a spreadsheet shows as they are."""

#: What a spreadsheet would take for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: The end of a line of CSV (RFC 4180): with it pandas quotes a text that holds half of one, too, which some programs
#: would take for the end of the row.
END = "\r\n"


def shown_as_is(value):
    """The value, a text that begins like a formula with an apostrophe before it; anything but a text as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value

"""Which counts of people are so small that they point at someone, and who knows everyone there anyway."""

from gis.accounts.scope import Access

#: Counts of people from 1 to one less than this are withheld outside the place's own staff (design decision 12).
SMALLEST_SHOWN = 5
OWN_STAFF = {"grid_worker", "community_supervisor"}


def is_own_staff(access: Access, area: str) -> bool:
    """Whether the reader works in the place itself, and so knows everyone there by name anyway."""
    return bool(access.roles_at(area) & OWN_STAFF)

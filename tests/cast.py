"""The fixed cast. Each has one posting in the small town; Gu reports as a resident and has no account.

Li supervises 胜利街道. Wang works cell 1 of its first community, which Zhou supervises. Zhao plans the street's cells.
Sun supervises the district, He is an officer of one of its departments, Admin keeps its accounts. Chen supervises
another street and must see nothing of theirs.
"""

from dataclasses import dataclass

DISTRICT = "110113"
STREET = "110113001"
OTHER_STREET = "110113002"
COMMUNITY = "110113001006"
CELL = "110113001006001"

#: name → role and area of the posting
POSTINGS = {
    "li": ("street_supervisor", STREET),
    "wang": ("grid_worker", CELL),
    "zhao": ("planner", STREET),
    "sun": ("district_supervisor", DISTRICT),
    "chen": ("street_supervisor", OTHER_STREET),
    "zhou": ("community_supervisor", COMMUNITY),
    "he": ("department_officer", DISTRICT),
    "admin": ("administrator", DISTRICT),
}
EVERYONE = tuple(POSTINGS)
#: What the accounts of the demonstration town open with.
PASSWORD = "Wangge-demo-2026"


@dataclass(frozen=True)
class Cast:
    """The accounts, read fresh for each test, by name: `cast.li`, or `cast["li"]`."""

    accounts: dict

    def __getattr__(self, name: str):
        try:
            return self.accounts[name]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(self, name: str):
        return self.accounts[name]


def read_cast() -> Cast:
    """The cast as the town wrote it."""
    from gis.models import User

    return Cast({user.username: user for user in User.objects.filter(username__in=EVERYONE)})

"""Which category of ours the words of an export mean: as somebody said for this source, else by code or by name."""

from dataclasses import dataclass

from gis.accounts.users import User
from gis.hotline.hotline_file import HotlineFile, HotlineKind
from gis.incidents.category import Category

#: Where two systems have a name in common, the community's before the city's. Components are things, not complaints.
_KINDS = (Category.Kind.COMMUNITY, Category.Kind.CITY)


@dataclass(frozen=True)
class Kinds:
    """The categories of a file's words, read once. What was said for a source goes before what a name says."""

    said: dict[str, Category]
    known: dict[str, Category]

    @classmethod
    def of(cls, file: HotlineFile) -> "Kinds":
        said = HotlineKind.objects.filter(whose=file.whose, source=file.source, category__retired=False)
        known: dict[str, Category] = {}
        for kind in _KINDS:
            for category in Category.objects.filter(kind=kind, retired=False).order_by("code"):
                known.setdefault(category.name.casefold(), category)
                if not category.code.isdigit():
                    known.setdefault(category.code.casefold(), category)
        for category in Category.objects.filter(kind__in=_KINDS, retired=False).exclude(log=[]).order_by("code"):
            for name in category.names:
                known.setdefault(name.casefold(), category)
        return cls({one.words: one.category for one in said.select_related("category")}, known)

    def find(self, words: str) -> Category | None:
        """The category of some words; of several levels the lowest that is known by name."""
        if words in self.said:
            return self.said[words]
        levels = [level.strip().casefold() for level in words.split(" / ")]
        return next((self.known[level] for level in reversed(levels) if level in self.known), None)


def remember(file: HotlineFile, words: str, category: Category, user: User | None) -> None:
    """Let some words of the file's source mean a category from now on, in files of the same department or area."""
    HotlineKind.objects.update_or_create(
        whose=file.whose, source=file.source, words=words, defaults={"category": category, "said_by": user}
    )


def choices() -> list[Category]:
    """The categories one may choose, in the order of their systems."""
    return [
        category for kind in _KINDS for category in Category.objects.filter(kind=kind, retired=False).order_by("code")
    ]

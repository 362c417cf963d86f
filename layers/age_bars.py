"""An age pyramid as rows of a table, each with the length of its two bars."""

from dataclasses import dataclass

from layers.people_count import People

#: Width of the longest bar, in the units of the drawing.
LONGEST = 100


@dataclass(frozen=True)
class Bars:
    """One age group: what is written and how long its bars are; None is a count withheld and draws nothing."""

    name: str
    total: int | None
    male: int | None
    female: int | None
    male_width: float
    female_width: float

    @property
    def male_start(self) -> float:
        """Men's bars grow to the left from the middle."""
        return round(LONGEST - self.male_width, 1)


def age_bars(people: People) -> list[Bars]:
    """The age groups of a place, oldest first, drawn to one scale."""
    counts = [number for group in people.ages for number in (group.male, group.female) if number]
    longest = max(counts, default=1)
    groups = [group for group in people.ages if group.name][::-1] + [group for group in people.ages if not group.name]
    return [
        Bars(
            group.name, group.total, group.male, group.female,
            _width(group.male, longest), _width(group.female, longest),
        )
        for group in groups
    ]  # fmt: skip


def _width(count: int | None, longest: int) -> float:
    return round(LONGEST * (count or 0) / longest, 1)

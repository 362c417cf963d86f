"""What the API takes and gives, a class a thing: OpenAPI describes it from here, and nothing else goes in or out."""

import re
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field, StringConstraints

from gis.incidents.attaching import LONGEST_TEXT
from gis.incidents.finding import GROUPS
from gis.incidents.incident import Incident, State
from gis.incidents.workflow import moves

_EARLIEST, _LATEST = 1900, 2200


def _plain(text: str) -> str:
    """A text that a column takes: no NUL, no half of a character."""
    if "\x00" in text:
        raise ValueError("a NUL is no character of a text")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("half of a character is no text") from None
    return text


def _of_our_time(value: date | datetime) -> date | datetime:
    """A day or moment that can be reckoned with; the year 1 and the year 9999 overflow."""
    if not _EARLIEST <= value.year <= _LATEST:
        raise ValueError(f"the year must be between {_EARLIEST} and {_LATEST}")
    return value


def _day(value: object) -> object:
    """A day is written as one; a number, which pydantic would take for seconds, is none."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("a day is written like 2026-03-05")
    return date.fromisoformat(value) if isinstance(value, str) else value


def _moment(value: object) -> object:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _choice(values: list[str]) -> object:
    return Literal[tuple(map(str, values))]


Day = Annotated[date, BeforeValidator(_day), AfterValidator(_of_our_time)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment), AfterValidator(_of_our_time)]
Word = Annotated[str, StringConstraints(max_length=120), AfterValidator(_plain)]
Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT), AfterValidator(_plain)]
AreaCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,15}$", min_length=2, max_length=15)]
DepartmentCode = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]+$", min_length=1, max_length=50)]
Number = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]+$", min_length=1, max_length=24)]
CategoryCode = Annotated[
    str,
    StringConstraints(pattern=r"^(community|city|component|imported)/.+$", max_length=60),
    AfterValidator(_plain),
    Field(description="system of categories and code in it, as `community/0101`"),
]
StateName = _choice(State.values)
StateOrGroup = _choice([*State.values, *GROUPS])
Origin = _choice(Incident.Source.values)
#: Those a program may ask for. What only a reporter does, and what takes a step back, have doors of their own.
ActName = _choice([code for code, one in moves().items() if not one.by_reporter])


class Strict(Schema):
    """A body in which a name we do not know is a mistake, not something to be passed over in silence."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Problem(Schema):
    error: str = Field(description="what is wrong")
    fix: str = Field(description="what to do about it")
    fields: dict[str, str] = Field({}, description="the parts of the request it is about, each with its reason")


class Since(Schema):
    """What others did meanwhile: the present revision and the steps since the one that was named."""

    revision: int | None = None
    steps: list[dict] = []


class Overtaken(Problem):
    theirs: Since


# ── what goes out ──


class CategoryOut(Schema):
    code: str = Field(description="system and code, as `community/0101`")
    name: str
    major: str
    urgent: bool
    dispose_within: int | None
    dispose_unit: str


class CategoriesOut(Schema):
    items: list[CategoryOut]


class CaseOut(Schema):
    number: str
    revision: int = Field(description="counts the steps; give it as `If-Match` with a move")
    state: StateName
    state_name: str
    category: str
    category_name: str
    description: str
    place: str
    longitude: float = Field(description="degrees, EPSG:4326")
    latitude: float
    area: str = Field(description="code of its cell (15 digits) or community (12)")
    building: str = Field(description="code of the building, empty where it has none")
    component: str = Field(description="code of the component it is about, empty where it is about none")
    origin: Origin
    department: str = Field(description="code of the department that leads, empty where none does")
    level: int = Field(description="digits of the area whose desk has it: 12 community, 9 street, 6 district")
    urgent: bool
    late: bool
    reported_at: datetime
    due_at: datetime | None
    stage_due_at: datetime | None
    suspended_at: datetime | None
    closed_at: datetime | None
    merged_into: str = Field(description="number of the case it was joined to, else empty")
    url: str


class PhotoOut(Schema):
    uuid: UUID
    width: int
    height: int
    size: int
    full: str = Field(description="path of the JPEG")
    small: str


class StepOut(Schema):
    id: int
    revision: int
    act: str
    act_name: str
    at: datetime
    before: str
    after: str
    by: str = Field(description="user name; empty for a rule or a resident")
    department: str
    note: str
    is_public: bool = Field(description="the note is meant for whoever reported")
    photos: list[PhotoOut]


class TaskOut(Schema):
    department: str
    team: str
    handler: str
    lead: bool
    is_done: bool


class MoveOut(Schema):
    act: str
    name: str
    needs: list[str] = Field(description="what has to be said with it")


class OneCaseOut(CaseOut):
    steps: list[StepOut]
    tasks: list[TaskOut]
    moves: list[MoveOut] = Field(description="what this token may do with it now")


class CasesOut(Schema):
    items: list[CaseOut]
    next: str | None = Field(description="give it as `after` for the next page; null on the last one")


class StepsOut(Schema):
    items: list[StepOut]


class FiledOut(Schema):
    number: str
    joined: bool = Field(description="it was added to the open case named by `same_as`")
    url: str


class MovedOut(Schema):
    number: str
    revision: int
    state: StateName
    step: int


# ── what comes in ──


class CaseIn(Strict):
    category: CategoryCode | None = Field(None, description="needed unless `same_as` is given")
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    building: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,17}$")] | None = Field(
        None, description="code of a building, in place of a position"
    )
    component: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")] | None = Field(
        None, description="code of the component meant (a lamp, a manhole cover); says where as well"
    )
    description: Text = ""
    place: Word = ""
    origin: Origin = "department"
    reported_at: Moment | None = Field(None, description="with its zone; now where it is left out")
    same_as: Number | None = Field(None, description="number of an open case that this adds to")


class MoveIn(Strict):
    act: ActName
    note: Text = ""
    departments: list[DepartmentCode] = Field([], max_length=20, description="codes; the first one leads")
    team: Annotated[str, StringConstraints(pattern=r"^([0-9]{6,15})?$")] = Field("", description="code of an area")
    handler: Annotated[str, StringConstraints(max_length=60), AfterValidator(_plain)] = Field(
        "", description="user name"
    )
    target: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{0,24}$")] = Field(
        "", description="number of the case it is joined to"
    )
    until: Day | None = None


class CommentIn(Strict):
    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT), AfterValidator(_plain)]
    public: bool = Field(False, description="an answer to whoever reported, rather than a comment among staff")


class WantedIn(Strict):
    """A filter. What is left out asks nothing; of a list any one will do; all that is given must hold."""

    area: AreaCode | None = None
    categories: list[CategoryCode] = Field([], max_length=60)
    majors: list[Word] = Field([], max_length=60)
    states: list[StateOrGroup] = Field([], max_length=20, description="states, or the groups `open` and `ended`")
    late: bool = False
    departments: list[DepartmentCode] = Field([], max_length=60)
    origins: list[Origin] = Field([], max_length=10)
    first: Day | None = Field(None, description="first day of reporting")
    last: Day | None = Field(None, description="last day of reporting, included")
    text: Word = Field("", description="beginning of a number, or words of place or description")
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    after: Annotated[str, StringConstraints(max_length=120)] | None = Field(
        None, description="`next` of the page before"
    )

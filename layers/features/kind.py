"""A kind of features: where its rows are, what is told of one, and who may ask."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope
from gis.errors import BadQuery
from gis.incidents.residents.ground import served

#: What a field holds, and what the database calls it.
TYPES = {
    "text": "text",
    "integer": "numeric",
    "number": "numeric",
    "boolean": "boolean",
    "date": "date",
    "moment": "timestamptz",
}


@dataclass(frozen=True)
class Field:
    """A property of a feature. `sql` is ours, never input; `choices` the values there are, where they are few."""

    name: str
    sql: str
    title: Promise
    type: str = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Condition:
    """Part of a WHERE clause with its parameters."""

    sql: str
    params: tuple = ()


@dataclass(frozen=True)
class Kind:
    """`key` is the feature's id: unique, and what pages are in order of. `within` is held against the scope.

    `found` is the indexed drawing copy, where the shape itself has no index. `times`: the moment, or the first day and
    the day after the last. `needs` is a capability; "" for what anybody may see. `tiles` names the set of tiles that
    shows the kind, and `layers` what is in it.
    """

    name: str
    title: Promise
    about: Promise
    needs: str
    rows: str
    key: Field
    within: str
    shape: str
    fields: tuple[Field, ...]
    found: str = ""
    standing: str = ""
    times: tuple[str, ...] = ()
    tiles: str = ""
    geometry: str = "MultiPolygon"

    @property
    def is_open(self) -> bool:
        return not self.needs

    def scope(self, access: Access) -> Scope:
        """Where somebody may see features of this kind."""
        return served() if self.is_open else access.which(self.needs)

    def field(self, name: str) -> Field:
        """Raises BadQuery."""
        for field in self.fields:
            if field.name == name:
                return field
        told = {"name": name[:60], "names": ", ".join(field.name for field in self.fields)}
        raise BadQuery(_("没有属性“%(name)s”。") % told, fix=_("可用的是：%(names)s。") % told)

    def inside(self, scope: Scope, day: date) -> Condition:
        """The rows there are for that scope on a day."""
        sql, params = scope.sql(self.within)
        standing = self.standing.replace("{day}", f"DATE '{day:%Y-%m-%d}'")
        return Condition(f"{sql} AND {standing}" if standing else sql, tuple(params))

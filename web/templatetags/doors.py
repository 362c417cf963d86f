"""Doors in templates: how they stand, and what was typed into a form that is shown again."""

from django import template

from gis.places.verification import Standing
from gis.places.verification import standing as standing_of

register = template.Library()


@register.filter
def standing(door) -> Standing:
    return standing_of(door)


@register.filter
def typed(posted, name: str) -> str:
    """What was typed under a name, "" where the form is new."""
    return posted.get(name, "") if posted else ""


@register.filter
def typed_for(posted, stay) -> dict[str, str]:
    """What was typed for one stay: `stays`, `left`, `phone`."""
    return {name: posted.get(f"{name}-{stay.pk}", "") if posted else "" for name in ("stays", "left", "phone")}


@register.filter
def of_stay(people: dict | None, stay) -> dict:
    """What the other side of a conflict says of one stay."""
    return (people or {}).get(str(stay.pk), {})


@register.filter
def chosen(posted, key: int) -> bool:
    """Whether somebody who goes along was ticked."""
    return bool(posted) and str(key) in posted.getlist("along")


@register.filter
def ticked(posted, code: str) -> bool:
    """Whether a finding was ticked."""
    return bool(posted) and code in posted.getlist("findings")

"""What the pages of merged cases look up."""

from django import template

register = template.Library()


@register.filter
def at(found: dict, key):
    """The value of a key in a dictionary; nothing where it has none."""
    return found.get(key, ())


@register.filter
def last_at(members: list):
    """When the last of a group was reported."""
    return members[-1].incident.reported_at

"""What the map withholds of one place, so that its panel and its record do not print it."""

from gis.accounts.scope import Access, Scope
from gis.incidents.finding import this_second
from layers.indicator import Asked
from layers.kept_figures import kept_now
from layers.need_figures import need_masks, where_counted
from layers.people_figures import households, people_masks
from layers.places import DIGITS, LAYERS, ground


def withheld_on_map(code: str, access: Access) -> dict[str, bool]:
    """Names of figures of people, and tags of needs, with whether the map withholds them there.

    Empty for a place that is on no layer of the map.
    """
    layer = next((name for name in LAYERS if DIGITS[name] == len(code)), None)
    every = ground()
    place = every[layer].inside(Scope.of([code])) if layer else ()
    if len(place) != 1:
        return {}
    told, now, kept = where_counted(access), this_second(), kept_now()
    asked = Asked(place, every, access.which("people.count"), access, now, kept)
    masks = people_masks(asked) | {"households": households(asked).hidden}
    if told.covers(code):
        masks |= need_masks(Asked(place, every, told, access, now, kept))
    return {name: bool(mask[0]) for name, mask in masks.items()}

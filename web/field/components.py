"""The part `components` of the pack: what a report may point at in one's own cells (井盖, 路灯 …), offline too."""

from django.utils.translation import gettext

from gis.accounts.scope import Access, Scope
from gis.incidents.component_class import component_classes
from gis.models import Component


def components(access: Access, scope: Scope) -> dict[str, object]:
    """The components where one may report: key, code, class, longitude, latitude; and the classes that occur.

    A class is its name in the reader's language and the code of the category that suits a report about one.
    """
    write = access.which("incident.write")
    found = Component.objects.inside(scope).filter(write.q()).order_by("pk") if write else Component.objects.none()
    rows = [
        [key, code, kind, round(at.x, 6), round(at.y, 6)]
        for key, code, kind, at in found.values_list("pk", "code", "kind", "position")
    ]
    classes, used = component_classes() if rows else {}, {row[2] for row in rows}
    named = {code: [gettext(one.name), one.category] for code, one in classes.items() if code in used}
    return {"classes": named, "rows": rows}

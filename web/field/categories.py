"""The part `categories` of the pack: what one may report in, with the words to find it by."""

from django.utils.translation import gettext

from gis.accounts.scope import Access, Scope
from gis.incidents.category_choice import category_choices


def categories(access: Access, scope: Scope) -> list[dict]:
    """The categories in use, named in the reader's language; found by Chinese words, pinyin and English alike."""
    if not access.which("incident.write"):
        return []
    return [
        {
            "id": choice.category.pk,
            "code": choice.category.code,
            "major": gettext(choice.category.major),
            "name": gettext(choice.category.name),
            "urgent": choice.category.urgent,
            "keys": f"{choice.keys} {gettext(choice.category.name)}".lower(),
            "wordy": choice.category.name.startswith("其他"),
        }
        for choice in category_choices()
    ]

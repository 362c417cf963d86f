"""What an incident may be about."""

from django.http import HttpRequest
from ninja import Router

from gis.models import Category
from web.api import telling
from web.api.refusals import described
from web.api.shapes import CategoriesOut

router = Router(tags=["categories"])


@router.get("", **described("categories", "Categories in use", {200: CategoriesOut}))
def listed(request: HttpRequest) -> dict:
    """Every category a report may be filed under, with its time limit."""
    used = Category.objects.filter(retired=False).exclude(kind=Category.Kind.IMPORTED)
    return {"items": [telling.category(one) for one in used.order_by("kind", "code")]}

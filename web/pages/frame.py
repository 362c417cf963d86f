"""What every page's frame shows: who is signed in, where, and whether the data are a demonstration."""

from django.http import HttpRequest

from gis.models import Area


def frame(request: HttpRequest) -> dict:
    scope = getattr(request, "scope", None)
    if not scope:
        return {}
    return {
        "home_areas": Area.objects.inside(scope).filter(code__in=scope.areas)[:3],
        "is_demonstration": Area.objects.filter(source="demo").exists(),
    }

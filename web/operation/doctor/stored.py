"""What is stored: figures against a recount, cells in force against their community, files against their rows."""

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely
from django.apps import apps
from django.conf import settings
from django.db.models import FileField
from django.utils import timezone

from gis.areas.area import Area
from gis.areas.plans.coverage import faults_of
from gis.exchange.coverage import SMALLEST, stretch
from gis.incidents import photo_store
from gis.incidents.photo_clearing import clear_orphans
from gis.models import Attachment, PublicPhoto
from gis.planning.publishing.standing import standing
from gis.statistics.recounting import wrong_areas
from web.operation.doctor.finding import Finding

#: Communities, and cells, that are looked at without --full.
_SAMPLE = 25


def figures(full: bool) -> Iterator[Finding]:
    """Every figure with `--full`; else those of some communities."""
    wrong = wrong_areas(None if full else _communities(full))
    if wrong:
        yield Finding("figures", f"{len(wrong)} areas have a wrong kept figure.", "python3 manage.py recount")


def _communities(full: bool) -> list[str]:
    codes = list(Area.objects.filter(level="community").order_by("code").values_list("code", flat=True))
    return codes if full or len(codes) <= _SAMPLE else sorted(random.sample(codes, _SAMPLE))


def cells(full: bool) -> Iterator[Finding]:
    """Gaps and overlaps of the service cells in force, a line for each community that has any."""
    for code in _communities(full):
        outline = Area.objects.filter(code=code).values_list("geometry", flat=True).first()
        held = standing([code], timezone.localdate())
        if not outline or not len(held):
            continue
        plane = stretch(np.append(held.shapes, shapely.from_wkb(bytes(outline.wkb))))
        found = faults_of(plane[:-1], plane[-1])
        if found.total_m2 > SMALLEST:
            yield Finding(
                "cells",
                f"The cells of {code} gap or overlap by {found.total_m2:,.0f} m².",
                "repair its borders: /repair/",
            )


def media(_full: bool) -> Iterator[Finding]:
    photos = (name for model in (Attachment, PublicPhoto) for name in model.objects.values_list("name", flat=True))
    missing = sum(not (Path(settings.MEDIA_ROOT) / name).is_file() for name in _named_files())
    missing += sum(not photo_store.is_there(name) for name in photos)
    if missing:
        yield Finding("media", f"{missing} files that rows name are missing.", "restore a backup: it adds the files.")
    if orphans := clear_orphans(only_count=True):
        yield Finding("media", f"{orphans} photos that no row names are a day old.", "python3 manage.py up")


def _named_files() -> Iterator[str]:
    for model in apps.get_app_config("grid").get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField):
                yield from model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)

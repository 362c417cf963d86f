"""A case as the API tells it."""

from collections import defaultdict
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse

from gis.incidents.finding import this_second
from gis.incidents.incident import ENDED
from gis.incidents.workflow import allowed
from gis.models import Attachment, Category, Incident, Step
from web.api.reading import readable


def code_of(category: Category) -> str:
    return f"{category.kind}/{category.code}"


def category(one: Category) -> dict:
    return {
        "code": code_of(one),
        "name": one.name,
        "major": one.major,
        "urgent": one.urgent,
        "dispose_within": one.dispose_within,
        "dispose_unit": one.dispose_unit,
    }


def cases(request: HttpRequest, rows: list[Incident]) -> list[dict]:
    """What a list says of some cases. Those they were merged into are named where the token reads them too."""
    kept = {row.merged_into_id for row in rows} - {None}
    named = set(readable(request).filter(pk__in=kept).values_list("pk", flat=True)) if kept else set()
    now = this_second()
    return [case(row, row.merged_into_id in named, now) for row in rows]


def case(one: Incident, names_kept: bool, now: datetime) -> dict:
    """What a list says of a case. Nothing of whoever reported it: that is in a table of its own."""
    return {
        "number": one.number,
        "revision": one.revision,
        "state": one.state,
        "state_name": one.get_state_display(),
        "category": code_of(one.category),
        "category_name": one.terms.name,
        "description": one.description,
        "place": one.place,
        "longitude": round(one.position.x, 6),
        "latitude": round(one.position.y, 6),
        "area": one.area,
        "building": one.building.code if one.building else "",
        "component": one.component.code if one.component else "",
        "origin": one.origin,
        "department": one.department.code if one.department else "",
        "level": one.level,
        "urgent": one.urgent,
        "late": one.state not in ENDED and one.due_at is not None and one.due_at < now,
        "reported_at": one.reported_at,
        "due_at": one.due_at,
        "stage_due_at": one.stage_due_at,
        "suspended_at": one.suspended_at,
        "closed_at": one.closed_at,
        "merged_into": one.merged_into.number if names_kept else "",
        "url": reverse("incident", args=[one.number]),
    }


def whole_case(request: HttpRequest, one: Incident) -> dict:
    """A case with its steps, tasks and what the token may do with it now."""
    tasks = one.assignments.filter(ended=None).select_related("department", "handler")
    return cases(request, [one])[0] | {
        "steps": steps(one),
        "tasks": [_task(task) for task in tasks],
        "moves": [
            {"act": move.act, "name": move.name, "needs": sorted(move.needs)}
            for move in allowed(one, request.user, request.access)
            if not move.by_reporter
        ],
    }


def steps(one: Incident, among: tuple[str, ...] = ()) -> list[dict]:
    """The steps of a case, the first first; `among` some acts only."""
    photos: dict[int, list[dict]] = defaultdict(list)
    for photo in Attachment.objects.filter(incident=one):
        photos[photo.step_id].append(_photo(photo))
    taken = one.steps.select_related("actor", "department").order_by("at", "pk")
    if among:
        taken = taken.filter(act__in=among)
    return [_step(step, photos[step.pk]) for step in taken]


def _step(step: Step, photos: list[dict]) -> dict:
    return {
        "id": step.pk,
        "revision": step.revision,
        "act": step.act,
        "act_name": step.get_act_display(),
        "at": step.at,
        "before": step.before,
        "after": step.after,
        "by": step.actor.username if step.actor else "",
        "department": step.department.code if step.department else "",
        "note": step.note,
        "is_public": step.is_public,
        "photos": photos,
    }


def _task(task) -> dict:
    return {
        "department": task.department.code if task.department else "",
        "team": task.team,
        "handler": task.handler.username if task.handler else "",
        "lead": task.lead,
        "is_done": task.done_id is not None,
    }


def _photo(photo: Attachment) -> dict:
    return {
        "uuid": photo.uuid,
        "width": photo.width,
        "height": photo.height,
        "size": photo.size,
        "full": reverse("api:photo", args=[photo.uuid, "full"]),
        "small": reverse("api:photo", args=[photo.uuid, "small"]),
    }

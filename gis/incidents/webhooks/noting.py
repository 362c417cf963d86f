"""Noting, in the transaction of a step, whom to tell of it."""

from django.db.models import Q
from procrastinate.contrib.django import app

from gis.incidents.incident import Incident
from gis.incidents.mediation.opening import DISPUTES
from gis.incidents.step import Step
from gis.incidents.webhooks.webhook import Delivery, Webhook

#: The job that sends; it is defined in `web.tasks`.
JOB = "deliver_webhooks"


def note_step(incident: Incident, step: Step) -> None:
    """Write down the deliveries of a step, and a job for each webhook: all of it is undone with the step."""
    wanting = [hook.pk for hook in _listening(incident, step)]
    Delivery.objects.bulk_create([Delivery(webhook_id=pk, step=step) for pk in wanting], ignore_conflicts=True)
    for pk in wanting:
        ask_to_send(pk)


def ask_to_send(webhook: int) -> None:
    """Have the worker send what a webhook is owed; two jobs of one webhook never run at once."""
    app.configure_task(JOB, lock=f"webhook-{webhook}").defer(webhook_id=webhook)


def _listening(incident: Incident, step: Step) -> list[Webhook]:
    if incident.terms.major == DISPUTES:  # who quarrels with whom where is nobody's but theirs who handle it
        return []
    above = [incident.area[:length] for length in range(2, len(incident.area) + 1)]
    found = Webhook.objects.filter(is_active=True, area__in=above).filter(Q(acts=[]) | Q(acts__contains=[step.act]))
    concerned = {incident.department_id, step.department_id, *_given(incident)}
    return [hook for hook in found.only("pk", "department_id") if hook.department_id in {None, *concerned}]


def _given(incident: Incident) -> list[int | None]:
    return list(incident.assignments.values_list("department_id", flat=True))

"""Sending what is owed to webhooks: in order, with growing pauses where nobody answers, until it is taken or too old.

May be killed at any moment: a delivery is claimed for some minutes before it is sent, so that nobody sends it beside
us, and is sent again afterwards where we did not live to write down that it was taken.
"""

import json
import random
import time
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from gis.errors import WanggeError
from gis.incidents.webhooks.guarding import find_target
from gis.incidents.webhooks.posting import Answer, post
from gis.incidents.webhooks.signing import sign
from gis.incidents.webhooks.webhook import Delivery, DeliveryTry, Webhook

#: How long a delivery is ours once claimed: longer than any sending lasts.
_CLAIM = timedelta(minutes=2)
#: The first pause after a failure; each one more doubles it, up to the longest.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=4)
#: What nobody was there to take after so long is given up; and so is what was refused so often.
OLDEST = timedelta(days=3)
MOST_REFUSALS = 5
#: Deliveries are kept so long after they have ended.
KEPT = timedelta(days=30)
#: Seconds one run may take: the worker has other things to do.
_RUN = 20


def send_due(webhook: int | None = None, seconds: float = _RUN) -> int:
    """Send what is due, of one webhook or of all; how many were taken."""
    end, taken = time.monotonic() + seconds, 0
    while time.monotonic() < end and (delivery := _claim(webhook)):
        taken += _send(delivery)
    return taken


def redeliver(delivery: Delivery) -> None:
    """Send one again, at once, whatever became of it before."""
    Delivery.objects.filter(pk=delivery.pk).update(done_at=None, failed_at=None, next_at=timezone.now(), tries=0)
    Webhook.objects.filter(pk=delivery.webhook_id).update(failures=0, not_before=None)


def clear_old(now: datetime | None = None) -> int:
    """Drop the deliveries that ended long ago. Returns how many rows went."""
    old = Delivery.objects.filter(noted_at__lt=(now or timezone.now()) - KEPT - OLDEST)
    return old.exclude(done_at=None, failed_at=None).delete()[0]


def pause(failures: int) -> timedelta:
    """How long to leave an address in peace after so many failures in a row; never the same for two at once."""
    longest = min(FIRST_PAUSE * 2 ** min(failures - 1, 20), LONGEST_PAUSE)
    return longest * random.uniform(0.8, 1.2)  # noqa: S311 - nothing hangs on it


def body_of(delivery: Delivery) -> bytes:
    """What is told of a step. The same bytes at every try; no text, no person."""
    step = delivery.step
    incident = step.incident
    told = {
        "event": f"case.{step.act}",
        "delivery": str(delivery.uuid),
        "at": step.at.astimezone(UTC).isoformat(),
        "case": {
            "number": incident.number,
            "revision": step.revision,
            "before": step.before,
            "state": step.after,
            "category": f"{incident.category.kind}/{incident.category.code}",
            "area": incident.area,
            "department": step.department.code if step.department else "",
            "url": f"/api/v1/cases/{incident.number}",
        },
    }
    return json.dumps(told, ensure_ascii=False).encode()


def _claim(webhook: int | None) -> Delivery | None:
    """The next delivery that is due, ours for a while."""
    now = timezone.now()
    with transaction.atomic():
        due = Delivery.objects.due(now).select_for_update(of=("self",), skip_locked=True)
        if webhook is not None:
            due = due.filter(webhook=webhook)
        found = due.first()
        if found is None:
            return None
        Delivery.objects.filter(pk=found.pk).update(next_at=now + _CLAIM, tries=found.tries + 1)
    needed = ("webhook", "step__department", "step__incident__category")
    return Delivery.objects.select_related(*needed).get(pk=found.pk)


def _send(delivery: Delivery) -> bool:
    answer = _post(delivery)
    DeliveryTry.objects.create(
        delivery=delivery, status=answer.status, milliseconds=answer.milliseconds, trouble=answer.trouble[:200]
    )
    if answer.is_taken:
        _taken(delivery)
    elif answer.is_refused:
        _refused(delivery)
    else:
        _nobody(delivery)
    return answer.is_taken


def _post(delivery: Delivery) -> Answer:
    hook, body, now = delivery.webhook, body_of(delivery), int(time.time())
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Wangge-Webhook/1",
        "Wangge-Event": f"case.{delivery.step.act}",
        "Wangge-Delivery": str(delivery.uuid),
        "Wangge-Signature": sign(hook.key, body, now),
    }
    try:
        return post(find_target(hook.url), body, headers)
    except WanggeError as error:
        return Answer(0, 0, error.message)


def _taken(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(done_at=timezone.now())
    Webhook.objects.filter(pk=delivery.webhook_id).exclude(failures=0).update(failures=0, not_before=None)


def _refused(delivery: Delivery) -> None:
    """Somebody is there: the others need not wait for this one."""
    now = timezone.now()
    if delivery.tries >= MOST_REFUSALS:
        Delivery.objects.filter(pk=delivery.pk).update(failed_at=now)
    else:
        Delivery.objects.filter(pk=delivery.pk).update(next_at=now + pause(delivery.tries))


def _nobody(delivery: Delivery) -> None:
    """Nobody is there: all that is owed to the address waits, and one knock a pause is all it costs."""
    now, hook = timezone.now(), delivery.webhook
    wait = pause(hook.failures + 1)
    Webhook.objects.filter(pk=hook.pk).update(failures=hook.failures + 1, not_before=now + wait)
    if now - delivery.noted_at > OLDEST:
        Delivery.objects.filter(pk=delivery.pk).update(failed_at=now)
    else:
        Delivery.objects.filter(pk=delivery.pk).update(next_at=now + wait)

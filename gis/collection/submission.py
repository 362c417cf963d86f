"""What a phone wrote without signal, taken in exactly once.

A phone makes the UUID, keeps the text and sends it until it hears "stored". The answer may get lost after we stored,
so the same UUID with the same content is answered with the same outcome again, and nothing is done twice; with other
content it is refused. A kind's handler does its work in the transaction that records the submission: both or neither.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.errors import Conflict

#: A text older than this was not written then: the phone's clock jumped between writing and sending.
LONGEST_WAIT = timedelta(days=60)


class Submission(models.Model):
    """One thing sent from the field. Appended, never rewritten.

    `at` is when it was written, by our clock. `outcome` names what became of it (the number of a case, the id of a
    visit) and nothing of a person: whoever sent it gets it again.
    """

    uuid = models.UUIDField(unique=True)
    kind = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="submissions")
    at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    outcome = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.uuid)


@dataclass(frozen=True)
class Envelope:
    """Who sent what, and when it was written: what a handler may rely on beside the body."""

    uuid: UUID
    kind: str
    user: User
    access: Access
    at: datetime


@dataclass(frozen=True)
class Accepted:
    """`again`: it was stored before, by a request whose answer may never have arrived."""

    outcome: dict
    again: bool


def digest_of(kind: str, body: dict, files: Iterable[Iterable[bytes]]) -> str:
    """SHA-256 over kind, body and files (each in pieces); the order of keys does not matter, that of files does."""
    whole = hashlib.sha256(f"{kind}\0{json.dumps(body, sort_keys=True)}\0".encode())
    for pieces in files:
        one = hashlib.sha256()
        for piece in pieces:
            one.update(piece)
        whole.update(one.digest())
    return whole.hexdigest()


def written_at(received: datetime, written_ms: float, sent_ms: float) -> datetime:
    """When a text was written, by our clock: the phone's clock may be wrong, the time between its readings is not.

    `written_ms` and `sent_ms` are the phone's milliseconds since 1970. A clock that was set in between tells nothing:
    then it is the moment of receipt.
    """
    try:
        waited = timedelta(milliseconds=sent_ms - written_ms)
    except (OverflowError, ValueError):
        waited = -LONGEST_WAIT
    return received - waited if timedelta(0) <= waited <= LONGEST_WAIT else received


def accept(envelope: Envelope, digest: str, handle: Callable[[], dict]) -> Accepted:
    """Do what was sent and record it, in one transaction; what was recorded before is only answered again.

    Raises Conflict when the UUID came with other content (`theirs` is what is stored), and whatever `handle` refuses
    with: then nothing is stored and the same UUID may come again.
    """
    with transaction.atomic():
        _wait_for_others(envelope.uuid)
        stored = Submission.objects.filter(uuid=envelope.uuid).first()
        if stored:
            return Accepted(_same(stored, envelope, digest), again=True)
        outcome = handle()
        Submission.objects.create(
            uuid=envelope.uuid,
            kind=envelope.kind,
            digest=digest,
            by=envelope.user,
            at=envelope.at,
            outcome=outcome,
        )
        return Accepted(outcome, again=False)


def _same(stored: Submission, envelope: Envelope, digest: str) -> dict:
    if stored.by_id != envelope.user.pk:
        raise Conflict(_("这个编号已被别人使用。"), fix=_("请另存为新的一条再发送。"), theirs={})
    if stored.digest != digest:
        theirs = {"stored": stored.at.astimezone(UTC).isoformat(), "outcome": stored.outcome}
        raise Conflict(_("这一条此前已保存，内容与现在的不同。"), fix=_("请核对后保留一份。"), theirs=theirs)
    return stored.outcome


def _wait_for_others(uuid: UUID) -> None:
    """The same submission on two connections: the second waits until the first one's transaction has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [uuid.int % 2**63])

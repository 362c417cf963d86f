"""Deciding what anybody may read of an incident, and looking at what seems to point at a person."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope
from gis.accounts.users import User
from gis.errors import OutOfScope, Refused
from gis.incidents.incident import Incident
from gis.incidents.private_words import Finding, find_private, is_plain
from gis.incidents.publication import LONGEST, Publication
from gis.incidents.step import Step


@dataclass(frozen=True)
class Marked:
    """What somebody marks as public. `sure`: they have seen what seems private in it, and it is not."""

    text: str = ""
    result: str = ""
    hidden: bool = False
    sure: bool = False
    cleared: tuple[int, ...] = ()


@transaction.atomic
def publish(number: str, marked: Marked, *, user: User, access: Access) -> Publication:
    """Keep what anybody may read of an incident. Raises Refused where a text seems to name somebody, until it is said
    that it does not; OutOfScope for another's incident.
    """
    scope = access.which("commons.write")
    incident = Incident.objects.inside(scope).select_for_update().filter(number=number).first()
    if incident is None:
        raise OutOfScope("There is no such incident in scope.")
    text, result = _read("text", marked.text), _read("result", marked.result)
    if not marked.sure:
        _judge({"text": text, "result": result})
    public = incident.steps.filter(is_public=True, pk__in=marked.cleared).values_list("pk", flat=True)
    kept, _made = Publication.objects.update_or_create(
        incident=incident,
        defaults={
            "text": text, "result": result, "hidden": marked.hidden, "cleared": sorted(public), "by": user,
            "at": timezone.now(),
        },
    )  # fmt: skip
    return kept


def _read(field: str, text: str) -> str:
    kept = "".join(letter for letter in text.replace("\r\n", "\n") if letter.isprintable() or letter == "\n").strip()
    if len(kept) > LONGEST:
        raise Refused(
            _("公开的文字超过 %(most)d 个字。") % {"most": LONGEST},
            fix=_("请缩短。"),
            fields={field: _("请缩短。")},
        )
    return kept


def _judge(texts: dict[str, str]) -> None:
    found = {field: find_private(text) for field, text in texts.items()}
    wrong = {field: said(findings) for field, findings in found.items() if findings}
    if wrong:
        raise Refused(
            _("文字里可能有个人信息。"), fix=_("请改写；确认不涉及任何人的，勾选“已核对”后再保存。"), fields=wrong
        )


def said(findings: Iterable[Finding]) -> str:
    """What was found, in words: kind and place, for whoever has written it."""
    return "；".join(f"{finding.kind}：{finding.words}" for finding in findings)


def to_look_at(scope: Scope, most: int = 100) -> list[Step]:
    """The latest public notes that anybody would read if they did not seem to name somebody, and that nobody has looked
    at since."""
    steps = Step.objects.filter(scope.q("incident__area"), is_public=True, undone_by=None).exclude(note="")
    steps = steps.filter(incident__category__is_public=True).exclude(incident__publication__hidden=True)
    recent = steps.select_related("incident__category", "incident__publication").order_by("-at")[: 20 * most]
    waiting = [step for step in recent if not is_plain(step.note) and step.pk not in _cleared(step)]
    return waiting[:most]


def _cleared(step: Step) -> list[int]:
    publication = getattr(step.incident, "publication", None)
    return publication.cleared if publication else []

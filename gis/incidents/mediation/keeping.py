"""Writing the mediation of a case down. All of it inside `opening.opened`."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from gis.accounts.users import User
from gis.codes.entries import Code
from gis.errors import Conflict, Refused
from gis.incidents.incident import Incident
from gis.incidents.mediation.dispute import Dispute, DisputeMeeting, DisputeParty
from gis.people.sealing import open_seal, seal

#: What of a record may be written.
FIELDS = (
    "kind", "brief", "people", "mediator", "method", "outcome", "agreement", "agreed_on", "review_on", "review",
)  # fmt: skip


def usual_kind(incident: Incident) -> str:
    """The type of dispute that the category of a case stands for."""
    rows = Code.objects.filter(table="dispute", retired=False, details__category=incident.category.code)
    return rows.values_list("code", flat=True).first() or "other"


def keep_record(incident: Incident, told: dict, user: User, seen: int) -> Dispute:
    """Write the record. `seen`: the revision it was written upon, 0 for a new one.

    Raises Conflict when somebody else wrote meanwhile, Refused for what cannot stand; then nothing is written.
    """
    dispute = Dispute.objects.select_for_update(of=("self",)).filter(incident=incident).first()
    dispute = dispute or Dispute(incident=incident)
    if dispute.revision != seen:
        raise Conflict(
            _("别人刚才改过这份记录。"),
            fix=_("您写的还在下面，请对照后再保存。"),
            theirs={"revision": dispute.revision},
        )
    for name in FIELDS:
        setattr(dispute, name, told[name])
    dispute.revision, dispute.written_by = seen + 1, user
    _judge(dispute)
    dispute.save()
    return dispute


def _judge(dispute: Dispute) -> None:
    fields = _wrong(dispute)
    if not Code.objects.filter(table="dispute", code=dispute.kind).exists():
        fields["kind"] = _("没有这种纠纷类型。")
    if dispute.outcome == Dispute.Outcome.AGREED:
        if not dispute.agreed_on:
            fields["agreed_on"] = _("达成协议要写协议日期。")
        if not dispute.agreement.strip():
            fields["agreement"] = _("达成协议要写协议内容。")
    if dispute.review.strip() and not dispute.review_on:
        fields["review_on"] = _("写了回访情况，就要写回访日期。")
    _refuse(fields)


def add_party(dispute: Dispute, *, side: str, name: str, phone: str = "", note: str = "") -> DisputeParty:
    """One more who is part of it. Raises Refused."""
    phone = phone.strip()
    party = DisputeParty(dispute=dispute, side=side, name=name.strip(), note=note.strip())
    fields = _wrong(party)
    if phone and not (5 <= sum(sign.isdigit() for sign in phone) <= 20 and len(phone) <= 30):
        fields["phone"] = _("这不像电话号码。")
    _refuse(fields)
    party.phone_sealed = seal(phone) if phone else None
    party.save()
    return party


def phone_of(party: DisputeParty) -> str:
    return open_seal(party.phone_sealed) if party.phone_sealed else ""


def add_meeting(dispute: Dispute, user: User, **told) -> DisputeMeeting:
    """One more sitting: at, place, attended, summary. Raises Refused."""
    meeting = DisputeMeeting(dispute=dispute, written_by=user, **told)
    _refuse(_wrong(meeting))
    meeting.save()
    return meeting


def _wrong(row: models.Model) -> dict[str, str]:
    """What the columns themselves do not take, by field."""
    long = [field for field in row._meta.concrete_fields if isinstance(field, models.TextField) and field.max_length]
    wrong = {
        field.name: _("最多 %(most)d 个字。") % {"most": field.max_length}
        for field in long
        if len(getattr(row, field.name)) > field.max_length  # a text of the database has no end
    }
    try:
        row.clean_fields(exclude={"incident", "dispute", "written_by"})
    except ValidationError as error:
        wrong |= {name: " ".join(texts) for name, texts in error.message_dict.items()}
    return wrong


def _refuse(fields: dict[str, str]) -> None:
    if fields:
        raise Refused(_("有几项还不能保存。"), fix=_("请改正标出的各项。"), fields=fields)

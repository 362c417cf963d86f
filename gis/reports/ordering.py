"""Ordering, ending and clearing away reports. Each act is written down with the change it makes."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.users import User
from gis.errors import WanggeError
from gis.reports.report import AT_WORK, MOST_AT_WORK, Report, ReportAct, Stage

What = ReportAct.What


@transaction.atomic
def order_report(owner: User, **facts) -> Report:
    """A new report that waits to be made. Raises WanggeError while too many of the owner's are waiting."""
    User.objects.select_for_update().get(pk=owner.pk)  # two orders at once are counted one after the other
    if Report.objects.of(owner).at_work().count() >= MOST_AT_WORK:
        raise WanggeError(
            _("您已有 %(n)s 份报表在制作。") % {"n": MOST_AT_WORK}, fix=_("请等其中一份完成，或取消一份。")
        )
    report = Report.objects.create(owner=owner, **facts)
    note(report, What.ORDERED, owner)
    return report


@transaction.atomic
def cancel_report(report: Report, actor: User) -> bool:
    """Stop a report that is not finished. False when it had ended already."""
    changed = Report.objects.filter(pk=report.pk, stage__in=AT_WORK).update(
        stage=Stage.CANCELLED, ended_at=timezone.now()
    )
    if changed:
        note(report, What.CANCELLED, actor)
    return bool(changed)


def delete_file(report: Report, actor: User | None) -> None:
    """Remove the file; the row stays as the record of it."""
    with transaction.atomic():
        changed = Report.objects.filter(pk=report.pk, stage=Stage.DONE).update(stage=Stage.EXPIRED, file="", size=0)
        if changed:
            note(report, What.DELETED, actor)
    if changed and report.file:
        report.file.storage.delete(report.file.name)


def clear_outlived() -> int:
    """Delete the files that have been kept long enough. Safe to run again. Returns how many."""
    outlived = list(Report.objects.outlived(timezone.now()))
    for report in outlived:
        delete_file(report, None)
    return len(outlived)


def note(report: Report, what: str, actor: User | None) -> None:
    ReportAct.objects.create(report=report, what=what, actor=actor)

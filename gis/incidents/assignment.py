"""Who has a case to deal with: departments, a team (those who work in an area), by name where one is asked for."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from gis.accounts.departments import Department
from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.columns import CodeField
from gis.incidents.incident import Incident
from gis.incidents.step import Step


class Assignment(models.Model):
    """One department or team that has a case, from one step to another. One of them leads and answers for all.

    `done` is the step in which a department that helps said it has done its part, `ended` the one that took the case
    from it again.
    """

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="assignments", verbose_name=_("事件"))
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name=_("部门"))
    team = CodeField(_("队伍辖区代码"), max_length=15, blank=True)
    handler = models.ForeignKey(User, models.PROTECT, null=True, blank=True, verbose_name=_("经办人"))
    lead = models.BooleanField(_("牵头"), default=True)
    since = models.ForeignKey(Step, models.CASCADE, related_name="assigned")
    done = models.ForeignKey(Step, models.CASCADE, null=True, blank=True, related_name="finished")
    ended = models.ForeignKey(Step, models.CASCADE, null=True, blank=True, related_name="released")

    class Meta:
        verbose_name = _("承办")
        verbose_name_plural = _("承办")
        ordering = ["-lead", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(department__isnull=False, team="")
                | Q(department__isnull=True, team__regex=r"^[0-9]{6,15}$"),
                name="assignment_to_department_or_team",
            ),
            models.UniqueConstraint(
                fields=["incident"], condition=Q(lead=True, ended=None), name="assignment_one_leads"
            ),
        ]
        indexes = [
            # what my department has in hand
            models.Index(fields=["department", "incident"], condition=Q(ended=None), name="assignment_of_department"),
            # what my team has in hand
            models.Index(fields=["team", "incident"], condition=Q(ended=None) & ~Q(team=""), name="assignment_of_team"),
        ]

    def __str__(self) -> str:
        return f"assignment {self.pk}"

    def is_of(self, user: User, access: Access) -> bool:
        """Whether somebody deals with it: by name, as one of the department, or as one who works in the team's area."""
        if self.handler_id == user.pk or (self.department_id and self.department_id == user.department_id):
            return True
        return bool(self.team) and access.which("case.dispose").touches(self.team)


def in_hand(user: User, access: Access) -> Exists:
    """The cases that somebody has to deal with now, as a condition: `is_of` for a queryset."""
    mine = Q(handler=user)
    if user.department_id:
        mine |= Q(department=user.department_id)
    for code in access.which("case.dispose").areas:
        above = [code[:length] for length in (6, 9, 12) if length < len(code)]
        mine |= Q(team__gte=code, team__lt=code + ":") | Q(team__in=above)
    held = Assignment.objects.filter(mine, incident=OuterRef("pk"), ended=None, done=None)
    return Exists(held)

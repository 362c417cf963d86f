"""What administrators have done: read-only, and appended to by every change on these pages."""

from django.contrib.admin import display, register
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gis.accounts.scope import Scope
from gis.models import User
from web.administration.in_scope import ReadOnlyAdministration
from web.administration.postings import users_inside
from web.administration.site import site


@register(LogEntry, site=site)
class RecordAdministration(ReadOnlyAdministration):
    list_display = ["action_time", "user", "content_type", "object_repr", "said"]
    list_display_links = None
    list_filter = ["action_flag"]
    list_select_related = ["user", "content_type"]
    date_hierarchy = "action_time"
    search_fields = ["user__username", "object_repr"]

    def visible(self, rows: QuerySet, scope: Scope) -> QuerySet:
        return rows.filter(user__in=users_inside(User.objects.all(), scope))

    @display(description=_("更改"))
    def said(self, entry: LogEntry) -> str:
        return entry.get_change_message()

from django.db import models
from django.utils.translation import gettext_lazy as _

from gis.accounts.users import User
from gis.columns import SealedField


class SavedFilter(models.Model):
    """A filter of incidents that someone keeps under a name. Theirs alone, and worth what their scope is worth then.

    Words searched for may name a person: they are sealed, as in a session.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("名称"), max_length=40)
    query = models.TextField()
    words = SealedField(default=bytes)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_filter_once_per_name")]

    def __str__(self) -> str:
        return f"filter {self.pk}"  # a name may be a person's

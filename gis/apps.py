from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridConfig(AppConfig):
    """The domain: what is true. The label is "grid" because "gis" belongs to django.contrib.gis."""

    name = "gis"
    label = "grid"
    verbose_name = _("网格")
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig


class LayersConfig(AppConfig):
    """What the map shows of the domain. Reads only."""

    name = "layers"

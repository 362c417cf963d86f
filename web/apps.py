from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "web"

    def ready(self) -> None:
        import web.administration  # noqa: F401 - registers the administrator's pages

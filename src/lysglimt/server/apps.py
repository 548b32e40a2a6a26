from django.apps import AppConfig


class ServerConfig(AppConfig):
    name = "lysglimt.server"
    label = "server"

    def ready(self) -> None:
        from . import checks  # noqa: F401, PLC0415 - Django's checks register when they are imported

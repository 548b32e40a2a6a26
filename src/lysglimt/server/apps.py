from django.apps import AppConfig
from django.core.checks import register

from .checks import CHECKS


class ServerConfig(AppConfig):
    name = "lysglimt.server"
    label = "server"

    def ready(self) -> None:
        for check in CHECKS:
            register(check, "clinic")

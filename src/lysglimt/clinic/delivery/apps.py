from importlib import import_module

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "lysglimt.clinic.delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module(f"{self.name}.joining").join()

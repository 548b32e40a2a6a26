from django.apps import AppConfig


class SealingConfig(AppConfig):
    name = "lysglimt.clinic.sealing"
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig


class SuicidalityConfig(AppConfig):
    name = "lysglimt.clinic.suicidality"
    default_auto_field = "django.db.models.BigAutoField"

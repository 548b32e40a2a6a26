from django.apps import AppConfig


class ChairsideConfig(AppConfig):
    name = "lysglimt.clinic.chairside"
    default_auto_field = "django.db.models.BigAutoField"

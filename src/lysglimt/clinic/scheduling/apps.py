from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "lysglimt.clinic.scheduling"
    default_auto_field = "django.db.models.BigAutoField"

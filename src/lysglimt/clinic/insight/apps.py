from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "lysglimt.clinic.insight"
    default_auto_field = "django.db.models.BigAutoField"

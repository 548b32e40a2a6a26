from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    name = "lysglimt.clinic.questionnaires"
    default_auto_field = "django.db.models.BigAutoField"

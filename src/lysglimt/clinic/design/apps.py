from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "lysglimt.clinic.design"
    label = "design"

from django.apps import AppConfig


class MedicinesConfig(AppConfig):
    name = "lysglimt.clinic.medicines"
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig


class ReferralConfig(AppConfig):
    name = "lysglimt.clinic.referral"
    default_auto_field = "django.db.models.BigAutoField"

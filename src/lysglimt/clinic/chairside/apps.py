from django.apps import AppConfig


class ChairsideConfig(AppConfig):
    name = "lysglimt.clinic.chairside"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lysglimt.clinic.treatment import chair  # noqa: PLC0415 - it imports models, which Django refuses before every app is loaded
        from lysglimt.clinic.treatment import gone as of_task  # noqa: PLC0415 - so does this

        from .beside_task import at_the_chair  # noqa: PLC0415 - and this
        from .gone import gone_of_task  # noqa: PLC0415 - and this

        of_task.LOOKED.append(gone_of_task)
        chair.ASKED.append(at_the_chair)

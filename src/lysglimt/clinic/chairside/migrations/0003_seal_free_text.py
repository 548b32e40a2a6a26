from django.db import migrations

from lysglimt.clinic.audit.migrations._sealing_columns import SealColumns
from lysglimt.clinic.sealing.fields import SealedJSON, SealedText


class Migration(migrations.Migration):

    dependencies = [
        ("chairside", "0002_append_only"),
        ("sealing", "0001_initial"),
    ]

    operations = [
        SealColumns(
            ChairEvent={
                "amount": SealedText(blank=True),
                "comment": SealedText(blank=True),
                "reason": SealedText(blank=True),
            },
            DischargeRecord={
                "deviation": SealedText(blank=True),
                "escort_name": SealedText(blank=True),
                "escort_telephone": SealedText(blank=True),
                "reason": SealedText(blank=True),
            },
            PreparationCheck={
                "reason": SealedText(blank=True),
            },
            PumpEvent={
                "comment": SealedText(blank=True),
                "reason": SealedText(blank=True),
            },
            SessionOrder={
                "overrides": SealedJSON(blank=True, default=list),
                "reason": SealedText(blank=True),
            },
            StartGateRecord={
                "override_reason": SealedText(blank=True),
                "reason": SealedText(blank=True),
            },
            VitalSet={
                "comment": SealedText(blank=True),
                "not_measured": SealedJSON(blank=True, default=dict),
                "reason": SealedText(blank=True),
            },
        ),
    ]

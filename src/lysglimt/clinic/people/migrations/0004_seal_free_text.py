from django.db import migrations

from lysglimt.clinic.audit.migrations._sealing_columns import SealAnew, SealColumns
from lysglimt.clinic.sealing.fields import SealedText


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0003_blocks_and_emergencies"),
        ("sealing", "0001_initial"),
    ]

    operations = [
        SealColumns(
            DecisionSupportStatement={
                "reason": SealedText(blank=True),
            },
            PatientDetails={
                "reason": SealedText(blank=True),
            },
            Relative={
                "reason": SealedText(blank=True),
            },
        ),
        SealAnew("Patient", "particulars_sealed", by=("id",)),
        SealAnew("PatientDetails", "sealed", by=("entry", "revision")),
        SealAnew("Relative", "sealed", by=("entry", "revision")),
        SealAnew("KeptForm", "sealed", by=("id",)),
    ]

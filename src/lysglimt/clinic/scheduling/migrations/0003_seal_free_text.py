from django.db import migrations

from lysglimt.clinic.audit.migrations._sealing_columns import SealColumns
from lysglimt.clinic.sealing.fields import SealedText


class Migration(migrations.Migration):

    dependencies = [
        ("scheduling", "0002_append_only"),
        ("sealing", "0001_initial"),
    ]

    operations = [
        SealColumns(
            Appointment={
                "reason": SealedText(blank=True),
            },
        ),
    ]

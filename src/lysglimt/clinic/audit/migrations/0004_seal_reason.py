from django.db import migrations

from lysglimt.clinic.audit.migrations._sealing_columns import SealColumns
from lysglimt.clinic.sealing.fields import SealedText


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0003_chain"),
        ("sealing", "0001_initial"),
    ]

    operations = [
        SealColumns(
            Event={
                "reason": SealedText(blank=True, by=("operation", "subject", "after_digest")),
            },
        ),
    ]

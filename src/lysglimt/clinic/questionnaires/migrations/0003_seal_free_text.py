from django.db import migrations

from lysglimt.clinic.audit.migrations._sealing_columns import SealColumns
from lysglimt.clinic.sealing.fields import SealedJSON, SealedText


class Migration(migrations.Migration):

    dependencies = [
        ("questionnaires", "0002_append_only"),
        ("sealing", "0001_initial"),
    ]

    operations = [
        SealColumns(
            RatingDraft={
                "typed": SealedJSON(by=("rater_id", "patient_id", "instrument"), default=dict),
            },
            WordingPack={
                "reason": SealedText(blank=True),
            },
        ),
    ]

from django.db import migrations

from lysglimt.clinic.audit.append_only import AppendOnly
from lysglimt.clinic.sealing.fields import SealedText


class Migration(migrations.Migration):

    dependencies = [
        ("chairside", "0004_who_answered_for_what"),
    ]

    operations = [
        migrations.AddField(
            model_name="sessionorder",
            name="weight_reason",
            field=SealedText(blank=True),
        ),
        AppendOnly("SessionOrder"),
    ]

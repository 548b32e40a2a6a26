from django.db import migrations, models

from lysglimt.clinic.audit.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('chairside', '0017_doctor_came'),
    ]

    operations = [
        migrations.AddField(
            model_name='overdueseen',
            name='taken',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AppendOnly("OverdueSeen"),
        migrations.AddIndex(
            model_name='setaside',
            index=models.Index(fields=['unit', 'sender', 'received_at'], name='set_aside_by_sender'),
        ),
    ]

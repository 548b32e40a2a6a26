from django.db import migrations, models

from lysglimt.clinic.audit.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('chairside', '0012_nasal_devices'),
    ]

    operations = [
        migrations.AddField(
            model_name='waste',
            name='returned',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        AppendOnly("Waste"),
    ]

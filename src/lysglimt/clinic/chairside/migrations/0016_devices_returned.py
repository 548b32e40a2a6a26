from django.db import migrations, models

from lysglimt.clinic.audit.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('chairside', '0015_typed_without_the_network'),
    ]

    operations = [
        migrations.AddField(
            model_name='waste',
            name='returned',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        AppendOnly("Waste"),
    ]

from django.db import migrations, models

from lysglimt.clinic.audit.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ("treatment", "0005_weight_basis_body"),
    ]

    operations = [
        migrations.AddField(
            model_name="rating",
            name="window",
            field=models.CharField(blank=True, max_length=24),
        ),
        AppendOnly("Rating"),
    ]

from django.db import migrations, models
from django.utils import timezone

from lysglimt.clinic.sealing.keyring import new_data_key


def make_the_first(apps, schema_editor):
    new_data_key(timezone.now(), apps.get_model("sealing", "DataKey")).save(
        using=schema_editor.connection.alias
    )


class Migration(migrations.Migration):

    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DataKey",
            fields=[
                ("id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("made_under", models.CharField(max_length=63)),
                ("wrapped_by", models.CharField(max_length=63)),
                ("wrapped", models.BinaryField()),
            ],
        ),
        migrations.RunPython(make_the_first, migrations.RunPython.noop),
    ]

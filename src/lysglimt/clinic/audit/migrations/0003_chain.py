from django.db import migrations, models

from lysglimt.clinic.audit.append_only import AppendOnly

GUARDED = ("event", "read")
SAID = {"authorisation": 20, "department": 100, "entity_number": 9}


def find_patients(apps, schema_editor):
    """Who has seen this patient? PostgreSQL looks it up; SQLite, of one clinic, reads along."""
    if schema_editor.connection.vendor == "postgresql":
        for kind in GUARDED:
            schema_editor.execute(
                f"CREATE INDEX audit_{kind}_patients ON audit_{kind} "
                "USING gin (patients jsonb_path_ops)"
            )


def forget(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for kind in GUARDED:
            schema_editor.execute(f"DROP INDEX audit_{kind}_patients")


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0002_append_only"),
    ]

    operations = [
        *(
            migrations.AddField(
                model_name=kind,
                name=name,
                field=models.CharField(blank=True, default="", max_length=length),
                preserve_default=False,
            )
            for kind in GUARDED
            for name, length in SAID.items()
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("seq", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("event", "event"), ("read", "read")], max_length=5)),
                ("row", models.PositiveBigIntegerField()),
                ("form", models.PositiveSmallIntegerField()),
                ("row_digest", models.CharField(max_length=64)),
                ("previous", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "row"), name="audit_link_one_a_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("seq", models.PositiveBigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("key_id", models.CharField(max_length=16)),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("mac", models.CharField(max_length=64)),
            ],
        ),
        migrations.RunPython(find_patients, forget),
        AppendOnly("Event"),
        AppendOnly("Read"),
        AppendOnly("Link"),
        AppendOnly("Seal"),
    ]

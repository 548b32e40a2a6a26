from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('actor', models.CharField(max_length=150)),
                ('actor_name', models.CharField(blank=True, max_length=150)),
                ('role', models.CharField(blank=True, max_length=20)),
                ('hpr_number', models.CharField(blank=True, max_length=9)),
                ('unit', models.CharField(blank=True, max_length=36)),
                ('entity', models.CharField(blank=True, max_length=36)),
                ('operation', models.CharField(max_length=60)),
                ('purpose', models.CharField(blank=True, max_length=40)),
                ('decision', models.CharField(blank=True, max_length=120)),
                ('patients', models.JSONField(default=list)),
                ('category', models.CharField(blank=True, max_length=40)),
                ('origin', models.CharField(max_length=20)),
                ('request_id', models.CharField(blank=True, max_length=64)),
                ('subject', models.CharField(blank=True, max_length=100)),
                ('before_digest', models.CharField(blank=True, max_length=64)),
                ('after_digest', models.CharField(blank=True, max_length=64)),
                ('reason', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Read',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('actor', models.CharField(max_length=150)),
                ('actor_name', models.CharField(blank=True, max_length=150)),
                ('role', models.CharField(blank=True, max_length=20)),
                ('hpr_number', models.CharField(blank=True, max_length=9)),
                ('unit', models.CharField(blank=True, max_length=36)),
                ('entity', models.CharField(blank=True, max_length=36)),
                ('operation', models.CharField(max_length=60)),
                ('purpose', models.CharField(blank=True, max_length=40)),
                ('decision', models.CharField(blank=True, max_length=120)),
                ('patients', models.JSONField(default=list)),
                ('category', models.CharField(blank=True, max_length=40)),
                ('origin', models.CharField(max_length=20)),
                ('request_id', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'abstract': False,
            },
        ),
    ]

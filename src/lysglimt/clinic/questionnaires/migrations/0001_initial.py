import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='RatingDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('instrument', models.SlugField(max_length=40)),
                ('typed', models.JSONField(default=dict)),
                ('saved_at', models.DateTimeField()),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rating_drafts', to='people.patient')),
                ('rater', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('rater', 'patient', 'instrument'), name='rating_draft_one_a_rater_patient_and_instrument')],
            },
        ),
        migrations.CreateModel(
            name='WordingPack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.UUIDField(default=uuid.uuid4)),
                ('revision', models.PositiveSmallIntegerField(default=1)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('withdrawn', models.BooleanField(default=False)),
                ('happened_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('instrument', models.SlugField(max_length=40)),
                ('instrument_version', models.CharField(max_length=16)),
                ('language', models.CharField(max_length=8)),
                ('sha256', models.CharField(max_length=64)),
                ('questionnaire', models.JSONField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.legalentity')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('entry', 'revision'), name='questionnaires_wordingpack_one_row_a_revision'), models.CheckConstraint(condition=models.Q(('revision__gte', 1)), name='questionnaires_wordingpack_first_revision_is_1'), models.CheckConstraint(condition=models.Q(('revision', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='questionnaires_wordingpack_correction_has_a_reason'), models.CheckConstraint(condition=models.Q(('withdrawn', False), ('revision__gt', 1), _connector='OR'), name='questionnaires_wordingpack_withdrawal_is_a_correction'), models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='wording_pack_has_a_checksum'), models.UniqueConstraint(condition=models.Q(('revision', 1)), fields=('entity', 'instrument', 'language', 'sha256'), name='wording_pack_is_loaded_once')],
            },
        ),
    ]

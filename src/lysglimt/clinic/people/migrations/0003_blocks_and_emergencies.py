import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from lysglimt.clinic.audit.append_only import AppendOnly
from lysglimt.clinic.sealing.fields import SealedText


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_append_only'),
        ('sealing', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='EmergencyAccess',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reason', SealedText(by=('id',))),
                ('opened_at', models.DateTimeField()),
                ('until', models.DateTimeField(db_index=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='emergencies', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.patient')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), ('until__gt', models.F('opened_at'))), name='emergency_has_a_reason_and_an_end')],
            },
        ),
        migrations.CreateModel(
            name='EmergencyEnd',
            fields=[
                ('access', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='ending', serialize=False, to='people.emergencyaccess')),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.UUIDField(default=uuid.uuid4)),
                ('revision', models.PositiveSmallIntegerField(default=1)),
                ('reason', SealedText(blank=True)),
                ('withdrawn', models.BooleanField(default=False)),
                ('happened_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('chapter', models.CharField(blank=True, choices=[('ratings', 'ratings'), ('history', 'history'), ('sessions', 'sessions')], max_length=10)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='blocks', to='people.patient')),
                ('staff', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='blocks', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('entry', 'revision'), name='people_block_one_row_a_revision'), models.CheckConstraint(condition=models.Q(('revision__gte', 1)), name='people_block_first_revision_is_1'), models.CheckConstraint(condition=models.Q(('revision', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='people_block_correction_has_a_reason'), models.CheckConstraint(condition=models.Q(('withdrawn', False), ('revision__gt', 1), _connector='OR'), name='people_block_withdrawal_is_a_correction'), models.CheckConstraint(condition=models.Q(('staff__isnull', False), models.Q(('chapter', ''), _negated=True), _connector='OR'), name='block_is_of_somebody_or_of_something'), models.CheckConstraint(condition=models.Q(('chapter', ''), ('chapter__in', ['ratings', 'history', 'sessions']), _connector='OR'), name='block_of_a_known_chapter')],
            },
        ),
        migrations.CreateModel(
            name='EmergencyReview',
            fields=[
                ('access', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='review', serialize=False, to='people.emergencyaccess')),
                ('at', models.DateTimeField()),
                ('note', SealedText(by=('access_id',))),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='review_says_what_was_found')],
            },
        ),
        AppendOnly("Block"),
        AppendOnly("EmergencyAccess"),
        AppendOnly("EmergencyEnd"),
        AppendOnly("EmergencyReview"),
    ]

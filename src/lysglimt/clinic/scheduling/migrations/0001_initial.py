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
            name='Chair',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'name'), name='chair_one_name_a_unit')],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.UUIDField(default=uuid.uuid4)),
                ('revision', models.PositiveSmallIntegerField(default=1)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('withdrawn', models.BooleanField(default=False)),
                ('happened_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('assessment', 'Assessment'), ('session', 'Session'), ('evaluation', 'Evaluation'), ('therapy', 'Therapy'), ('follow_up', 'Follow_Up')], max_length=16)),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('kept', 'Kept'), ('no_show', 'No_Show'), ('cancelled', 'Cancelled')], default='planned', max_length=16)),
                ('course', models.UUIDField(blank=True, db_index=True, null=True)),
                ('starts_at', models.DateTimeField(db_index=True)),
                ('ends_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='people.patient')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('chair', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='scheduling.chair')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('entry', 'revision'), name='scheduling_appointment_one_row_a_revision'), models.CheckConstraint(condition=models.Q(('revision__gte', 1)), name='scheduling_appointment_first_revision_is_1'), models.CheckConstraint(condition=models.Q(('revision', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='scheduling_appointment_correction_has_a_reason'), models.CheckConstraint(condition=models.Q(('withdrawn', False), ('revision__gt', 1), _connector='OR'), name='scheduling_appointment_withdrawal_is_a_correction'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='appointment_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('kind__in', ['assessment', 'session', 'evaluation', 'therapy', 'follow_up'])), name='appointment_has_a_known_kind'), models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'kept', 'no_show', 'cancelled'])), name='appointment_has_a_known_state')],
            },
        ),
    ]

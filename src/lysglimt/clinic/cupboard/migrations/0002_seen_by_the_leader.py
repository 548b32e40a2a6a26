from django.db import migrations, models

from lysglimt.clinic.audit.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('cupboard', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='discrepancystep',
            name='discrepancy_step_is_a_known_act',
        ),
        migrations.AddConstraint(
            model_name='discrepancystep',
            constraint=models.CheckConstraint(condition=models.Q(('act__in', ['overridden', 'settled', 'seen']), models.Q(('words', ''), _negated=True)), name='discrepancy_step_is_a_known_act'),
        ),
        # SQLite makes the table anew, without its triggers.
        AppendOnly("DiscrepancyStep"),
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lysglimt.clinic.audit.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('exposure', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='holdlifted',
            name='second',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='holdlifted',
            constraint=models.CheckConstraint(condition=models.Q(('second__isnull', True), models.Q(('second', models.F('by')), _negated=True), _connector='OR'), name='hold_lifted_by_another_doctor_too'),
        ),
        # SQLite makes the table anew, without its triggers.
        AppendOnly("HoldLifted"),
    ]

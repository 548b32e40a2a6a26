from django.db import migrations, models

from lysglimt.clinic.audit.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('chairside', '0016_devices_returned'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='chairevent',
            name='chair_event_is_of_a_known_kind',
        ),
        migrations.AddConstraint(
            model_name='chairevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['nausea', 'vomiting', 'anxiety', 'headache', 'dizziness', 'dissociation', 'reassurance', 'doctor_called', 'doctor_came', 'drug_given', 'oxygen', 'new_intent', 'check_pending', 'check_signed', 'other'])), name='chair_event_is_of_a_known_kind'),
        ),
        AppendOnly("ChairEvent"),
    ]

from django.db import migrations

from lysglimt.clinic.audit.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        AppendOnly("PatientDetails"),
        AppendOnly("Relative"),
        AppendOnly("DecisionSupportStatement"),
    ]

from django.db import migrations

from lysglimt.clinic.audit.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ("chairside", "0001_initial"),
    ]

    operations = [
        AppendOnly("Session"),
        AppendOnly("DischargeRecord"),
        AppendOnly("DischargeSignature"),
        AppendOnly("PumpEvent"),
        AppendOnly("ChairEvent"),
        AppendOnly("SessionOrder"),
        AppendOnly("OrderSignature"),
        AppendOnly("PreparationCheck"),
        AppendOnly("StartGateRecord"),
        AppendOnly("VitalSet"),
    ]

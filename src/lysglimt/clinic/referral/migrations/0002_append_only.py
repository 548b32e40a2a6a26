from django.db import migrations

from lysglimt.clinic.audit.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ("referral", "0001_initial"),
    ]

    operations = [
        AppendOnly("PolicyConditions"),
        AppendOnly("TreatmentTrial"),
        AppendOnly("StimulationSeries"),
        AppendOnly("Diagnosis"),
        AppendOnly("Medicine"),
        AppendOnly("Referral"),
        AppendOnly("ReferralLetter"),
        AppendOnly("Assessment"),
        AppendOnly("EligibilityDecision"),
        AppendOnly("Override"),
        AppendOnly("SecondSignature"),
        AppendOnly("Refusal"),
        AppendOnly("WaitingContact"),
        AppendOnly("ContactMade"),
    ]

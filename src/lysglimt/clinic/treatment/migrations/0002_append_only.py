from django.db import migrations

from lysglimt.clinic.audit.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ("treatment", "0001_initial"),
    ]

    operations = [
        AppendOnly("Consent"),
        AppendOnly("ConsentWithdrawal"),
        AppendOnly("WorkUpResult"),
        AppendOnly("ProtocolApproval"),
        AppendOnly("Course"),
        AppendOnly("WeightBasis"),
        AppendOnly("CourseDecision"),
        AppendOnly("SessionGiven"),
        AppendOnly("StopTrigger"),
        AppendOnly("CoursePause"),
        AppendOnly("Rating"),
        AppendOnly("Registration"),
        AppendOnly("SafetyTask"),
        AppendOnly("TaskAddition"),
        AppendOnly("TaskAcknowledgement"),
    ]

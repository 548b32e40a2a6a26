from django.db import migrations, models

from lysglimt.clinic.audit.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ("treatment", "0007_a_doctors_assessment_as_told"),
    ]

    operations = [
        migrations.AddField(
            model_name="reportedassessment",
            name="treat_today",
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="taskacknowledgement",
            name="treat_today",
            field=models.BooleanField(blank=True, null=True),
        ),
        AppendOnly("ReportedAssessment"),
        AppendOnly("TaskAcknowledgement"),
    ]

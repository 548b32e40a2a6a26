from django.db import migrations

from lysglimt.clinic.audit.migrations._sealing_columns import SealColumns
from lysglimt.clinic.sealing.fields import SealedText


class Migration(migrations.Migration):

    dependencies = [
        ("treatment", "0002_append_only"),
        ("sealing", "0001_initial"),
    ]

    operations = [
        SealColumns(
            Consent={
                "reason": SealedText(blank=True),
            },
            ConsentWithdrawal={
                "note": SealedText(blank=True),
                "reason": SealedText(blank=True),
            },
            Course={
                "deviation": SealedText(blank=True, by=("id",)),
            },
            CourseDecision={
                "deviation": SealedText(blank=True),
                "goals": SealedText(blank=True),
                "reason": SealedText(blank=True),
            },
            CoursePause={
                "reason": SealedText(blank=True),
                "why": SealedText(),
            },
            ProtocolApproval={
                "comment": SealedText(blank=True),
                "reason": SealedText(blank=True),
            },
            Rating={
                "reason": SealedText(blank=True),
            },
            Registration={
                "decision_grounds": SealedText(blank=True),
                "reason": SealedText(blank=True),
                "study": SealedText(blank=True),
            },
            SessionGiven={
                "ended_early": SealedText(blank=True),
                "reason": SealedText(blank=True),
            },
            StopTrigger={
                "note": SealedText(blank=True),
                "reason": SealedText(blank=True),
            },
            TaskAcknowledgement={
                "action_taken": SealedText(by=("task_id",)),
            },
            WeightBasis={
                "grounds": SealedText(blank=True),
                "reason": SealedText(blank=True),
            },
            WorkUpResult={
                "reason": SealedText(blank=True),
                "text": SealedText(blank=True),
            },
        ),
    ]

from django.db import migrations

from lysglimt.clinic.audit.migrations._sealing_columns import SealColumns
from lysglimt.clinic.sealing.fields import SealedText


class Migration(migrations.Migration):

    dependencies = [
        ("referral", "0002_append_only"),
        ("sealing", "0001_initial"),
    ]

    operations = [
        SealColumns(
            Assessment={
                "reason": SealedText(blank=True),
            },
            ContactMade={
                "note": SealedText(blank=True),
                "reason": SealedText(blank=True),
            },
            Diagnosis={
                "comment": SealedText(blank=True),
                "reason": SealedText(blank=True),
            },
            EligibilityDecision={
                "grounds": SealedText(blank=True),
                "reason": SealedText(blank=True),
            },
            Medicine={
                "name": SealedText(blank=True),
                "reason": SealedText(blank=True),
            },
            Override={
                "reason": SealedText(by=("decision_id", "criterion")),
            },
            PolicyConditions={
                "reason": SealedText(blank=True),
            },
            ReferralLetter={
                "question": SealedText(blank=True),
                "reason": SealedText(blank=True),
                "sender_name": SealedText(),
            },
            Refusal={
                "complaint_route": SealedText(),
                "grounds": SealedText(),
                "plan": SealedText(),
                "reason": SealedText(blank=True),
            },
            StimulationSeries={
                "reason": SealedText(blank=True),
            },
            TreatmentTrial={
                "comment": SealedText(blank=True),
                "reason": SealedText(blank=True),
            },
            WaitingContact={
                "reason": SealedText(blank=True),
            },
        ),
    ]

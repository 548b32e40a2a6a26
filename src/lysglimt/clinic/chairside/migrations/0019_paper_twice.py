from django.db import migrations

from lysglimt.clinic.audit.append_only import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('chairside', '0018_seen_as_it_was'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='paperchart',
            name='paper_chart_one_a_session',
        ),
        AppendOnly("PaperChart"),
    ]

import django.contrib.auth.validators
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import lysglimt.clinic.people.models.staff
import lysglimt.clinic.people.policy
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='LegalEntity',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=150, unique=True)),
                ('organisation_number', models.CharField(blank=True, max_length=9, validators=[django.core.validators.RegexValidator('^\\d{9}$')])),
            ],
        ),
        migrations.CreateModel(
            name='Professional',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('role', models.CharField(choices=[('nurse', 'nurse'), ('psychiatrist', 'psychiatrist'), ('anaesthetist', 'anaesthetist'), ('psychologist', 'psychologist'), ('pharmacist', 'pharmacist'), ('coordinator', 'coordinator'), ('unit_lead', 'unit_lead'), ('statistician', 'statistician'), ('patient', 'patient'), ('administrator', 'administrator'), ('system_client', 'system_client')], max_length=16)),
                ('hpr_number', models.CharField(blank=True, max_length=9, validators=[django.core.validators.RegexValidator('^\\d{1,9}$')])),
                ('display_name', models.CharField(blank=True, max_length=150)),
                ('language', models.CharField(choices=[('nb', 'nb'), ('en', 'en')], default='nb', max_length=2)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('role__in', [lysglimt.clinic.people.policy.Role['NURSE'], lysglimt.clinic.people.policy.Role['PSYCHIATRIST'], lysglimt.clinic.people.policy.Role['ANAESTHETIST'], lysglimt.clinic.people.policy.Role['PSYCHOLOGIST'], lysglimt.clinic.people.policy.Role['PHARMACIST'], lysglimt.clinic.people.policy.Role['COORDINATOR'], lysglimt.clinic.people.policy.Role['UNIT_LEAD'], lysglimt.clinic.people.policy.Role['STATISTICIAN'], lysglimt.clinic.people.policy.Role['PATIENT'], lysglimt.clinic.people.policy.Role['ADMINISTRATOR'], lysglimt.clinic.people.policy.Role['SYSTEM_CLIENT']])), name='people_professional_role')],
            },
            managers=[
                ('objects', lysglimt.clinic.people.models.staff.ProfessionalManager()),
            ],
        ),
        migrations.CreateModel(
            name='KeptForm',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kept_at', models.DateTimeField(db_index=True)),
                ('sealed', models.BinaryField()),
                ('professional', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept_forms', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('kind', models.CharField(choices=[('hospital', 'Hospital'), ('private', 'Private')], max_length=10)),
                ('entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='people.legalentity')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('entity', 'name'), name='people_unit_one_name'), models.CheckConstraint(condition=models.Q(('kind__in', lysglimt.clinic.people.models.staff.UnitKind)), name='people_unit_kind')],
            },
        ),
        migrations.CreateModel(
            name='Patient',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('identity_number_index', models.CharField(blank=True, max_length=32, null=True)),
                ('birth_date_index', models.CharField(db_index=True, max_length=32)),
                ('particulars_sealed', models.BinaryField()),
                ('registered_at', models.DateTimeField()),
                ('entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.legalentity')),
                ('registered_in', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('entity', 'identity_number_index'), name='people_patient_one_of_a_number')],
            },
        ),
        migrations.CreateModel(
            name='DecisionSupportStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.UUIDField(default=uuid.uuid4)),
                ('revision', models.PositiveSmallIntegerField(default=1)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('withdrawn', models.BooleanField(default=False)),
                ('happened_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('on', models.BooleanField()),
                ('statement_version', models.CharField(max_length=16)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='people.unit')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('entry', 'revision'), name='people_decisionsupportstatement_one_row_a_revision'), models.CheckConstraint(condition=models.Q(('revision__gte', 1)), name='people_decisionsupportstatement_first_revision_is_1'), models.CheckConstraint(condition=models.Q(('revision', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='people_decisionsupportstatement_correction_has_a_reason'), models.CheckConstraint(condition=models.Q(('withdrawn', False), ('revision__gt', 1), _connector='OR'), name='people_decisionsupportstatement_withdrawal_is_a_correction')],
            },
        ),
        migrations.AddField(
            model_name='professional',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit'),
        ),
        migrations.CreateModel(
            name='PatientDetails',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.UUIDField(default=uuid.uuid4)),
                ('revision', models.PositiveSmallIntegerField(default=1)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('withdrawn', models.BooleanField(default=False)),
                ('happened_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('sealed', models.BinaryField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('entry', 'revision'), name='people_patientdetails_one_row_a_revision'), models.CheckConstraint(condition=models.Q(('revision__gte', 1)), name='people_patientdetails_first_revision_is_1'), models.CheckConstraint(condition=models.Q(('revision', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='people_patientdetails_correction_has_a_reason'), models.CheckConstraint(condition=models.Q(('withdrawn', False), ('revision__gt', 1), _connector='OR'), name='people_patientdetails_withdrawal_is_a_correction')],
            },
        ),
        migrations.CreateModel(
            name='PatientToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(max_length=32)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='people.patient')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('token', 'patient'), name='people_patienttoken_once')],
            },
        ),
        migrations.CreateModel(
            name='Relative',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.UUIDField(default=uuid.uuid4)),
                ('revision', models.PositiveSmallIntegerField(default=1)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('withdrawn', models.BooleanField(default=False)),
                ('happened_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('sealed', models.BinaryField()),
                ('kinship', models.CharField(choices=[('partner', 'Partner'), ('parent', 'Parent'), ('child', 'Child'), ('sibling', 'Sibling'), ('friend', 'Friend'), ('other', 'Other')], max_length=10)),
                ('consent', models.BooleanField()),
                ('minor', models.BooleanField(default=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.patient')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('entry', 'revision'), name='people_relative_one_row_a_revision'), models.CheckConstraint(condition=models.Q(('revision__gte', 1)), name='people_relative_first_revision_is_1'), models.CheckConstraint(condition=models.Q(('revision', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='people_relative_correction_has_a_reason'), models.CheckConstraint(condition=models.Q(('withdrawn', False), ('revision__gt', 1), _connector='OR'), name='people_relative_withdrawal_is_a_correction')],
            },
        ),
    ]

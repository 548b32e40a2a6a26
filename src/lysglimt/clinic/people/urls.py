from django.urls import path

from .views import patients, readers, signing_in, units

urlpatterns = [
    path("", signing_in.home, name="home"),
    path("sign-in/", signing_in.SignIn.as_view(), name="sign-in"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("choose-role/", signing_in.choose_role, name="choose-role"),
    path("language/", signing_in.language, name="language"),
    path("patients/", patients.find, name="patients"),
    path("patients/register/", patients.register, name="patient.register"),
    path("patients/<uuid:pk>/particulars/", patients.particulars, name="patient.particulars"),
    path("patients/<uuid:pk>/readers/", readers.readers, name="readers"),
    path("patients/<uuid:pk>/amend/", patients.amend, name="patient.amend"),
    path("patients/<uuid:pk>/relatives/add/", patients.add_relative, name="relative.add"),
    path("relatives/<int:pk>/withdraw/", patients.withdraw_relative, name="relative.withdraw"),
    path("unit/statement/", units.statement, name="unit.statement"),
]

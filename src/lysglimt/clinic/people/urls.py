from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkey
from django.urls import path

from .views import closing, helseid, patients, policy, readers, sign_ins, signing_in, units
from .views.way_in import (
    NewPassword,
    RemovePasskey,
    SetUpApp,
    SetUpPasskey,
    from_provider,
    to_provider,
)

# django-allauth asks for its pages by their names; those not named here do not exist.
urlpatterns = [
    path("", signing_in.home, name="home"),
    path("sign-in/", signing_in.SignIn.as_view(), name="sign-in"),
    path("sign-in/", signing_in.SignIn.as_view(), name="account_login"),
    path("sign-in/passkey/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/second-factor/", second_factor.authenticate, name="mfa_authenticate"),
    path("sign-in/helseid/", helseid.start, name="helseid"),
    path("sign-in/helseid/back/", helseid.callback, name="helseid.callback"),
    path("sign-in/<slug:provider_id>/go/", to_provider, name="openid_connect_login"),
    path("sign-in/<slug:provider_id>/back/", from_provider, name="openid_connect_callback"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("lock/", signing_in.lock, name="lock"),
    path("present/", signing_in.present, name="present"),
    path("confirm/", signing_in.confirmation, name="confirm"),
    path("choose-role/", signing_in.choose_role, name="choose-role"),
    path("language/", signing_in.language, name="language"),
    path("kept/", signing_in.kept, name="kept"),
    path("sign-ins/", sign_ins.mine, name="sign-ins"),
    path("sign-ins/end/", sign_ins.end_own, name="sign-ins.end-own"),
    path("sign-ins/shared/", sign_ins.share, name="device.share"),
    path("sign-ins/not-shared/", sign_ins.unshare, name="device.unshare"),
    path("staff/", sign_ins.staff, name="staff"),
    path("staff/<int:pk>/end/", sign_ins.end_all, name="sign-ins.end"),
    path("password/", NewPassword.as_view(), name="account_change_password"),
    path("second-factor/", second_factor.index, name="mfa_index"),
    path("second-factor/app/", SetUpApp.as_view(), name="mfa_activate_totp"),
    path("second-factor/app/remove/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/passkeys/", passkey.list_webauthn, name="mfa_list_webauthn"),
    path("second-factor/passkeys/add/", SetUpPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "second-factor/passkeys/<int:pk>/remove/",
        RemovePasskey.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "second-factor/codes/new/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("patients/", patients.find, name="patients"),
    path("patients/register/", patients.register, name="patient.register"),
    path("patients/<uuid:pk>/particulars/", patients.particulars, name="patient.particulars"),
    path("patients/<uuid:pk>/readers/", readers.readers, name="readers"),
    path("patients/<uuid:pk>/amend/", patients.amend, name="patient.amend"),
    path("patients/<uuid:pk>/relatives/add/", patients.add_relative, name="relative.add"),
    path("relatives/<int:pk>/withdraw/", patients.withdraw_relative, name="relative.withdraw"),
    path("patients/<uuid:pk>/emergency/", closing.emergency, name="emergency"),
    path("emergencies/", closing.emergencies, name="emergencies"),
    path("emergencies/<uuid:pk>/end/", closing.end, name="emergency.end"),
    path(
        "emergencies/<uuid:pk>/acknowledge/", closing.acknowledge, name="emergency.acknowledge"
    ),
    path("patients/<uuid:pk>/blocks/", closing.blocks, name="blocks"),
    path("patients/<uuid:pk>/blocks/set/", closing.set_block, name="block.set"),
    path("blocks/<int:pk>/lift/", closing.lift_block, name="block.lift"),
    path("policy/", policy.policy, name="policy"),
    path("unit/statement/", units.statement, name="unit.statement"),
]

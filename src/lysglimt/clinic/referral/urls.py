from django.urls import path

from .views import history, letters

PATIENT = "patients/<uuid:pk>"
REFERRAL = "referrals/<uuid:pk>"
ENTRY = f"{PATIENT}/history/<slug:kind>/<uuid:entry>"

urlpatterns = [
    path(f"{PATIENT}/referrals/", letters.referrals, name="referrals"),
    path(f"{PATIENT}/referrals/receive/", letters.receive, name="referral.receive"),
    path(f"{REFERRAL}/correct/", letters.correct, name="referral.correct"),
    path(f"{REFERRAL}/contact/", letters.name_contact, name="waiting.name"),
    path(f"{REFERRAL}/contacted/", letters.contacted, name="waiting.contacted"),
    path("contacts/<int:pk>/end/", letters.end_contact, name="waiting.end"),
    path(f"{PATIENT}/history/", history.show, name="history"),
    path(f"{PATIENT}/history/<slug:kind>/add/", history.add, name="history.add"),
    path(f"{ENTRY}/correct/", history.correct, name="history.correct"),
    path(f"{ENTRY}/strike/", history.strike, name="history.strike"),
]

from django.urls import path

from .views import checks, holds, patients

PATIENT = "patients/<uuid:pk>/over-months"

urlpatterns = [
    path("over-months/", holds.unit, name="over-months"),
    path(f"{PATIENT}/", patients.show, name="patient.over-months"),
    path(f"{PATIENT}/results/<slug:panel>/", patients.enter, name="lab.enter"),
    path("results/<int:pk>/correct/", patients.correct, name="lab.correct"),
    path("results/<int:pk>/strike/", patients.strike, name="lab.strike"),
    path(f"{PATIENT}/checks/<slug:asked>/", checks.record, name="check.record"),
    path("checks/<int:pk>/strike/", checks.strike, name="check.strike"),
    path(f"{PATIENT}/elsewhere/", checks.elsewhere, name="elsewhere.record"),
    path("elsewhere/<int:pk>/strike/", checks.strike_elsewhere, name="elsewhere.strike"),
    path(f"{PATIENT}/holds/", holds.lift, name="hold.lift"),
    path(f"{PATIENT}/hold/", holds.set_hold, name="hold.set"),
    path("courses/<uuid:pk>/safety-stop/", holds.stop, name="safety-stop.decide"),
    path("safety-stops/<int:pk>/", holds.stopped, name="safety-stop"),
]

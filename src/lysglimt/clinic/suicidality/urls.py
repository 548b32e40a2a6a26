from django.urls import path

from .views import patients, unit

PATIENT = "patients/<uuid:pk>/asking"

urlpatterns = [
    path("asking/", patients.asking, name="asking"),
    path(f"{PATIENT}/", patients.of_patient, name="asking.patient"),
    path(f"{PATIENT}/note/", patients.note, name="asking.note"),
    path("asking/notes/<int:pk>/strike/", patients.strike_note, name="asking.strike"),
    path(f"{PATIENT}/plan/", patients.write_plan, name="safety-plan.write"),
    path("safety-plans/<int:pk>/strike/", patients.strike_plan, name="safety-plan.strike"),
    path("rota/", unit.rota, name="rota"),
    path("rota/watch/", unit.plan_watch, name="rota.plan"),
    path("rota/watch/<int:pk>/strike/", unit.strike_watch, name="rota.strike"),
    path("rota/crisis-text/", unit.crisis_text, name="crisis-text.state"),
    path("rota/deadlines/", unit.deadlines, name="deadlines.state"),
]

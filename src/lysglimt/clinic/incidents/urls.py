from django.urls import path

from .views import calls, entering, incidents, safety

PATIENT = "patients/<uuid:pk>/incidents"

urlpatterns = [
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/safety/", safety.safety, name="safety"),
    path("incidents/duties/", safety.duties, name="duties"),
    path("incidents/duties/<slug:duty>/", safety.state_deadline, name="duty.deadline"),
    path("incidents/new/<slug:kind>/", entering.of_unit, name="incident.unit"),
    path(f"{PATIENT}/", incidents.of_patient, name="patient.incidents"),
    path(f"{PATIENT}/new/<slug:kind>/", entering.report, name="incident.report"),
    path("chair-events/<int:pk>/complete/", entering.complete, name="incident.complete"),
    path("calls/<int:pk>/strike/", calls.strike, name="after.strike"),
    path("calls/<int:pk>/<slug:item>/", entering.telephoned, name="incident.telephoned"),
    path("given/<int:pk>/call/<slug:which>/", calls.call, name="after.check"),
    path("incidents/<int:pk>/", incidents.incident, name="incident"),
    path("incidents/<int:pk>/correct/", entering.correct, name="incident.correct"),
    path("incidents/<int:pk>/strike/", entering.strike, name="incident.strike"),
    path("incidents/<int:pk>/close/", incidents.close, name="incident.close"),
    path("incidents/<int:pk>/<slug:duty>/", incidents.answer_duty, name="duty.answer"),
]

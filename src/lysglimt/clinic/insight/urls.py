from django.urls import path

from .views import (
    curves,
    entries,
    evaluation,
    evidence,
    odd_accesses,
    patient,
    today,
    unit,
)

urlpatterns = [
    path("today/", today.today, name="today"),
    path("patients/<uuid:pk>/", patient.patient, name="patient"),
    path("courses/<uuid:pk>/evaluation/", evaluation.evaluation, name="evaluation"),
    path("courses/<uuid:pk>/decide/", evaluation.decide, name="course.decide"),
    path("patients/<uuid:pk>/corrections/", entries.corrections, name="corrections"),
    path("patients/<uuid:pk>/entries/<slug:kind>/<int:row>/", entries.entry, name="entry"),
    path("unit/", unit.unit, name="unit"),
    path("curves/", curves.curves, name="curves"),
    path("unit/evidence/", evidence.evidence, name="evidence"),
    path("unit/evidence/<slug:question>/certainty/", evidence.judge, name="evidence.judge"),
    path("unit/odd-accesses/", odd_accesses.odd_accesses, name="odd-accesses"),
]

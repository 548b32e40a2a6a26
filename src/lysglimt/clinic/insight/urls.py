from django.urls import path

from .views import evaluation, patient, today, unit

urlpatterns = [
    path("today/", today.today, name="today"),
    path("patients/<uuid:pk>/", patient.patient, name="patient"),
    path("courses/<uuid:pk>/evaluation/", evaluation.evaluation, name="evaluation"),
    path("courses/<uuid:pk>/decide/", evaluation.decide, name="course.decide"),
    path("unit/", unit.unit, name="unit"),
]

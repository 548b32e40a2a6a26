from django.urls import path

from . import views

urlpatterns = [
    path(
        "unit/evidence/<slug:question>/<slug:picture>.<slug:ending>",
        views.evidence,
        name="evidence.picture",
    ),
    path("curves/picture.<slug:ending>", views.curves, name="curves.picture"),
    path(
        "patients/<uuid:pk>/course-picture.<slug:ending>",
        views.patient,
        name="patient.picture",
    ),
]

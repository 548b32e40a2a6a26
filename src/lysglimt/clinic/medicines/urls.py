from django.urls import path

from . import views

PATIENT = "patients/<uuid:pk>/medicines"

urlpatterns = [
    path("tapers/", views.tapers_of_unit, name="tapers"),
    path(f"{PATIENT}/", views.show, name="medicines"),
    path(f"{PATIENT}/asked/", views.ask, name="medicines.ask"),
    path(f"{PATIENT}/<uuid:entry>/timing/", views.agree, name="medicines.timing"),
    path(f"{PATIENT}/<uuid:entry>/taper/", views.plan, name="taper.plan"),
    path(f"{PATIENT}/<slug:kind>/<uuid:entry>/strike/", views.strike, name="medicines.strike"),
    path("tapers/<int:pk>/correct/", views.correct, name="taper.correct"),
    path("tapers/<int:pk>/look/", views.look, name="taper.look"),
]

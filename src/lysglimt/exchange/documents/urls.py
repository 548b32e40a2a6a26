from django.urls import path

from . import views

urlpatterns = [
    path("sessions/<uuid:pk>/record.pdf", views.session, name="print.session"),
    path("sessions/<uuid:pk>/paper-chart.pdf", views.chart, name="print.chart"),
    path(
        "safety-plans/<int:pk>/<slug:language>/plan.pdf",
        views.safety_plan,
        name="print.safety-plan",
    ),
    path(
        "safety-stops/<int:pk>/<slug:language>/letter.pdf",
        views.safety_stop,
        name="print.safety-stop",
    ),
    path("ledger/<uuid:pk>/ledger.pdf", views.ledger, name="print.ledger"),
    path(
        "incidents/<int:pk>/<slug:duty>/report.<slug:ending>", views.report, name="print.duty"
    ),
    path("paper-chart/<slug:protocol>.pdf", views.blank, name="print.blank"),
]

from django.urls import URLPattern, URLResolver, include, path

from . import health, metrics, weakness

handler500 = "lysglimt.server.troubles.fault"
urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path(".well-known/security.txt", weakness.contact, name="security.txt"),
    path("", include("lysglimt.clinic.people.urls")),
    path("", include("lysglimt.clinic.referral.urls")),
    path("", include("lysglimt.clinic.treatment.urls")),
    path("", include("lysglimt.clinic.medicines.urls")),
    path("", include("lysglimt.clinic.suicidality.urls")),
    path("", include("lysglimt.clinic.exposure.urls")),
    path("", include("lysglimt.clinic.design.urls")),
    path("", include("lysglimt.clinic.chairside.urls")),
    path("", include("lysglimt.clinic.incidents.urls")),
    path("", include("lysglimt.clinic.cupboard.urls")),
    path("", include("lysglimt.clinic.questionnaires.urls")),
    path("", include("lysglimt.clinic.delivery.urls")),
    path("", include("lysglimt.clinic.insight.urls")),
    path("", include("lysglimt.exchange.pictures.urls")),
    path("", include("lysglimt.exchange.documents.urls")),
]

from django.urls import path

from .views import ratings, wording

PATIENT = "patients/<uuid:pk>/ratings/"

urlpatterns = [
    path(PATIENT, ratings.choose, name="ratings"),
    path(f"{PATIENT}<slug:instrument_id>/", ratings.record, name="rating.record"),
    path(f"{PATIENT}<slug:instrument_id>/draft/", ratings.draft, name="rating.draft"),
    path(f"{PATIENT}<slug:instrument_id>/discard/", ratings.discard, name="rating.discard"),
    path("ratings/<int:pk>/", ratings.show, name="rating"),
    path("ratings/<int:pk>/correct/", ratings.correct, name="rating.correct"),
    path("ratings/<int:pk>/strike/", ratings.strike, name="rating.strike"),
    path("wording/", wording.wording, name="wording"),
]

from django.urls import path

from .views import cupboard, discrepancies, session

urlpatterns = [
    path("cupboard/", cupboard.cupboard, name="cupboard"),
    path("cupboard/open/", cupboard.open_cabinet, name="cabinet.open"),
    path("cupboard/report/", cupboard.report, name="ledger.report"),
    path("cabinets/<uuid:pk>/open/", cupboard.open_holding, name="holding.open"),
    path("ledger/<uuid:pk>/", cupboard.ledger, name="ledger"),
    path("ledger/<uuid:pk>/book/<slug:movement>/", cupboard.book, name="ledger.book"),
    path("ledger/<uuid:pk>/count/", cupboard.count, name="ledger.count"),
    path("ledger/<uuid:pk>/correct/<int:number>/", cupboard.correct, name="ledger.correct"),
    path(
        "ledger/<uuid:pk>/override/<int:number>/",
        discrepancies.override,
        name="discrepancy.override",
    ),
    path(
        "ledger/<uuid:pk>/settle/<int:number>/",
        discrepancies.settle,
        name="discrepancy.settle",
    ),
    path("sessions/<uuid:pk>/drugs/", session.drugs, name="session.drugs"),
    path("sessions/<uuid:pk>/drugs/withdraw/", session.withdraw, name="ledger.withdraw"),
    path(
        "sessions/<uuid:pk>/drugs/<uuid:holding>/account/",
        session.settle,
        name="ledger.settle",
    ),
    path(
        "sessions/<uuid:pk>/drugs/<uuid:holding>/not-given/",
        session.not_given,
        name="ledger.not-given",
    ),
    path(
        "sessions/<uuid:pk>/drugs/<uuid:holding>/anew/",
        session.account_anew,
        name="ledger.anew",
    ),
]

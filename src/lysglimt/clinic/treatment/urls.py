from django.urls import path

from .views import (
    administration,
    booking,
    consent,
    courses,
    eligibility,
    tasks,
    turns,
    waiting,
    work_up,
)

PATIENT = "patients/<uuid:pk>"
REFERRAL = "referrals/<uuid:pk>"

urlpatterns = [
    path("waiting/", waiting.show, name="waiting"),
    path(f"{PATIENT}/eligibility/", eligibility.show, name="eligibility"),
    path(f"{REFERRAL}/decide/", eligibility.decide, name="referral.decide"),
    path(f"{REFERRAL}/refuse/", eligibility.refuse, name="referral.refuse"),
    path("decisions/<int:pk>/second/", eligibility.second, name="referral.second"),
    path(f"{PATIENT}/consent/", consent.show, name="consent"),
    path(f"{PATIENT}/consent/record/", consent.record, name="consent.record"),
    path("consents/<int:pk>/withdraw/", consent.withdraw, name="consent.withdraw"),
    path(f"{PATIENT}/registration/", consent.choose, name="registration.choose"),
    path("registrations/<int:pk>/decide/", consent.decide, name="registration.decide"),
    path(f"{PATIENT}/work-up/", work_up.show, name="work_up"),
    path(f"{PATIENT}/work-up/record/", work_up.record, name="work_up.record"),
    path("work-up/<int:pk>/strike/", work_up.strike, name="work_up.strike"),
    path("administration/", administration.show, name="administration"),
    path(
        "administration/protocols/<slug:protocol>/<str:version>/",
        administration.approve,
        name="protocol.approve",
    ),
    path("approvals/<int:pk>/withdraw/", administration.withdraw, name="protocol.withdraw"),
    path(
        "administration/complaint-route/",
        administration.state_route,
        name="complaint-route.state",
    ),
    path("administration/conditions/", administration.state, name="conditions.state"),
    path("conditions/<int:pk>/correct/", administration.correct, name="conditions.correct"),
    path("courses/<uuid:pk>/event/", turns.event, name="course.event"),
    path("courses/<uuid:pk>/pause/", turns.pause, name="course.pause"),
    path("tasks/<uuid:pk>/acknowledge/", tasks.acknowledge, name="task.acknowledge"),
    path("tasks/<uuid:pk>/report/", tasks.report, name="task.report"),
    path("reported-assessments/<int:pk>/confirm/", tasks.confirm, name="task.confirm"),
    path("patients/<uuid:pk>/course/plan/", courses.plan, name="course.plan"),
    path("courses/<uuid:pk>/", courses.course, name="course"),
    path("courses/<uuid:pk>/weight-basis/", courses.weight_basis, name="course.weight-basis"),
    path("courses/<uuid:pk>/record/", courses.record, name="course.record"),
    path("courses/<uuid:pk>/book/", booking.book, name="course.book"),
    path("appointments/<int:pk>/move/", booking.move, name="appointment.move"),
    path("appointments/<int:pk>/cancel/", booking.cancel, name="appointment.cancel"),
]

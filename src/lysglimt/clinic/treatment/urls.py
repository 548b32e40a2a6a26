from django.urls import path

from .views import booking, courses

urlpatterns = [
    path("patients/<uuid:pk>/course/plan/", courses.plan, name="course.plan"),
    path("courses/<uuid:pk>/", courses.course, name="course"),
    path("courses/<uuid:pk>/weight-basis/", courses.weight_basis, name="course.weight-basis"),
    path("courses/<uuid:pk>/record/", courses.record, name="course.record"),
    path("courses/<uuid:pk>/book/", booking.book, name="course.book"),
    path("appointments/<int:pk>/move/", booking.move, name="appointment.move"),
    path("appointments/<int:pk>/cancel/", booking.cancel, name="appointment.cancel"),
]

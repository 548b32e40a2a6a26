from django.urls import path

from .views import booking, courses, turns

urlpatterns = [
    path("patients/<uuid:pk>/course/plan/", courses.plan, name="course.plan"),
    path("courses/<uuid:pk>/", courses.course, name="course"),
    path("courses/<uuid:pk>/weight-basis/", courses.weight_basis, name="course.weight-basis"),
    path("courses/<uuid:pk>/record/", courses.record, name="course.record"),
    path("courses/<uuid:pk>/book/", booking.book, name="course.book"),
    path("appointments/<int:pk>/move/", booking.move, name="appointment.move"),
    path("appointments/<int:pk>/cancel/", booking.cancel, name="appointment.cancel"),
    path("courses/<uuid:pk>/event/", turns.event, name="course.event"),
    path("courses/<uuid:pk>/pause/", turns.pause, name="course.pause"),
    path("tasks/<uuid:pk>/acknowledge/", turns.acknowledge, name="task.acknowledge"),
]

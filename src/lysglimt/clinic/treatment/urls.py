from django.urls import path

from .views import turns

urlpatterns = [
    path("courses/<uuid:pk>/event/", turns.event, name="course.event"),
    path("courses/<uuid:pk>/pause/", turns.pause, name="course.pause"),
    path("tasks/<uuid:pk>/acknowledge/", turns.acknowledge, name="task.acknowledge"),
]

from django.urls import path

from . import views

urlpatterns = [
    path("register/", views.show, name="register"),
    path("register/basis/", views.state, name="register.state"),
    path("register/prepare/", views.prepare, name="register.prepare"),
    path("register/deliveries/<uuid:pk>/sign/", views.sign, name="register.sign"),
]

from django.urls import path

from . import views

urlpatterns = [path("design/", views.guide, name="design.guide")]

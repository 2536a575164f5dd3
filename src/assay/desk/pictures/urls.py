"""Addresses of pictures."""

from django.urls import path

from assay.desk.pictures import views

urlpatterns = [path("<str:signed>/<str:theme>-<int:width>.svg", views.picture, name="picture")]

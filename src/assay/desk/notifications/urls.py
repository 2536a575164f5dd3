"""Addresses of notifications, and of the links in mails that stop them."""

from django.urls import path

from assay.desk.notifications import stopping, views

urlpatterns = [
    path("", views.notifications, name="notifications"),
    path("count/", views.count, name="notifications-count"),
    path("read/", views.read, name="notifications-read"),
    path("<int:number>/", views.notification, name="notification"),
    path("unsubscribe/<str:token>/", stopping.unsubscribe, name="unsubscribe"),
]

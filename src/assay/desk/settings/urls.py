"""Addresses of the settings."""

from django.urls import include, path

from assay.desk.settings import chats, views

urlpatterns = [
    path("", views.settings, name="settings"),
    path("users/<int:user_id>/", views.change, name="settings-user"),
    path("users/<int:user_id>/link/", views.invite_again, name="settings-user-link"),
    path("chats/", chats.chats, name="settings-chats"),
    path("chats/<int:number>/test/", chats.greet, name="settings-chat-test"),
    path("chats/<int:number>/remove/", chats.remove, name="settings-chat-remove"),
    path("webhooks/", include("assay.desk.webhooks.urls")),
]

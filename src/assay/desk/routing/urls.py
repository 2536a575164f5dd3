"""Addresses of routing: the rules and the people, and what is answered to an offer."""

from django.urls import path

from assay.desk.routing import answer, views

urlpatterns = [
    path("", views.routing, name="routing"),
    path("rules/", views.add, name="routing-add"),
    path("rules/<int:rule_id>/", views.change, name="routing-rule"),
    path("rules/<int:rule_id>/move/", views.move, name="routing-move"),
    path("rules/<int:rule_id>/remove/", views.remove, name="routing-remove"),
    path("people/<int:user_id>/capacity/", views.capacity, name="routing-capacity"),
    path("people/away/", views.away, name="routing-somebody-away"),
    path("away/", views.own_away, name="routing-own-away"),
    path("away/<int:absence_id>/remove/", views.here_again, name="routing-here"),
    path("offers/<int:lead_id>/take/", answer.take, name="offer-take"),
    path("offers/<int:lead_id>/pass/", answer.pass_on, name="offer-pass"),
]

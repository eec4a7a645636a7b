"""Addresses of the ways back to a case; no namespace, because shells and mails name them."""

from django.urls import path

from complaints.views import lookup

urlpatterns = [
    path("t/<str:secret>/", lookup.secret_link, name="secret_link"),
    path("track/", lookup.lookup, name="track_lookup"),
    path("track/code/", lookup.code, name="track_code"),
    path("track/leave/", lookup.leave, name="track_leave"),
]

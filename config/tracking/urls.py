"""Addresses of the tracking page."""

from django.urls import path

from config.views import tracking

app_name = "track"

urlpatterns = [
    path("", tracking.case_page, name="case"),
    path("messages/", tracking.send_message, name="message"),
    path("updates/", tracking.updates, name="updates"),
]

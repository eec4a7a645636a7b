"""Addresses of the gallery."""

from django.urls import path

from config.gallery import views

urlpatterns = [
    path("", views.index, name="gallery"),
    path("form/", views.consumer_form, name="gallery_form"),
    path("tracking/", views.tracking, name="gallery_tracking"),
    path("signing/", views.signing, name="gallery_signing"),
    path("queue/", views.queue, name="gallery_queue"),
    path("desk/", views.desk, name="gallery_desk"),
    path("dashboard/", views.dashboard, name="gallery_dashboard"),
]

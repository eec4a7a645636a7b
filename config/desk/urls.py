"""Addresses of the desk's own pages; what apps add stands in their own confs."""

from django.urls import path

from config.views.desk import case, queue

app_name = "desk"

urlpatterns = [
    path("updates/", queue.queue_updates, name="updates"),
    path("assign/", queue.bulk_assign, name="bulk_assign"),
    path("cases/<str:reference>/", case.case_page, name="case"),
    path("cases/<str:reference>/say/", case.say_page, name="say"),
    path("cases/<str:reference>/updates/", case.case_updates, name="case_updates"),
    path("cases/<str:reference>/related/<slug:by>/", case.related_cases, name="related"),
    path("cases/<str:reference>/tab/<slug:tab>/", case.case_page, name="case_tab"),
]

"""Addresses of the managers' pages."""

from django.urls import path

from insights import views

urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/cases/", views.dashboard_cases, name="dashboard_cases"),
    path("clocks/performance/", views.clock_performance, name="clock_performance"),
    path("clocks/performance/cases/", views.clock_cases, name="clock_cases"),
    path("satisfaction/", views.satisfaction, name="satisfaction"),
    path("dashboard/figures.csv", views.dashboard_csv, name="dashboard_csv"),
]

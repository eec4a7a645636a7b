"""The limits: a Django with no middleware and four views that do the least that could be done.

Served by the same gunicorn with the same number of workers and threads, on the same database.
"""

from __future__ import annotations

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone

if not settings.configured:
    settings.configure(
        SECRET_KEY="bare",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=[],
        INSTALLED_APPS=[],
        USE_TZ=True,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": os.environ["BENCH_DB_NAME"],
                "USER": "redress",
                "HOST": os.environ["BENCH_DB_HOST"],
                "CONN_MAX_AGE": 60,
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()


class BareRow(models.Model):
    """One line of text and a moment: the least that an intake could keep."""

    body = models.TextField()
    at = models.DateTimeField()

    class Meta:
        app_label = "bare"
        db_table = "bench_row"
        managed = False


class BareCase(models.Model):
    """The columns of the queue that a list needs."""

    reference = models.TextField()
    title = models.TextField()
    stage = models.TextField()
    next_due_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "bare"
        db_table = "complaints_case"
        managed = False


class BareEvent(models.Model):
    """The columns of an event that a timeline needs."""

    case_id = models.BigIntegerField()
    sequence = models.IntegerField()
    kind = models.TextField()
    at = models.DateTimeField()

    class Meta:
        app_label = "bare"
        db_table = "complaints_caseevent"
        managed = False


CLOSED = ("declined", "withdrawn", "merged", "closed")


def insert(request: HttpRequest) -> HttpResponse:
    """One ORM insert."""
    row = BareRow.objects.create(body=request.body.decode(), at=timezone.now())
    return JsonResponse({"id": row.pk}, status=201)


def queue(request: HttpRequest) -> HttpResponse:
    """Twenty-five open cases by due moment, as JSON, without a total."""
    rows = (
        BareCase.objects.exclude(stage__in=CLOSED)
        .order_by(models.F("next_due_at").asc(nulls_last=True), "id")
        .values("id", "reference", "title", "stage", "next_due_at")[:25]
    )
    return JsonResponse({"cases": list(rows)})


def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case with its events, as JSON."""
    row = BareCase.objects.values("id", "reference", "title", "stage").get(pk=pk)
    events = BareEvent.objects.filter(case_id=pk).order_by("-sequence")
    return JsonResponse({**row, "events": list(events.values("kind", "at")[:30])})


urlpatterns = [path("insert", insert), path("queue", queue), path("case/<int:pk>", case)]
application = get_wsgi_application()

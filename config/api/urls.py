"""Addresses of the API, version 1."""

from django.urls import path, re_path

from complaints.api.cases import CasesView, CaseView
from complaints.api.evidence import CaseEvidenceView, ComplaintEvidenceView
from complaints.api.intake import ComplaintsView
from complaints.api.tracking import TrackView
from config.api.docs import NotFoundView, SchemaView, docs
from config.api.statements import StatementsView
from config.api.steps import AllStepsView
from config.api.trace_view import TraceLookUpView
from config.api.tracing import TABLE_VIEWS
from config.presenters import consumer_text

app_name = "api"

_CASE = r"(?P<reference>RD-[0-9]{4}-[0-9]{1,12})"

urlpatterns = [
    path("", docs, name="docs"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("complaints/", ComplaintsView.as_view(), name="complaints"),
    re_path(
        rf"^complaints/{_CASE}/track/$",
        TrackView.as_view(event_text=consumer_text),
        name="track",
    ),
    re_path(
        rf"^complaints/{_CASE}/evidence/$", ComplaintEvidenceView.as_view(), name="track_evidence"
    ),
    path("cases/", CasesView.as_view(), name="cases"),
    re_path(rf"^cases/{_CASE}/$", CaseView.as_view(), name="case"),
    re_path(rf"^cases/{_CASE}/evidence/$", CaseEvidenceView.as_view(), name="case_evidence"),
    re_path(rf"^cases/{_CASE}/steps/$", AllStepsView.as_view(), name="steps"),
    path("statements/", StatementsView.as_view(), name="statements"),
    path("trace/", TraceLookUpView.as_view(), name="trace"),
    *[
        path(f"trace/{table}/", view.as_view(), name=f"trace_{table}")
        for table, view in TABLE_VIEWS.items()
    ],
    re_path(r"^.+$", NotFoundView.as_view(), name="unknown"),
]

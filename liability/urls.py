"""Addresses of the liability app: under desk/ for staff, under my/ for the consumer."""

from django.urls import path

from liability.views import desk, finding, incidents, letters, tracing

app_name = "liability"

CASE = "desk/cases/<str:reference>"
MINE = "my/<str:reference>"

urlpatterns = [
    path(f"{CASE}/route/", desk.triage_route, name="triage_route"),
    path(
        f"{CASE}/investigation/open/",
        desk.OpenInvestigation.as_view(),
        name="open_investigation",
    ),
    path(f"{CASE}/investigation/settle/", desk.SettleDirectly.as_view(), name="settle_directly"),
    path(f"{CASE}/investigation/round/", desk.StartRound.as_view(), name="round_new"),
    path(f"{CASE}/investigation/note/", desk.AddNote.as_view(), name="note_new"),
    path(f"{CASE}/investigation/statement/", desk.RecordStatement.as_view(), name="statement_new"),
    path(f"{CASE}/investigation/again/", desk.Reinvestigate.as_view(), name="reinvestigate"),
    path(f"{CASE}/finding/new/", finding.DetermineLiability.as_view(), name="finding_new"),
    path(f"{CASE}/finding/<int:version>/letter/", letters.letter, name="letter"),
    path(
        f"{CASE}/finding/close/",
        desk.CloseWithoutLiability.as_view(),
        name="close_without_liability",
    ),
    path(f"{MINE}/finding/<int:version>/letter/", letters.letter_mine, name="letter_mine"),
]

urlpatterns += [
    path(f"{CASE}/trace/", tracing.case_trace, name="case_trace"),
    path("desk/trace/", tracing.trace, name="trace"),
    path("desk/trace/import/", tracing.trace_import, name="trace_import"),
    path("desk/trace/batches/<int:batch_id>/", tracing.trace_batch, name="trace_batch"),
    path("desk/incidents/", incidents.incident_list, name="incidents"),
    path("desk/incidents/<int:incident_id>/", incidents.incident, name="incident"),
]

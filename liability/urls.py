"""Addresses of the liability app: under desk/ for staff, under my/ for the consumer."""

from django.urls import path

from liability.views import desk, finding, letters, recourse, report

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
    path(f"{CASE}/finding/approve/", finding.ApproveFinding.as_view(), name="finding_approve"),
    path(f"{CASE}/investigation/report/", report.WriteReport.as_view(), name="report_new"),
    path(
        f"{CASE}/investigation/report/<int:version>/<str:audience>/<str:language>/",
        report.report,
        name="report",
    ),
    path(f"{MINE}/investigation/report/", report.report_mine, name="report_mine"),
    path("desk/recourse/", recourse.recourse, name="recourse"),
    path("desk/recourse/policies/", recourse.policies, name="policies"),
    path("desk/recourse/policies/new/", recourse.policy_edit, name="policy_new"),
    path("desk/recourse/policies/<int:policy_id>/", recourse.policy_edit, name="policy_edit"),
    path("desk/recourse/claims/<int:claim_id>/", recourse.claim, name="claim"),
    path("desk/findings/", finding.approvals, name="finding_approvals"),
    path(f"{CASE}/finding/<int:version>/letter/", letters.letter, name="letter"),
    path(
        f"{CASE}/finding/close/",
        desk.CloseWithoutLiability.as_view(),
        name="close_without_liability",
    ),
    path(f"{MINE}/finding/<int:version>/letter/", letters.letter_mine, name="letter_mine"),
]

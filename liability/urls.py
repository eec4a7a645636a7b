"""Addresses of the liability app: under desk/ for staff, under my/ for the consumer."""

from django.urls import path

from liability.views import (
    board,
    consult_guest,
    consults,
    desk,
    finding,
    incidents,
    inspections,
    letters,
    limits,
    plan,
    plan_templates,
    recourse,
    report,
    result_guest,
    statements,
    tracing,
)

app_name = "liability"

CASE = "desk/cases/<str:reference>"
MINE = "my/<str:reference>"

PLAN, CONSULT, INSPECTION = f"{CASE}/investigation/plan", f"{CASE}/consults", f"{CASE}/inspections"
BOARD = f"{CASE}/board"

# The plan of an investigation, and those who are asked.
_plan = [
    path(f"{PLAN}/", plan.plan, name="plan"),
    path(f"{PLAN}/add/", plan.AddItem.as_view(), name="plan_add"),
    path(f"{PLAN}/<int:item_id>/tick/", plan.plan_tick, name="plan_tick"),
    path(f"{CONSULT}/new/", consults.AskConsult.as_view(), name="consult_new"),
    path(
        f"{CONSULT}/<int:consult_id>/answer/",
        consults.AnswerConsult.as_view(),
        name="consult_answer",
    ),
    path(f"{CONSULT}/<int:consult_id>/link/", consults.consult_renew, name="consult_renew"),
    path(
        f"{CONSULT}/<int:consult_id>/extend/",
        consults.ExtendConsult.as_view(),
        name="consult_extend",
    ),
    path(
        f"{CONSULT}/<int:consult_id>/revoke/",
        consults.RevokeConsult.as_view(),
        name="consult_revoke",
    ),
    path(f"{INSPECTION}/new/", inspections.ProposeInspection.as_view(), name="inspection_new"),
    path(
        f"{INSPECTION}/<int:inspection_id>/time/",
        inspections.MoveInspection.as_view(),
        name="inspection_time",
    ),
    path(
        f"{INSPECTION}/<int:inspection_id>/cancel/",
        inspections.CancelInspection.as_view(),
        name="inspection_cancel",
    ),
    path(f"{INSPECTION}/<int:inspection_id>/visit/", inspections.visit, name="visit"),
    path(f"{INSPECTION}/<int:inspection_id>/photo/", inspections.visit_photo, name="visit_photo"),
    path(
        f"{MINE}/inspections/<int:inspection_id>/",
        inspections.inspection_mine,
        name="inspection_mine",
    ),
    path(f"{BOARD}/", board.board, name="board"),
    path(f"{BOARD}/claims/new/", board.AddClaim.as_view(), name="claim_new"),
    path(f"{BOARD}/claims/<int:claim_id>/weigh/", board.WeighEvidence.as_view(), name="weigh"),
    path(f"{BOARD}/withheld/new/", board.NoteWithheld.as_view(), name="withheld_new"),
    path("desk/evidence-weights/", board.weights, name="weights"),
    path("desk/consults/", consults.consult_list, name="consults"),
    path("desk/plan-templates/", plan_templates.template_list, name="plan_templates"),
    path("desk/plan-templates/new/", plan_templates.template_edit, name="plan_template_new"),
    path(
        "desk/plan-templates/<int:template_id>/",
        plan_templates.template_edit,
        name="plan_template",
    ),
    path("result/open/<str:secret>/", result_guest.result_link, name="result_link"),
    path("result/", result_guest.result_guest, name="result_guest"),
    path("result/letter/", result_guest.result_letter, name="result_letter"),
    path("consult/leave/", consult_guest.consult_leave, name="consult_leave"),
    path("consult/task/<int:consult_id>/", consult_guest.consult_guest, name="consult_guest"),
    path("consult/<str:secret>/", consult_guest.consult_link, name="consult_link"),
]

urlpatterns = [
    *_plan,
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
    path("desk/recourse/claims/<int:recourse_id>/", recourse.claim, name="claim"),
    path("desk/findings/limits/", limits.limit_list, name="limits"),
    path("desk/findings/limits/new/", limits.limit_edit, name="limit_new"),
    path("desk/findings/limits/<int:limit_id>/", limits.limit_edit, name="limit"),
    path("desk/findings/", finding.approvals, name="finding_approvals"),
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
    path(
        "desk/incidents/<int:incident_id>/statement/",
        statements.incident_statement,
        name="incident_statement",
    ),
    path("about/safety/", statements.public_statements, name="public_statements"),
    path("about/safety/<int:incident_id>/", statements.public_statement, name="public_statement"),
]

"""Addresses of the pages on which staff do something with a case."""

from django.urls import path

from complaints.views.desk import (
    accountability,
    back_test,
    calendars,
    clock_health,
    clocks,
    contact,
    data_requests,
    evidence,
    intake,
    mail,
    policies,
    policy_preview,
    triage,
)

app_name = "complaints"

CASE = "cases/<str:reference>"

urlpatterns = [
    path("new/", intake.new_complaint, name="new"),
    path(f"{CASE}/accept/", triage.Accept.as_view(), name="accept"),
    path(f"{CASE}/decline/", triage.Decline.as_view(), name="decline"),
    path(f"{CASE}/assign/", triage.Assign.as_view(), name="assign"),
    path(f"{CASE}/take-over/", triage.take_over, name="take_over"),
    path(f"{CASE}/classify/", triage.Classify.as_view(), name="classify"),
    path(f"{CASE}/emergency/", triage.RaiseEmergency.as_view(), name="emergency"),
    path(f"{CASE}/safety/", triage.SafetyAction.as_view(), name="safety"),
    path(f"{CASE}/merge/", triage.Merge.as_view(), name="merge"),
    path(f"{CASE}/unmerge/", triage.Unmerge.as_view(), name="unmerge"),
    path(f"{CASE}/withdraw/", triage.Withdraw.as_view(), name="withdraw"),
    path(f"{CASE}/reopen/", triage.Reopen.as_view(), name="reopen"),
    path(f"{CASE}/clocks/<int:clock_id>/pause/", clocks.PauseClock.as_view(), name="clock_pause"),
    path(f"{CASE}/clocks/<int:clock_id>/resume/", clocks.resume, name="clock_resume"),
    path(f"{CASE}/finding-told/", clocks.FindingTold.as_view(), name="finding_told"),
    path(f"{CASE}/data-requests/", data_requests.DataRequests.as_view(), name="data_requests"),
    path("clocks/pauses/", clocks.pauses, name="pauses"),
    path(f"{CASE}/contact/", contact.RevealContact.as_view(), name="contact"),
    path(f"{CASE}/evidence/add/", evidence.AddEvidence.as_view(), name="evidence_add"),
    path(f"{CASE}/evidence/<int:evidence_id>/", evidence.evidence_page, name="evidence"),
    path(
        f"{CASE}/evidence/<int:evidence_id>/picture/",
        evidence.evidence_picture,
        name="evidence_picture",
    ),
    path(
        f"{CASE}/evidence/<int:evidence_id>/thumbnail/",
        evidence.evidence_thumb,
        name="evidence_thumb",
    ),
    path(
        f"{CASE}/evidence/<int:evidence_id>/original/",
        evidence.evidence_original,
        name="evidence_original",
    ),
    path("clocks/back-test/", back_test.back_test, name="back_test"),
    path(
        "clocks/back-test/<slug:token>/result.json",
        back_test.back_test_answer,
        name="back_test_answer",
    ),
    path("clock-health/", clock_health.clock_health_page, name="clock_health"),
    path("clock-health/timers/<int:timer_id>/rearm/", clock_health.timer_rearm, name="timer_rearm"),
    path("clocks/policies/", policies.policies, name="policies"),
    path("clocks/new-policy/", policies.policy_new, name="policy_new"),
    path("clocks/policies/<slug:code>/", policies.policy, name="policy"),
    path("clocks/policies/<slug:code>/edit/", policies.policy_edit, name="policy_edit"),
    path(
        "clocks/policies/<slug:code>/preview/",
        policy_preview.policy_preview,
        name="policy_preview",
    ),
    path(
        "clocks/policies/<slug:code>/publish/",
        policy_preview.policy_publish,
        name="policy_publish",
    ),
    path(
        "clocks/policies/<slug:code>/discard/",
        policy_preview.policy_discard,
        name="policy_discard",
    ),
    path("clocks/calendars/", calendars.calendar_list, name="calendars"),
    path("clocks/new-calendar/", calendars.calendar_new, name="calendar_new"),
    path("clocks/calendars/<slug:calendar>/", calendars.calendar_page, name="calendar"),
    path("clocks/calendars/<slug:calendar>/edit/", calendars.calendar_edit, name="calendar_edit"),
    path("mail/", mail.mail_list, name="mail"),
    path("mail/<int:mail_id>/", mail.mail_page, name="mail_one"),
    path("mail/<int:mail_id>/case/", mail.mail_case, name="mail_case"),
    path("mail/<int:mail_id>/join/", mail.mail_join, name="mail_join"),
    path("mail/<int:mail_id>/discard/", mail.mail_discard, name="mail_discard"),
    path("accountability/", accountability.accountability_list, name="accountability"),
    path(
        "accountability/<int:item_id>/",
        accountability.accountability_item,
        name="accountability_item",
    ),
    path(
        "accountability/<int:item_id>/assign/",
        accountability.accountability_assign,
        name="accountability_assign",
    ),
    path(
        "accountability/<int:item_id>/done/",
        accountability.accountability_done,
        name="accountability_done",
    ),
]

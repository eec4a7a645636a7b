"""Addresses of the compensation app: under desk/ for staff, under my/ for the consumer."""

from django.urls import path

from compensation.views import (
    approvals,
    beside,
    care,
    consistency,
    consumer,
    delegations,
    desk,
    funds,
    instant,
    losses,
    remedies,
    rules,
    screening,
    standards,
    statistics,
)

app_name = "compensation"

CASE = "desk/cases/<str:reference>"
MINE = "my/<str:reference>"

urlpatterns = [
    path(f"{CASE}/plan/", desk.EditPlan.as_view(), name="plan_edit"),
    path(f"{CASE}/entitlement/", desk.EditSheet.as_view(), name="sheet_edit"),
    path(f"{CASE}/entitlement/injury/", desk.EditInjury.as_view(), name="injury_edit"),
    path(f"{CASE}/entitlement/<slug:kind>/", desk.EditFacts.as_view(), name="facts_edit"),
    path(f"{CASE}/losses/", losses.EnterLoss.as_view(), name="losses"),
    path(f"{CASE}/losses/verify/", losses.VerifyLoss.as_view(), name="loss_verify"),
    path(f"{CASE}/offer/send/", desk.SendOffer.as_view(), name="offer_send"),
    path(f"{CASE}/offer/withdraw/", desk.WithdrawOffer.as_view(), name="offer_withdraw"),
    path(f"{CASE}/offer/close/", desk.CloseUnanswered.as_view(), name="close_unanswered"),
    path("desk/incidents/<int:incident_id>/remedy/", remedies.remedy, name="remedy"),
    path("desk/incidents/<int:incident_id>/remedy/edit/", remedies.remedy_edit, name="remedy_edit"),
    path("desk/rules/", rules.rules, name="rules"),
    path("desk/rules/<slug:rule>/", rules.rule, name="rule"),
    path("desk/standards/", standards.standards, name="standards"),
    path("desk/standards/<slug:standard_code>/", standards.standard, name="standard"),
    path("desk/statistics/", statistics.statistics, name="statistics"),
    path("desk/statistics/<int:statistic_id>/", statistics.statistic, name="statistic"),
    path("desk/approvals/<int:plan_id>/", approvals.decide, name="decide"),
    path("desk/delegations/", delegations.delegations, name="delegations"),
    path("desk/delegations/<int:delegation_id>/end/", delegations.end, name="delegation_end"),
    path("desk/funds/", funds.funds, name="funds"),
    path("desk/funds/<int:fund_id>/", funds.fund, name="fund"),
    path("desk/funds/<int:fund_id>/journal.csv", funds.journal, name="fund_journal"),
    path("about/statements/", care.statements, name="statements"),
    path("desk/consistency/", consistency.consistency, name="consistency"),
    path("desk/consistency/cases.csv", consistency.consistency_export, name="consistency_export"),
    path("desk/care/", care.care_list, name="care_list"),
    path("desk/care/template/", care.care_template, name="care_template"),
    path(f"{CASE}/beside/", beside.beside, name="beside"),
    path(f"{CASE}/care/", care.case_care, name="care"),
    path(f"{CASE}/care/<int:task_id>/note/", care.care_note, name="care_note"),
    path(f"{CASE}/statement/<int:words_id>/", care.decide_statement, name="decide_statement"),
    path("desk/instant/", instant.instant_list, name="instant_list"),
    path("desk/instant/<int:instant_id>/", instant.instant_sample, name="instant_sample"),
    path("desk/instant/limits/", instant.standing, name="standing"),
    path("desk/instant/limits/<int:standing_id>/", instant.decide_standing, name="decide_standing"),
    path("desk/screening/", screening.screening_list, name="screening_list"),
    path(f"{CASE}/screening/", screening.screening_detail, name="screening"),
    path(f"{MINE}/screening/", screening.appeal, name="screening_appeal"),
    path(f"{MINE}/plan/", consumer.choose, name="choose"),
    path(f"{MINE}/plan/none/", consumer.take_none, name="decline"),
    path(f"{MINE}/plan/idea/", consumer.say_else, name="counter"),
]

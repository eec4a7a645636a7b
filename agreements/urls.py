"""Addresses of the agreements app: under desk/ for staff, under my/ for the consumer."""

from django.urls import path

from agreements.views import (
    aftermath,
    calls,
    care_calls,
    checking,
    consumer,
    desk,
    finance,
    goods,
    instant,
    mine,
    notices,
    papers,
    payouts,
    survey,
    verify,
    wording,
)

app_name = "agreements"

CASE = "desk/cases/<str:reference>"
MINE = "my/<str:reference>"

urlpatterns = [
    path("payments/notice/", notices.payment_notice, name="payment_notice"),
    path("verify/", verify.verify, name="verify"),
    path("verify/certificate.pem", verify.certificate, name="verify_certificate"),
    path("desk/agreement-texts/", wording.texts, name="texts"),
    path(
        "desk/agreement-texts/<str:text_kind>/<str:language>/", wording.text_edit, name="text_edit"
    ),
    path("desk/agreement-clauses/new/", wording.clause_new, name="clause_new"),
    path("desk/agreement-clauses/<slug:clause>/", wording.clause_edit, name="clause_edit"),
    path("desk/finance/due.csv", finance.due_table, name="due_csv"),
    path("desk/finance/batches/", payouts.batch_list, name="batches"),
    path("desk/finance/batches/<int:payout_batch_id>/", payouts.batch, name="batch"),
    path(
        "desk/finance/batches/<int:payout_batch_id>/<str:bank_file>/",
        payouts.bank_file,
        name="bank_file",
    ),
    path("desk/finance/payees/<int:payee_id>/", payouts.confirm_payee, name="confirm_payee"),
    path("desk/finance/statements/", payouts.statement_list, name="statements"),
    path("desk/finance/statements/<int:statement_id>/", payouts.statement, name="statement"),
    path(
        "desk/finance/statements/<int:statement_id>/entries.csv",
        payouts.statement_csv,
        name="statement_csv",
    ),
    path("desk/finance/entries/<int:entry_id>/", payouts.look_after, name="look_after"),
    path(f"{CASE}/payee/", payouts.AskForPayee.as_view(), name="payee"),
    path(f"{CASE}/agreement/draft/", desk.DraftAgreement.as_view(), name="draft"),
    path(f"{CASE}/agreement/offer/", desk.OfferAgreement.as_view(), name="offer"),
    path(f"{CASE}/agreement/void/", desk.VoidAgreement.as_view(), name="void"),
    path(f"{CASE}/agreement/sign/", checking.SignForCompany.as_view(), name="sign_company"),
    path(f"{CASE}/agreement/refuse/", desk.RefuseForCompany.as_view(), name="refuse_company"),
    path(f"{CASE}/agreement/paper/", checking.RecordPaper.as_view(), name="paper"),
    path(f"{CASE}/agreement/sign/code/", checking.send_company_code, name="company_code"),
    path(
        f"{CASE}/agreement/paper/<int:paper_id>/", checking.CheckPaper.as_view(), name="check_paper"
    ),
    path(f"{CASE}/agreement/paper/<int:paper_id>/scan/", checking.paper_scan, name="paper_scan"),
    path(f"{CASE}/attorney/new/", checking.NameRepresentative.as_view(), name="attorney_new"),
    path(
        f"{CASE}/attorney/<int:agent_id>/",
        checking.CheckRepresentative.as_view(),
        name="check_attorney",
    ),
    path(f"{CASE}/attorney/<int:agent_id>/file/", checking.attorney_file, name="attorney_file"),
    path(f"{CASE}/attorney/<int:agent_id>/end/", checking.end_authority, name="attorney_end"),
    path(f"{CASE}/agreement/<int:version>/<str:which>.pdf", papers.paper, name="pdf"),
    path(f"{CASE}/duty/<int:obligation>/", desk.Perform.as_view(), name="perform"),
    path(f"{CASE}/duty/<int:obligation>/lapse/", aftermath.SettleLapse.as_view(), name="lapse"),
    path(f"{CASE}/duty/<int:obligation>/pickup/", goods.ArrangePickup.as_view(), name="pickup"),
    path(f"{CASE}/duty/<int:obligation>/sent/", goods.HandOver.as_view(), name="goods_sent"),
    path(f"{CASE}/duty/<int:obligation>/goods/", goods.InspectGoods.as_view(), name="goods"),
    path(f"{CASE}/rest/", aftermath.DemandRest.as_view(), name="rest"),
    path(f"{CASE}/breach/", desk.DeclareBreach.as_view(), name="breach"),
    path(f"{CASE}/remedy/", desk.PlanRemedy.as_view(), name="remedy"),
    path(f"{CASE}/follow-up/", calls.RecordFollowUp.as_view(), name="follow_up"),
    path(f"{CASE}/follow-up/try/", calls.RecordTry.as_view(), name="try"),
    path(f"{CASE}/follow-up/close/", calls.CloseCase.as_view(), name="close"),
    path("desk/calls/", calls.calls, name="calls"),
    path("desk/calls/care/<int:care_call_id>/", care_calls.care_call, name="care_call"),
    path("desk/calls/rules/", care_calls.care_rules, name="care_rules"),
    path("survey/<str:token>/", survey.survey, name="survey"),
    path(f"{CASE}/pay/<int:row>/", finance.RecordPayment.as_view(), name="pay"),
    path(f"{CASE}/payment/<int:row>/return/", finance.ReturnPayment.as_view(), name="pay_return"),
    path(f"{MINE}/agreement/", consumer.sign, name="sign"),
    path(f"{MINE}/agreement/code/", consumer.send_sign_code, name="sign_code"),
    path(f"{MINE}/agreement/refuse/", consumer.refuse, name="refuse"),
    path(f"{MINE}/agreement/paper/", mine.paper_copy, name="my_paper"),
    path(f"{MINE}/attorney/", mine.representatives, name="my_attorney"),
    path(f"{MINE}/attorney/<int:agent_id>/end/", mine.end_authority, name="my_attorney_end"),
    path(f"{MINE}/agreement/<int:version>/<str:which>.pdf", papers.paper_mine, name="pdf_mine"),
    path(f"{MINE}/instant/", instant.instant, name="instant"),
    path(f"{MINE}/instant/ask/", instant.ask, name="instant_ask"),
    path(f"{MINE}/instant/ordinary/", instant.ordinary, name="instant_ordinary"),
    path(f"{MINE}/arrival/", consumer.arrival, name="arrival"),
    path(f"{MINE}/arrival/<int:obligation>/", consumer.answer_obligation, name="answer_obligation"),
]

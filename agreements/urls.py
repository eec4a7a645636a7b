"""Addresses of the agreements app: under desk/ for staff, under my/ for the consumer."""

from django.urls import path

from agreements.views import (
    aftermath,
    calls,
    consumer,
    desk,
    finance,
    papers,
    survey,
    verify,
)

app_name = "agreements"

CASE = "desk/cases/<str:reference>"
MINE = "my/<str:reference>"

urlpatterns = [
    path("verify/", verify.verify, name="verify"),
    path("verify/certificate.pem", verify.certificate, name="verify_certificate"),
    path(f"{CASE}/agreement/draft/", desk.DraftAgreement.as_view(), name="draft"),
    path(f"{CASE}/agreement/offer/", desk.OfferAgreement.as_view(), name="offer"),
    path(f"{CASE}/agreement/void/", desk.VoidAgreement.as_view(), name="void"),
    path(f"{CASE}/agreement/sign/", desk.SignForCompany.as_view(), name="sign_company"),
    path(f"{CASE}/agreement/refuse/", desk.RefuseForCompany.as_view(), name="refuse_company"),
    path(f"{CASE}/agreement/paper/", desk.RecordPaper.as_view(), name="paper"),
    path(f"{CASE}/agreement/<int:version>/<str:which>.pdf", papers.paper, name="pdf"),
    path(f"{CASE}/duty/<int:obligation>/", desk.Perform.as_view(), name="perform"),
    path(f"{CASE}/duty/<int:obligation>/lapse/", aftermath.SettleLapse.as_view(), name="lapse"),
    path(f"{CASE}/breach/", desk.DeclareBreach.as_view(), name="breach"),
    path(f"{CASE}/remedy/", desk.PlanRemedy.as_view(), name="remedy"),
    path(f"{CASE}/follow-up/", calls.RecordFollowUp.as_view(), name="follow_up"),
    path(f"{CASE}/follow-up/try/", calls.RecordTry.as_view(), name="try"),
    path(f"{CASE}/follow-up/close/", calls.CloseCase.as_view(), name="close"),
    path("desk/calls/", calls.calls, name="calls"),
    path("survey/<str:token>/", survey.survey, name="survey"),
    path(f"{CASE}/pay/<int:row>/", finance.RecordPayment.as_view(), name="pay"),
    path(f"{CASE}/payment/<int:row>/return/", finance.ReturnPayment.as_view(), name="pay_return"),
    path(f"{MINE}/agreement/", consumer.sign, name="sign"),
    path(f"{MINE}/agreement/code/", consumer.send_sign_code, name="sign_code"),
    path(f"{MINE}/agreement/refuse/", consumer.refuse, name="refuse"),
    path(f"{MINE}/agreement/<int:version>/<str:which>.pdf", papers.paper_mine, name="pdf_mine"),
    path(f"{MINE}/arrival/", consumer.arrival, name="arrival"),
    path(f"{MINE}/arrival/<int:obligation>/", consumer.answer_obligation, name="answer_obligation"),
]

"""Addresses of the reviews app: desk/ for staff, my/ for the consumer, mediation/ for guests."""

from django.urls import path

from reviews.views import (
    archive,
    consumer,
    erasures,
    guest,
    letters,
    packs,
    proceeding,
    review,
    talk,
)

app_name = "reviews"

CASE = "desk/cases/<str:reference>"
REVIEW, TALK = f"{CASE}/review", f"{CASE}/mediation"
PROCEEDING = f"{CASE}/proceedings/<int:proceeding_id>"
MINE = "my/<str:reference>"
GUEST = "mediation/case/<str:reference>"

_desk = [
    path(f"{REVIEW}/request/", review.RequestForConsumer.as_view(), name="request_for"),
    path(f"{REVIEW}/panel/", review.AssignPanel.as_view(), name="panel"),
    path(f"{REVIEW}/decide/", review.DecideReview.as_view(), name="decide"),
    path(f"{REVIEW}/withdraw/", review.WithdrawForConsumer.as_view(), name="withdraw_for"),
    path(f"{REVIEW}/<int:review_id>/letter/", letters.letter, name="letter"),
    path(f"{TALK}/refer/", talk.Refer.as_view(), name="refer"),
    path(f"{TALK}/", talk.talk, name="talk"),
    path(f"{TALK}/mediator/", talk.NameMediator.as_view(), name="mediator"),
    path(f"{TALK}/invite/", talk.InviteMediator.as_view(), name="invite"),
    path(f"{TALK}/positions/", talk.DeskPositions.as_view(), name="positions"),
    path(f"{TALK}/meeting/", talk.DeskMeeting.as_view(), name="meeting"),
    path(f"{TALK}/note/", talk.DeskNote.as_view(), name="note"),
    path(f"{TALK}/end/", talk.DeskEnd.as_view(), name="end"),
    path(f"{TALK}/agreement/", talk.DeskDraft.as_view(), name="draft"),
    path(f"{TALK}/agreement/offer/", talk.DeskOffer.as_view(), name="offer"),
    path(f"{TALK}/agreement/sign/", talk.DeskSign.as_view(), name="sign"),
    path(f"{TALK}/agreement/refuse/", talk.DeskRefuse.as_view(), name="refuse"),
    path(f"{CASE}/proceedings/new/", proceeding.RecordProceeding.as_view(), name="proceeding_new"),
    path(f"{CASE}/packs/", packs.AskForPack.as_view(), name="packs"),
    path(f"{CASE}/packs/<int:pack_id>/", packs.pack_file, name="pack"),
    path(f"{CASE}/keeping/", archive.keeping, name="keeping"),
    path(f"{CASE}/keeping/hold/", archive.PlaceHold.as_view(), name="hold"),
    path("desk/archive/", archive.archive, name="archive"),
    path("desk/archive/rules/<str:kept_class>/", archive.rule, name="keeping_rule"),
    path("desk/archive/holds/", archive.holds, name="holds"),
    path("desk/archive/holds/<int:hold_id>/lift/", archive.lift, name="lift"),
    path("desk/archive/runs/", erasures.runs, name="runs"),
    path("desk/archive/runs/<int:run_id>/", erasures.run, name="run"),
    path("desk/archive/runs/<int:run_id>/<str:act>/", erasures.act, name="run_act"),
    path("desk/archive/certificates/<int:erasure_id>/", erasures.certificate, name="certificate"),
    path(
        "desk/archive/certificates/<int:erasure_id>/file/",
        erasures.certificate_file,
        name="certificate_file",
    ),
    path(f"{PROCEEDING}/step/", proceeding.AddStep.as_view(), name="proceeding_step"),
    path(f"{PROCEEDING}/end/", proceeding.EndProceeding.as_view(), name="proceeding_end"),
    path(f"{PROCEEDING}/award/", proceeding.RecordAward.as_view(), name="award"),
]

_mine = [
    path(f"{MINE}/review/", consumer.request_page, name="request"),
    path(f"{MINE}/review/withdraw/", consumer.withdraw_page, name="withdraw"),
    path(f"{MINE}/review/<int:review_id>/letter/", letters.letter_mine, name="letter_mine"),
    path(f"{MINE}/mediation/", consumer.mediation_page, name="mediation"),
]

_guest = [
    path("mediation/leave/", guest.guest_leave, name="guest_leave"),
    path("mediation/<str:secret>/", guest.guest_link, name="guest_link"),
    path(f"{GUEST}/", guest.GuestCase.as_view(), name="guest_case"),
    path(f"{GUEST}/positions/", guest.GuestPositions.as_view(), name="guest_positions"),
    path(f"{GUEST}/meeting/", guest.GuestMeeting.as_view(), name="guest_meeting"),
    path(f"{GUEST}/note/", guest.GuestNote.as_view(), name="guest_note"),
    path(f"{GUEST}/end/", guest.GuestEnd.as_view(), name="guest_end"),
    path(f"{GUEST}/agreement/", guest.GuestDraft.as_view(), name="guest_draft"),
    path(f"{GUEST}/agreement/offer/", guest.GuestOffer.as_view(), name="guest_offer"),
    path(f"{GUEST}/agreement/sign/", guest.GuestSign.as_view(), name="guest_sign"),
    path(f"{GUEST}/agreement/refuse/", guest.GuestRefuse.as_view(), name="guest_refuse"),
]

urlpatterns = [*_desk, *_mine, *_guest]

"""Mediation through its pages: asking, leading, private notes, the agreement, the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.states import Role
from agreements.models import Agreement
from agreements.selectors import open_agreement
from complaints import sealing
from complaints.actors import Actor
from complaints.models import Case, CaseEvent, OutboxMessage
from complaints.moments import now
from complaints.services.outbox import deliver_due
from complaints.states import Stage
from reviews.models import Mediation, MediationNote
from reviews.selectors.mediations import open_mediation
from reviews.selectors.pages import next_action
from reviews.services.mediating import write_private_note
from reviews.services.settling import pursue
from tests.agreements.makers import company_signs, consumer_signs
from tests.compensation.makers import offered_case
from tests.factories import make_user
from tests.liability.doors import consumer_client, staff_client
from tests.reviews.makers import guided, mediation
from tests.reviews.posts import terms_post

pytestmark = pytest.mark.django_db

SECRET_WORDS = "他说三百二就签，先别说出去"


def url(name: str, case: Case, *more: object) -> str:
    return reverse(f"reviews:{name}", args=[case.reference, *more])


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def guest_client(secret: str) -> Client:
    client = Client()
    assert client.get(reverse("reviews:guest_link", args=[secret])).status_code == 303
    return client


def leader_of(talk: Mediation) -> User:
    assert talk.mediator_user is not None
    return talk.mediator_user


# --- Asking ---


def test_consumer_asks_with_a_wish_and_sees_how_far_it_is() -> None:
    case = offered_case()
    consumer = consumer_client(case)

    answer = consumer.post(url("mediation", case), {"wish": "想修台面。", "seen": case.version})

    assert answer.status_code == 303
    assert fresh(case).stage == Stage.MEDIATING
    assert "想修台面。" in consumer.get(url("mediation", case)).content.decode()
    tracking = consumer.get(reverse("track:case", args=[case.reference])).content.decode()
    assert "调解进行中" in tracking


def test_consumer_asks_without_a_wish_and_nothing_happens() -> None:
    case = offered_case()

    page = consumer_client(case).post(url("mediation", case), {"wish": " ", "seen": case.version})

    assert page.status_code == 422
    assert fresh(case).stage == Stage.NEGOTIATING
    assert not Mediation.objects.exists()


def test_asking_twice_opens_one_mediation() -> None:
    case = offered_case()
    consumer = consumer_client(case)
    asked = {"wish": "想修台面。", "seen": case.version}
    consumer.post(url("mediation", case), asked)

    assert consumer.post(url("mediation", case), asked).status_code == 409
    assert Mediation.objects.filter(case=case).count() == 1


def test_desk_refers_and_names_a_colleague() -> None:
    case, colleague = offered_case(), make_user(Role.MEDIATOR)
    desk = staff_client(Role.AGENT)

    desk.post(url("refer", case), {"wish": "", "seen": case.version})
    answer = desk.post(url("mediator", case), {"mediator": colleague.pk})

    assert answer.headers["Location"] == url("talk", case)
    talk = open_mediation(case)
    assert talk is not None
    assert talk.mediator_user == colleague
    step = next_action(fresh(case), Actor.staff(colleague))
    assert step is not None
    assert (step.url, step.disabled_reason) == (url("talk", case), "")


def test_somebody_who_may_not_mediate_is_not_offered() -> None:
    talk, reviewer = mediation(), make_user(Role.REVIEWER)
    desk = staff_client(Role.AGENT)

    page = desk.post(url("mediator", talk.case), {"mediator": reviewer.pk})

    assert page.status_code == 422
    assert Mediation.objects.get(pk=talk.pk).mediator_user == talk.mediator_user


# --- The talk ---


def test_positions_stand_in_three_columns_for_both_sides() -> None:
    talk = mediation()
    words = {"consumer": "要五百。", "common": "都认可有缺陷。", "company": "最多四百。"}

    answer = logged_in(leader_of(talk)).post(url("positions", talk.case), words)

    assert answer.status_code == 303
    seen = [
        logged_in(leader_of(talk)).get(url("talk", talk.case)).content.decode(),
        consumer_client(talk.case).get(url("mediation", talk.case)).content.decode(),
    ]
    for page in seen:
        assert all(text in page for text in words.values())


def test_meeting_is_fixed_and_the_consumer_gets_a_mail(mailoutbox: list) -> None:
    talk = mediation()
    at = (now() + timedelta(days=3)).replace(hour=6, minute=30)

    answer = logged_in(leader_of(talk)).post(
        url("meeting", talk.case),
        {"meeting_at": f"{at + timedelta(hours=8):%Y-%m-%dT%H:%M}", "place": "视频会议"},
    )
    deliver_due()

    assert answer.status_code == 303
    told = [mail for mail in mailoutbox if "会谈" in mail.subject]
    assert len(told) == 1
    assert f"{at + timedelta(hours=8):%Y-%m-%d %H:%M}" in told[0].body


def test_meeting_in_the_past_is_refused() -> None:
    talk = mediation()

    page = logged_in(leader_of(talk)).post(
        url("meeting", talk.case), {"meeting_at": "2020-01-01T10:00", "place": "门店"}
    )

    assert page.status_code == 422
    assert "门店" in page.content.decode()
    assert Mediation.objects.get(pk=talk.pk).meeting_at is None


# --- Private notes ---


def pages_of_others(talk: Mediation) -> list[str]:
    """Every page of the case that somebody else than the mediator reads."""
    case = talk.case
    consumer = consumer_client(case)
    colleague = staff_client(Role.AGENT, Role.MANAGER, Role.MEDIATOR)
    desk = [reverse("desk:case", args=[case.reference]), url("talk", case), url("positions", case)]
    desk += [
        reverse("desk:case_tab", args=[case.reference, tab])
        for tab in ("evidence", "liability", "compensation", "agreement", "reviews", "log")
    ]
    mine = [reverse("track:case", args=[case.reference]), url("mediation", case)]
    answers = [colleague.get(each) for each in desk] + [consumer.get(each) for each in mine]
    assert {answer.status_code for answer in answers} == {200}
    return [answer.content.decode() for answer in answers]


def test_private_note_is_read_by_its_mediator_alone() -> None:
    talk = mediation()
    leader = logged_in(leader_of(talk))

    answer = leader.post(url("note", talk.case), {"side": "consumer", "body": SECRET_WORDS})

    assert answer.status_code == 303
    assert SECRET_WORDS in leader.get(url("talk", talk.case)).content.decode()
    assert not any(SECRET_WORDS in page for page in pages_of_others(talk))


def test_guests_note_is_closed_to_the_company_and_to_the_consumer() -> None:
    talk, secret = guided()
    guest = guest_client(secret)

    guest.post(url("guest_note", talk.case), {"side": "company", "body": SECRET_WORDS})

    assert SECRET_WORDS in guest.get(url("guest_case", talk.case)).content.decode()
    assert not any(SECRET_WORDS in page for page in pages_of_others(talk))
    owner = logged_in(leader_of(talk))
    assert SECRET_WORDS not in owner.get(url("talk", talk.case)).content.decode()


def test_private_note_is_sealed_and_in_no_event() -> None:
    talk = mediation()
    events = CaseEvent.objects.filter(case=talk.case).count()

    logged_in(leader_of(talk)).post(
        url("note", talk.case), {"side": "consumer", "body": SECRET_WORDS}
    )

    note = MediationNote.objects.get()
    assert SECRET_WORDS.encode() not in bytes(note.body_sealed)
    assert note.body == SECRET_WORDS
    assert CaseEvent.objects.filter(case=talk.case).count() == events


def test_notes_of_both_sides_stand_apart() -> None:
    talk = mediation()
    leader = logged_in(leader_of(talk))
    for side in ("consumer", "company"):
        leader.post(url("note", talk.case), {"side": side, "body": f"关于 {side}"})

    words = leader.get(url("talk", talk.case)).content.decode()

    first, second = words.index("关于 consumer"), words.index("关于 company")
    assert "公司一方" in words[first:second]


def test_colleague_who_does_not_lead_writes_no_private_note() -> None:
    talk = mediation()

    page = staff_client(Role.MEDIATOR).post(
        url("note", talk.case), {"side": "consumer", "body": SECRET_WORDS}
    )

    assert page.status_code == 422
    assert not MediationNote.objects.exists()


def test_next_guest_does_not_read_the_notes_of_the_one_before() -> None:
    talk, _secret = guided()
    actor = Actor.guest_mediator()
    write_private_note(talk, by=actor, side="consumer", body=SECRET_WORDS)
    desk = staff_client(Role.AGENT)
    desk.post(url("invite", talk.case), {"name": "新调解", "email": "new@example.test"})
    message = OutboxMessage.objects.filter(kind="mediator_invited").latest("id")

    from_link = guest_client(secret_of(message))

    assert SECRET_WORDS not in from_link.get(url("guest_case", talk.case)).content.decode()


def secret_of(message: OutboxMessage) -> str:
    found = sealing.unseal_for_installation(message.sealed)
    assert found is not None
    return str(found["mediation"])


# --- The agreement ---


def drafted_by(browser: Client, case: Case, prefix: str = "", **fields: object) -> int:
    return browser.post(url(f"{prefix}draft", case), terms_post(**fields)).status_code


def signs(browser: Client, case: Case, page: str, name: str) -> int:
    """Open the text and sign it as the mediator."""
    browser.get(url(page, case))
    agreement = open_agreement(case)
    assert agreement is not None
    return browser.post(url(page, case), {"name": name, "number": agreement.number}).status_code


def test_mediator_signs_the_text_that_was_on_the_page() -> None:
    talk, secret = guided()
    case, guest = talk.case, guest_client(secret)
    drafted_by(guest, case, "guest_")
    guest.post(url("guest_offer", case), {})
    page = guest.get(url("guest_sign", case)).content.decode()
    first = open_agreement(case)
    assert first is not None and f'value="{first.number}"' in page
    assert "签署本协议出于自愿" in page

    drafted_by(guest, case, "guest_")
    guest.post(url("guest_offer", case), {})
    stale = guest.post(url("guest_sign", case), {"name": "何调解", "number": first.number})
    assert stale.status_code == 422 and "新版本" in stale.content.decode()
    bare = guest.post(url("guest_sign", case), {"name": "何调解"})
    assert bare.status_code == 422
    second = open_agreement(case)
    assert second is not None and second.pk != first.pk
    assert not second.signers.filter(signed_at__isnull=False).exists()

    assert signs(guest, case, "guest_sign", "何调解") == 303
    kept = second.signers.get(role="mediator").evidence
    assert kept["browser"] is not None and kept["address"] and "read_seconds" in kept


def test_guest_drafts_offers_and_signs_and_the_case_is_performed() -> None:
    talk, secret = guided()
    case, guest = talk.case, guest_client(secret)

    assert drafted_by(guest, case, "guest_") == 303
    assert guest.post(url("guest_offer", case), {}).status_code == 303
    assert signs(guest, case, "guest_sign", "何调解") == 303
    agreement = open_agreement(case)
    assert agreement is not None
    company_signs(consumer_signs(agreement))

    assert fresh(case).stage == Stage.FULFILLING
    assert pursue()["settled"] == 1
    assert Mediation.objects.get(pk=talk.pk).outcome == "settled"
    over = guest.get(url("guest_case", case))
    assert over.status_code in {404, 410}
    assert case.description not in over.content.decode()


def test_own_mediator_drafts_offers_and_signs_by_account() -> None:
    talk = mediation()
    case, leader = talk.case, logged_in(leader_of(talk))

    assert drafted_by(leader, case) == 303
    assert leader.post(url("offer", case), {}).status_code == 303
    assert signs(staff_client(Role.MEDIATOR), case, "sign", "旁人") == 422
    assert signs(leader, case, "sign", "周调解") == 303

    agreement = open_agreement(case)
    assert agreement is not None
    assert agreement.signers.get(role="mediator").signed_at is not None


@pytest.mark.parametrize(
    "fields",
    [
        {"duties-0-amount": "300.00"},
        {"duties-0-due_on": "2020-01-01"},
        {"duties-0-due_on": ""},
        {"duties-0-amount": ""},
        {"lines-0-amount": "abc"},
        {"name": ""},
        {"findings": ""},
    ],
)
def test_terms_that_do_not_fit_are_kept_and_not_written(fields: dict[str, str]) -> None:
    talk, secret = guided()

    page = guest_client(secret).post(url("guest_draft", talk.case), terms_post(**fields))

    assert page.status_code == 422
    assert "支付补偿款" in page.content.decode()
    assert not Agreement.objects.exists()


def test_draft_is_shown_again_for_a_correction() -> None:
    talk, secret = guided()
    guest = guest_client(secret)
    drafted_by(guest, talk.case, "guest_")

    words = guest.get(url("guest_draft", talk.case)).content.decode()
    assert 'value="320.00"' in words

    assert (
        drafted_by(
            guest,
            talk.case,
            "guest_",
            **{"lines-0-amount": "350.00", "duties-0-amount": "350.00"},
        )
        == 303
    )
    agreement = open_agreement(talk.case)
    assert agreement is not None
    assert (agreement.version, str(agreement.total)) == (2, "350.00")


def test_mediator_withholds_the_signature_and_may_draft_again() -> None:
    talk, secret = guided()
    case, guest = talk.case, guest_client(secret)
    drafted_by(guest, case, "guest_")
    guest.post(url("guest_offer", case), {})

    answer = guest.post(url("guest_refuse", case), {"reason": "金额写错了。"})

    assert answer.status_code == 303
    assert open_agreement(case) is None
    assert fresh(case).stage == Stage.MEDIATING
    assert drafted_by(guest, case, "guest_") == 303


# --- The end ---


def test_mediation_without_an_agreement_returns_the_case() -> None:
    talk = mediation()

    answer = logged_in(leader_of(talk)).post(
        url("end", talk.case), {"outcome": "failed", "note": "差距太大。"}
    )

    assert answer.status_code == 303
    assert fresh(talk.case).stage == Stage.NEGOTIATING
    tracking = consumer_client(talk.case).get(reverse("track:case", args=[talk.case.reference]))
    assert "调解没有达成协议" in tracking.content.decode()
    assert "差距太大。" in tracking.content.decode()


def test_end_wants_an_outcome_and_a_word() -> None:
    talk = mediation()

    page = logged_in(leader_of(talk)).post(
        url("end", talk.case), {"outcome": "settled", "note": "谈好了。"}
    )

    assert page.status_code == 422
    assert "谈好了。" in page.content.decode()
    assert fresh(talk.case).stage == Stage.MEDIATING


def test_stale_end_is_kept_for_another_look() -> None:
    talk = mediation()

    page = logged_in(leader_of(talk)).post(
        url("end", talk.case), {"outcome": "failed", "note": "差距太大。", "seen": "1"}
    )

    assert page.status_code == 409
    assert "差距太大。" in page.content.decode()
    assert fresh(talk.case).stage == Stage.MEDIATING

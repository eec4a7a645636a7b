"""Offers: sent once, answered once, ended once; every refusal leaves nothing behind."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.states import Role
from compensation.models import Offer, OfferReply
from compensation.selectors import accepted_offer, open_offer
from compensation.services.answering import accept_option, counter
from compensation.services.digests import content_digest
from compensation.services.offering import (
    close_unanswered,
    expire_offers,
    send_offer,
    supersede_offers,
    withdraw_offer,
)
from compensation.states import OfferStatus
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import CaseEvent, Message, Notification, OutboxMessage
from complaints.moments import now, shift_to
from complaints.services.cases import move
from complaints.services.conversation import write_message
from complaints.services.stage_clocks import ClockStart, hand_turn
from complaints.services.triage import assign
from complaints.states import ClockKind, Stage
from liability.services.findings import determine_liability
from liability.services.investigating import reinvestigate
from tests.compensation.makers import (
    approved_plan,
    chosen_case,
    dear_plan,
    drafted,
    offer_of,
    offered_case,
    plan_data,
)
from tests.factories import make_user, staff
from tests.liability.makers import determined_case, directly_settled_case, liable

pytestmark = pytest.mark.django_db
CONSUMER = Actor.consumer()


def choose(case, *, position: int = 1, offer: Offer | None = None, digest: str | None = None):
    offer = offer or offer_of(case)
    return accept_option(
        case,
        by=CONSUMER,
        offer=offer,
        option=offer.plan.options.get(position=position),
        seen_digest=digest or offer.content_digest,
    )


def test_the_first_offer_opens_the_negotiation() -> None:
    case = offered_case()

    offer = open_offer(case)
    assert case.stage == Stage.NEGOTIATING
    assert case.next_due_kind == ClockKind.OFFER_REPLY
    assert case.next_due_at == offer.expires_at
    assert offer.expires_at - offer.sent_at > timedelta(days=7) - timedelta(minutes=1)
    assert OutboxMessage.objects.filter(kind="open_negotiation").count() == 1


def test_a_directly_settled_case_gets_its_offer() -> None:
    case = offered_case(case=directly_settled_case())

    assert case.next_due_kind == ClockKind.OFFER_REPLY
    assert OutboxMessage.objects.filter(kind="offer_sent").count() == 1


def test_only_an_approved_plan_is_sent() -> None:
    case = determined_case()
    plan = drafted(case, plan=dear_plan())

    with pytest.raises(CaseError):
        send_offer(case, by=staff(Role.AGENT), plan=plan)

    case.refresh_from_db()
    assert case.stage == Stage.LIABILITY_DETERMINED
    assert not Offer.objects.exists()


def test_a_plan_is_sent_once() -> None:
    case = offered_case()

    with pytest.raises(CaseError):
        send_offer(case, by=staff(Role.AGENT), plan=offer_of(case).plan)

    assert Offer.objects.count() == 1


@pytest.mark.parametrize("days", [0, 2, 61])
def test_an_offer_has_a_fair_time(days: int) -> None:
    case = determined_case()

    with pytest.raises(CaseError) as refusal:
        send_offer(case, by=staff(Role.AGENT), plan=approved_plan(case), valid_days=days)

    assert refusal.value.field == "valid_days"


@pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.FINANCE, Role.REVIEWER])
def test_other_roles_send_nothing(role: Role) -> None:
    case = determined_case()

    with pytest.raises(StepForbidden):
        send_offer(case, by=staff(role), plan=approved_plan(case))


def test_a_plan_on_a_superseded_finding_is_not_sent() -> None:
    case = determined_case()
    plan = approved_plan(case)
    case = reinvestigate(case, by=staff(Role.AGENT), reason="新证据")
    case = determine_liability(case, by=staff(Role.INVESTIGATOR), finding=liable())

    with pytest.raises(CaseError):
        send_offer(case, by=staff(Role.AGENT), plan=plan)

    assert not Offer.objects.exists()


def test_a_better_offer_takes_the_place_of_an_open_one() -> None:
    case = offered_case()
    first = offer_of(case)

    case = send_offer(case, by=staff(Role.AGENT), plan=approved_plan(case))

    first.refresh_from_db()
    assert first.status == OfferStatus.SUPERSEDED
    assert open_offer(case).pk != first.pk
    with pytest.raises(CaseError):
        choose(case, offer=first)


def test_choosing_gives_the_turn_to_us_and_tells_the_owner() -> None:
    case = offered_case()
    owner = make_user(Role.AGENT)
    case = assign(case, owner=owner, by=staff(Role.MANAGER))

    case = choose(case, position=2)

    offer = accepted_offer(case)
    assert offer.chosen_option.position == 2
    assert case.next_due_kind == ClockKind.AGREEMENT_DRAFT
    assert Notification.objects.filter(user=owner, kind="offer_accepted").count() == 1


def test_the_same_choice_again_changes_nothing() -> None:
    case = chosen_case()

    again = choose(case)

    assert again.version == case.version
    assert OfferReply.objects.count() == 1


def test_another_choice_counts_until_the_agreement_is_out() -> None:
    case = choose(chosen_case(), position=2)
    assert accepted_offer(case).chosen_option.position == 2

    case = hand_turn(
        case,
        ClockStart(ClockKind.SIGNATURE, until=now() + timedelta(days=5)),
        by=staff(Role.AGENT),
        cause="agreement_offered",
    )

    with pytest.raises(CaseError):
        choose(case, position=1)
    assert accepted_offer(case).chosen_option.position == 2


def test_terms_that_were_not_seen_are_not_accepted() -> None:
    case = offered_case()

    with pytest.raises(CaseError):
        choose(case, digest="0" * 64)

    assert open_offer(case) is not None
    assert not OfferReply.objects.exists()


def test_an_option_of_another_offer_is_not_accepted() -> None:
    case = offered_case()
    other = offer_of(offered_case())

    with pytest.raises(CaseError):
        accept_option(
            case,
            by=CONSUMER,
            offer=offer_of(case),
            option=other.plan.options.first(),
            seen_digest=offer_of(case).content_digest,
        )
    with pytest.raises(CaseError):
        choose(case, offer=other)


def test_staff_do_not_choose_for_the_consumer() -> None:
    case = offered_case()
    offer = offer_of(case)

    with pytest.raises(StepForbidden):
        accept_option(
            case,
            by=staff(Role.AGENT),
            offer=offer,
            option=offer.plan.options.first(),
            seen_digest=offer.content_digest,
        )


def test_the_digest_covers_every_word() -> None:
    offer = offer_of(offered_case())

    assert content_digest(offer.plan, expires_at=offer.expires_at, number=1) == offer.content_digest
    changed = offer_of(offered_case(plan=plan_data()))
    changed.plan.options.all()[0].lines.all()[0].amount += 1
    later = offer.expires_at + timedelta(minutes=1)
    assert content_digest(offer.plan, expires_at=later, number=1) != offer.content_digest


def test_a_counter_ends_the_offer_and_stands_in_the_conversation() -> None:
    case = offered_case()
    offer = offer_of(case)

    case = counter(case, by=CONSUMER, offer=offer, text=" 台面也要修。 ")

    offer.refresh_from_db()
    assert (offer.status, case.next_due_kind) == (OfferStatus.COUNTERED, ClockKind.OFFER)
    assert Message.objects.get(case=case, author_kind="consumer").body == "台面也要修。"
    assert open_offer(case) is None


def test_the_same_words_again_change_nothing() -> None:
    case = offered_case()
    offer = offer_of(case)
    case = counter(case, by=CONSUMER, offer=offer, text="台面也要修。")

    again = counter(case, by=CONSUMER, offer=offer, text="台面也要修。")

    assert again.version == case.version
    assert OfferReply.objects.count() == 1


@pytest.mark.parametrize("text", [" ", "长" * 3001])
def test_a_counter_says_something(text: str) -> None:
    case = offered_case()

    with pytest.raises(CaseError) as refusal:
        counter(case, by=CONSUMER, offer=offer_of(case), text=text)

    assert refusal.value.field == "text"
    assert open_offer(case) is not None


def test_a_change_of_mind_before_signing_ends_the_choice() -> None:
    case = chosen_case()

    case = counter(case, by=CONSUMER, offer=offer_of(case), text="我再想想，还是换新吧。")

    assert accepted_offer(case) is None
    assert case.next_due_kind == ClockKind.OFFER


def test_withdrawing_gives_us_the_turn_and_tells_why() -> None:
    case = offered_case()

    case = withdraw_offer(case, by=staff(Role.AGENT), offer=offer_of(case), reason="金额算错了")

    assert offer_of(case).status == OfferStatus.WITHDRAWN
    assert case.next_due_kind == ClockKind.OFFER
    assert OutboxMessage.objects.filter(kind="offer_withdrawn").count() == 1


def test_what_was_chosen_is_not_withdrawn() -> None:
    case = chosen_case()

    with pytest.raises(CaseError):
        withdraw_offer(case, by=staff(Role.AGENT), offer=offer_of(case), reason="金额算错了")

    assert accepted_offer(case) is not None


def test_withdrawing_needs_a_reason() -> None:
    case = offered_case()

    with pytest.raises(CaseError) as refusal:
        withdraw_offer(case, by=staff(Role.AGENT), offer=offer_of(case), reason=" ")

    assert refusal.value.field == "reason"


def test_nothing_new_is_sent_while_the_agreement_is_made() -> None:
    case = chosen_case()

    with pytest.raises(CaseError):
        send_offer(case, by=staff(Role.AGENT), plan=approved_plan(case))


def test_a_decision_above_ends_the_offers() -> None:
    case = supersede_offers(offered_case(), by=staff(Role.REVIEWER), cause="vary")

    assert offer_of(case).status == OfferStatus.SUPERSEDED
    assert supersede_offers(case, by=staff(Role.REVIEWER), cause="vary").version == case.version


def expired_case():
    case = offered_case()
    shift_to(offer_of(case).expires_at + timedelta(seconds=1))
    assert expire_offers() == 1
    case.refresh_from_db()
    return case


def test_an_offer_ends_once_with_a_second_notice() -> None:
    case = expired_case()

    assert offer_of(case).status == OfferStatus.EXPIRED
    assert case.next_due_kind == ClockKind.OFFER
    assert OutboxMessage.objects.filter(kind="offer_expired").count() == 1
    assert expire_offers() == 0


def test_an_offer_does_not_end_early() -> None:
    case = offered_case()
    shift_to(offer_of(case).expires_at - timedelta(seconds=5))

    assert expire_offers() == 0
    assert choose(case).next_due_kind == ClockKind.AGREEMENT_DRAFT


def test_after_its_end_an_offer_is_not_accepted_but_can_be_talked_about() -> None:
    case = expired_case()

    with pytest.raises(CaseError):
        choose(case)
    case = counter(case, by=CONSUMER, offer=offer_of(case), text="请再发一次")

    assert offer_of(case).status == OfferStatus.EXPIRED
    assert case.next_due_kind == ClockKind.OFFER


def test_past_its_end_it_is_not_accepted_even_before_the_task_has_run() -> None:
    case = offered_case()
    shift_to(offer_of(case).expires_at)

    with pytest.raises(CaseError):
        choose(case)

    assert offer_of(case).status == OfferStatus.OPEN


def test_an_offer_waits_while_the_case_is_aside() -> None:
    case = offered_case()
    case = move(case, "refer_to_mediation", by=CONSUMER)
    shift_to(offer_of(case).expires_at + timedelta(hours=1))

    assert expire_offers() == 0
    case = move(case, "end_mediation", by=staff(Role.AGENT))
    assert expire_offers() == 1


def test_an_offer_left_behind_ends_silently() -> None:
    case = reinvestigate(offered_case(), by=staff(Role.AGENT), reason="新证据")
    shift_to(offer_of(case).expires_at + timedelta(hours=1))
    with pytest.raises(CaseError):
        choose(case)

    assert expire_offers() == 1
    assert offer_of(case).status == OfferStatus.SUPERSEDED
    assert not OutboxMessage.objects.filter(kind="offer_expired").exists()


def test_an_unanswered_case_is_closed_after_two_notices_and_a_wait() -> None:
    case = expired_case()
    with pytest.raises(CaseError):
        close_unanswered(case, by=staff(Role.AGENT))

    shift_to(now() + timedelta(hours=48))
    case = close_unanswered(case, by=staff(Role.AGENT))

    assert case.stage == Stage.CLOSED


def test_a_case_whose_consumer_wrote_is_not_closed_as_unanswered() -> None:
    case = expired_case()
    case = write_message(case, by=CONSUMER, body="我在外地，下周看")
    shift_to(now() + timedelta(hours=49))

    with pytest.raises(CaseError):
        close_unanswered(case, by=staff(Role.AGENT))


def test_an_open_offer_is_not_closed_as_unanswered() -> None:
    case = offered_case()
    events = CaseEvent.objects.filter(case=case).count()

    with pytest.raises(CaseError):
        close_unanswered(case, by=staff(Role.AGENT))

    case.refresh_from_db()
    assert case.stage == Stage.NEGOTIATING
    assert CaseEvent.objects.filter(case=case).count() == events


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE compensation_offer SET expires_at = expires_at + interval '1 day'",
        "UPDATE compensation_offer SET content_digest = 'x'",
        "UPDATE compensation_offer SET status = 'open', chosen_option_id = NULL,"
        " answered_at = NULL",
        "UPDATE compensation_offer SET status = 'expired'",
        "DELETE FROM compensation_offer",
        "UPDATE compensation_offerreply SET at = now()",
        "DELETE FROM compensation_offerreply",
        "TRUNCATE compensation_offer CASCADE",
    ],
)
def test_the_database_keeps_an_offer(sql: str) -> None:
    case = chosen_case()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql)

    assert accepted_offer(case) is not None

"""Rounds of an offer: numbered, one stands, counters with amounts, declining, what changed."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.states import Role
from compensation.changes import changes_between
from compensation.models import Offer, OfferReply
from compensation.selectors import consumer_panel, open_offer
from compensation.selectors.cards import shown_option
from compensation.selectors.offers import shortfall
from compensation.services.answering import accept_option, counter, decline
from compensation.services.offering import expire_offers, send_offer, withdraw_offer
from compensation.states import OfferStatus, ReplyKind
from complaints import moments
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import CaseEvent, Message
from tests.compensation.makers import (
    approved_plan,
    goodwill,
    line,
    new_kettle,
    offer_of,
    offered_case,
    option,
    plan_data,
)
from tests.compensation.test_races import check_whole, choose, race
from tests.factories import staff
from tests.liability.doors import consumer_client

US = Actor.consumer()
BELOW = plan_data(
    option("少退些，送积分", line("200.00"), line("500", kind="points", is_cash=False)),
    new_kettle(),
    informed_choice=True,
    informed_choice_reason="电话里讲明了可以全额退款。",
)


@pytest.mark.django_db
def test_rounds_are_numbered_and_one_stands() -> None:
    case = offered_case()
    case = counter(case, by=US, offer=offer_of(case), text="再加一点", amount=Decimal("400.00"))
    case = send_offer(case, by=staff(Role.AGENT), plan=approved_plan(case))

    assert list(Offer.objects.order_by("number").values_list("number", "status")) == [
        (1, OfferStatus.COUNTERED),
        (2, OfferStatus.OPEN),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(number=2).update(number=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(number=1).update(status=OfferStatus.OPEN)
    assert "400.00" in Message.objects.latest("pk").body


@pytest.mark.django_db
@pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity", "1e20", "1.001"])
def test_an_absurd_wish_is_refused(amount: str) -> None:
    case = offered_case()

    with pytest.raises(CaseError) as refusal:
        counter(case, by=US, offer=offer_of(case), text="多赔", amount=Decimal(amount))

    assert refusal.value.field == "amount"
    assert offer_of(case).status == OfferStatus.OPEN


@pytest.mark.django_db
def test_declining_ends_the_offer_and_nothing_else() -> None:
    case = offered_case()

    case = decline(case, by=US, offer=offer_of(case))
    again = decline(case, by=US, offer=offer_of(case))

    assert offer_of(case).status == OfferStatus.DECLINED and again.version == case.version
    assert CaseEvent.objects.filter(case=case, kind="offer_declined").count() == 1
    with pytest.raises(CaseError):
        choose(case)()
    case = counter(case, by=US, offer=offer_of(case), text="其实 350 就行")
    assert OfferReply.objects.filter(kind=ReplyKind.COUNTER).count() == 1
    check_whole(case)


@pytest.mark.django_db
def test_what_has_ended_is_not_declined_and_staff_decline_nothing() -> None:
    case = offered_case()
    with pytest.raises(StepForbidden):
        decline(case, by=staff(Role.AGENT), offer=offer_of(case))
    moments.shift_to(offer_of(case).expires_at)
    expire_offers()

    with pytest.raises(CaseError):
        decline(case, by=US, offer=offer_of(case))


@pytest.mark.django_db
def test_below_the_floor_only_the_consumer_s_own_tick_counts() -> None:
    case = offered_case(plan=BELOW)
    offer = offer_of(case)
    below = offer.plan.options.get(position=1)
    assert shortfall(offer.plan, below) == Decimal("99.00")
    taken = {"by": US, "offer": offer, "option": below, "seen_digest": offer.content_digest}

    with pytest.raises(CaseError) as refusal, transaction.atomic():
        accept_option(case, **taken)
    assert refusal.value.field == "informed" and not OfferReply.objects.exists()
    accept_option(case, **taken, informed=True)

    reply = OfferReply.objects.get()
    assert (reply.shortfall, reply.informed) == (Decimal("99.00"), True)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfferReply.objects.create(
            offer=offer, kind="accept", option=below, shortfall=1, informed=False, at=reply.at
        )


@pytest.mark.django_db
def test_points_never_fill_up_the_law_s_money() -> None:
    panel = consumer_panel(offered_case(plan=BELOW))

    assert [card.shortfall for card in panel["cards"]] == [Decimal("99.00"), Decimal(0)]
    assert panel["short"]


def test_what_changed_is_told_line_by_line() -> None:
    def card(one):
        return shown_option(one, one.lines)

    before = [card(option("全额退款", line("299.00"))), card(new_kettle())]
    after = [
        card(option("全额退款", line("299.00"), goodwill("50.00"))),
        card(option("代金券", line("400.00"), kind="voucher")),
    ]

    found = changes_between(before, after)

    told = [(one.title, one.before, one.after) for one in found]
    assert told == [
        ("全额退款", Decimal("299.00"), Decimal("349.00")),
        ("代金券", None, Decimal("400.00")),
        ("换新并补偿", Decimal("38.00"), None),
    ]
    assert [(x.label, x.before, x.after) for x in found[0].lines] == [
        ("误工与不便", None, Decimal("50.00"))
    ]
    assert changes_between(before, before) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("answer", ["decline", "counter", "withdraw"])
def test_choosing_and_another_step_at_once_end_in_one_outcome(answer: str) -> None:
    case = offered_case()
    offer, agent = offer_of(case), staff(Role.AGENT)
    steps = {
        "decline": lambda: decline(case, by=US, offer=offer),
        "counter": lambda: counter(case, by=US, offer=offer, text="再加一点"),
        "withdraw": lambda: withdraw_offer(case, by=agent, offer=offer, reason="算错了"),
    }

    race(choose(case), steps[answer])

    offer.refresh_from_db()
    last = OfferReply.objects.order_by("pk").last()
    if answer != "withdraw":
        assert offer.status != OfferStatus.OPEN
        assert (offer.status == OfferStatus.ACCEPTED) == (last.kind == ReplyKind.ACCEPT)
    assert Offer.objects.filter(case=case, status__in=["open", "accepted"]).count() <= 1
    check_whole(case)


@pytest.mark.django_db(transaction=True)
def test_two_offers_at_once_leave_one_standing() -> None:
    case = offered_case()
    offer = offer_of(case)
    agents = [staff(Role.AGENT) for _ in range(2)]
    plan = approved_plan(case)

    race(choose(case), *[lambda by=by: send_offer(case, by=by, plan=plan) for by in agents])

    assert Offer.objects.filter(case=case, status__in=["open", "accepted"]).count() == 1
    offer.refresh_from_db()
    check_whole(case)


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [counter, decline])
def test_an_answer_to_an_earlier_offer_leaves_the_newer_one_to_be_taken(answer) -> None:
    case = offered_case()
    first = offer_of(case)
    case = send_offer(case, by=staff(Role.AGENT), plan=approved_plan(case))
    second = offer_of(case)

    with pytest.raises(CaseError, match="新的方案"):
        answer(case, by=US, offer=first, text="太少了")

    assert open_offer(case) == second and not OfferReply.objects.exists()
    choose(case)()
    assert offer_of(case).status == OfferStatus.ACCEPTED


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["counter", "decline"])
def test_a_page_of_an_earlier_offer_keeps_the_words_and_leads_to_the_newer(page) -> None:
    case = offered_case()
    first = offer_of(case)
    case = send_offer(case, by=staff(Role.AGENT), plan=approved_plan(case))
    client = consumer_client(case)
    url = reverse(f"compensation:{page}", args=[case.reference])

    refused = client.post(url, {"offer": first.pk, "text": "还差运费"})

    shown = refused.content.decode()
    assert refused.status_code == 422 and "还差运费" in shown and "看新的方案" in shown
    assert f'value="{offer_of(case).pk}"' in shown
    again = client.post(url, {"offer": offer_of(case).pk, "text": "还差运费"})
    assert again.status_code == 303

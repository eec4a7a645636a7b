"""Goods that come back: arranged, agreed, handed over, looked at; with a clock of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.states import Role
from agreements.days import today
from agreements.models import ConsumerLapse, GoodsReturn, Obligation
from agreements.selectors.reserves import shared_out
from agreements.services.handing_over import (
    Inspection,
    Pickup,
    answer_pickup,
    arrange_pickup,
    hand_over,
    inspect_goods,
    say_goods_sent,
)
from agreements.services.lapses import settle_lapse
from agreements.services.pursuing import pursue
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import AccountabilityItem, Case, Clock, Notification, OutboxMessage
from complaints.moments import now, shift_to
from complaints.services.sweeping import sweep
from complaints.states import ClockKind, ClockState, Stage
from tests.agreements.makers import perform_all, picture, signed
from tests.agreements.test_instalments import agreed
from tests.compensation.makers import chosen_case
from tests.factories import staff
from tests.liability.doors import consumer_client, staff_client

CONSUMER = Actor.consumer()


def goods_case(handover: str = "pickup", *, days: int = 5) -> tuple[Case, Obligation]:
    """A case whose consumer gives a kettle back within some days."""
    case = chosen_case()
    back = (today() + timedelta(days=days)).isoformat()
    terms = agreed(case, handover=handover, goods="K7 电热水壶", freight="company", goods_due=back)
    case = signed(case, terms=terms).case
    return case, duty_of(case)


def duty_of(case: Case) -> Obligation:
    rows = Obligation.objects.filter(agreement__case=case, kind="return_of_goods")
    return rows.select_related("agreement__case__consumer").get()


def pickup(**fields: Any) -> Pickup:
    usual = Pickup(
        carrier="顺丰速运",
        day=today() + timedelta(days=2),
        begins=time(9),
        ends=time(12),
        address="上海市闵行区莘庄镇 1 号",
        number="SF100",
    )
    return replace(usual, **fields)


def clock_of(case: Case) -> Clock | None:
    return Clock.objects.filter(
        case=case, kind=ClockKind.CONSUMERS_DUTY, state=ClockState.RUNNING
    ).first()


@given(
    st.decimals("0", "99999", places=2),
    st.lists(
        st.tuples(st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.decimals("0", "9999", places=2)),
        max_size=12,
    ),
)
def test_what_stands_by_is_shared_out_without_a_rest(
    committed: Decimal, owed: list[tuple[date, Decimal]]
) -> None:
    rows = [(key, day, amount) for key, (day, amount) in enumerate(owed)]
    shares = shared_out(committed, rows)

    assert sum(shares.values(), Decimal(0)) == min(
        committed, sum((amount for _key, _day, amount in rows), Decimal(0))
    )
    assert all(0 <= shares[key] <= amount for key, _day, amount in rows)
    short = [(day, key) for key, day, amount in rows if shares[key] < amount]
    covered = [(day, key) for key, day, _amount in rows if shares[key] > 0]
    assert not short or not covered or max(covered) <= min(short) or max(covered) in short


@pytest.mark.django_db
def test_pickup_goes_from_the_arrangement_to_the_inspection() -> None:
    case, duty = goods_case()
    assert clock_of(case) is not None
    client = consumer_client(case)
    page = reverse("track:case", args=[case.reference])
    answer = reverse("agreements:answer_obligation", args=[case.reference, duty.pk])
    assert "我们会联系你，上门取件" in client.get(page).content.decode()
    desk = staff_client(Role.AGENT)
    form = {
        "carrier": "顺丰速运",
        "pickup_on": (today() + timedelta(days=2)).isoformat(),
        "pickup_from": "09:00",
        "pickup_to": "12:00",
        "address": "上海市闵行区莘庄镇 1 号",
        "number": "SF100",
    }
    address = reverse("agreements:pickup", args=[case.reference, duty.pk])
    assert desk.get(address).status_code == 200
    assert desk.post(address, form).status_code == 303
    told = client.get(page).content.decode()
    assert "顺丰速运" in told and "09:00–12:00" in told and "SF100" in told
    assert OutboxMessage.objects.filter(case=case, kind="pickup_arranged").exists()

    client.post(answer, {"pickup": "other", "words": "晚上才在家"})
    assert "另约时间" in client.get(page).content.decode()
    assert Notification.objects.filter(case=case, kind="pickup_refused").exists()
    tab = reverse("desk:case_tab", args=[case.reference, "agreement"])
    assert "晚上才在家" in desk.get(tab).content.decode()
    arrange_pickup(duty, by=staff(Role.AGENT), pickup=pickup(begins=time(19), ends=time(21)))
    client.post(answer, {"pickup": "fits"})
    client.post(answer, {"pickup": "fetched"})
    goods = GoodsReturn.objects.get()
    assert goods.agreed_at and goods.handed_over_by == "consumer"
    assert clock_of(case) is None
    assert "验收" in client.get(page).content.decode()

    address = reverse("agreements:goods", args=[case.reference, duty.pk])
    assert desk.post(address, {"condition": "as_agreed", "finding": ""}).status_code == 422
    photo = SimpleUploadedFile("壶.jpg", picture().read(), "image/jpeg")
    found = {"condition": "as_agreed", "finding": "完好", "proof": photo}
    assert desk.post(address, found).status_code == 303
    duty.refresh_from_db()
    goods.refresh_from_db()
    assert duty.status == "performed" and duty.proof is not None
    assert goods.received_at is not None
    assert perform_all(Case.objects.get(pk=case.pk)).stage == Stage.FOLLOWING_UP


@pytest.mark.django_db
def test_nobody_is_late_whom_we_left_waiting() -> None:
    case, duty = goods_case(days=4)
    shift_to(now() + timedelta(days=3))
    pursue()
    pursue()
    assert Notification.objects.filter(kind="pickup_to_arrange").count() == 1
    shift_to(now() + timedelta(days=6))
    pursue()
    assert not ConsumerLapse.objects.exists()
    case = arrange_pickup(duty, by=staff(Role.AGENT), pickup=pickup())

    duty.refresh_from_db()
    assert duty.due_on == today() + timedelta(days=2)
    clock = clock_of(case)
    assert clock is not None and clock.due_at == duty.due_at
    answer_pickup(duty, by=CONSUMER, fits=False, words="出差")
    shift_to(now() + timedelta(days=4))
    pursue()
    assert not ConsumerLapse.objects.exists()


@pytest.mark.django_db
def test_arranged_and_not_kept_is_the_consumers_lapse_to_its_end() -> None:
    case, duty = goods_case()
    arrange_pickup(duty, by=staff(Role.AGENT), pickup=pickup())
    perform_all(case)
    shift_to(now() + timedelta(days=6))
    pursue()
    lapse = ConsumerLapse.objects.get()
    clock = clock_of(case)
    assert clock is not None and clock.due_at is not None
    assert clock.due_at.date() >= lapse.grace_until - timedelta(days=1)

    shift_to(clock.due_at + timedelta(days=1))
    sweep()
    pursue()
    assert clock_of(case) is None
    assert not AccountabilityItem.objects.filter(clock__kind=ClockKind.CONSUMERS_DUTY).exists()
    case = settle_lapse(
        Case.objects.get(pk=case.pk),
        duty.pk,
        by=staff(Role.AGENT),
        outcome="extended",
        note="月底回来",
        new_due=today() + timedelta(days=9),
    )
    assert clock_of(case) is not None
    settled = ConsumerLapse.objects.get()
    assert settled.outcome == "extended"


@pytest.mark.django_db
def test_goods_sent_after_the_reminder_need_no_decision() -> None:
    case, duty = goods_case("ship")
    shift_to(now() + timedelta(days=6))
    pursue()
    lapse = ConsumerLapse.objects.get()
    say_goods_sent(duty, by=CONSUMER, tracking="顺丰 SF1")
    shift_to(now() + timedelta(days=20))
    pursue()
    lapse.refresh_from_db()
    assert lapse.grace_told_at is None and lapse.closed_at is None

    inspect_goods(duty, by=staff(Role.AGENT), found=Inspection("as_agreed", "完好"))
    lapse.refresh_from_db()
    assert lapse.outcome == "performed"
    assert clock_of(case) is None


@pytest.mark.django_db
def test_what_is_missing_is_said_and_gets_time() -> None:
    case, duty = goods_case("ship")
    say_goods_sent(duty, by=CONSUMER, tracking="顺丰 SF1")
    assert clock_of(case) is None
    shift_to(now() + timedelta(days=8))
    pursue()
    assert not ConsumerLapse.objects.exists()
    found = Inspection(condition="incomplete", finding="少了底座")
    case = inspect_goods(duty, by=staff(Role.AGENT), found=found)

    duty.refresh_from_db()
    assert duty.status == "pending" and duty.due_on > today() + timedelta(days=6)
    assert clock_of(case) is not None
    assert OutboxMessage.objects.filter(case=case, kind="goods_incomplete").exists()
    page = consumer_client(case).get(reverse("track:case", args=[case.reference]))
    assert "少了底座" in page.content.decode() and "我寄出了" in page.content.decode()
    say_goods_sent(duty, by=CONSUMER, tracking="顺丰 SF2")
    inspect_goods(duty, by=staff(Role.AGENT), found=Inspection("as_agreed", "底座补到，完好"))
    duty.refresh_from_db()
    assert duty.status == "performed"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"carrier": " "}, "carrier"),
        ({"address": ""}, "address"),
        ({"day": date(2020, 1, 1)}, "pickup_on"),
        ({"ends": time(9)}, "pickup_to"),
    ],
)
def test_arrangement_has_to_be_whole(fields: dict[str, Any], field: str) -> None:
    _case, duty = goods_case()
    with pytest.raises(CaseError) as caught:
        arrange_pickup(duty, by=staff(Role.AGENT), pickup=pickup(**fields))

    assert caught.value.field == field
    assert not GoodsReturn.objects.exists()


@pytest.mark.django_db
def test_who_may_do_what_with_goods() -> None:
    case, duty = goods_case("ship")
    agent = staff(Role.AGENT)
    with pytest.raises(CaseError, match="自己交回"):
        arrange_pickup(duty, by=agent, pickup=pickup())
    with pytest.raises(CaseError, match="还没有安排"):
        answer_pickup(duty, by=CONSUMER, fits=True)
    for act in (
        lambda by: arrange_pickup(duty, by=by, pickup=pickup()),
        lambda by: hand_over(duty, by=by),
        lambda by: inspect_goods(duty, by=by, found=Inspection("as_agreed", "好")),
    ):
        with pytest.raises(StepForbidden):
            act(staff(Role.FINANCE))
    hand_over(duty, by=agent, number="SF9")
    with pytest.raises(CaseError, match="已经交出"):
        hand_over(duty, by=agent)
    money = Obligation.objects.select_related("agreement__case").get(
        agreement__case=case, kind="payment"
    )
    with pytest.raises(CaseError, match="不用你退回"):
        hand_over(money, by=CONSUMER)
    assert GoodsReturn.objects.get().private["number"] == "SF9"
    assert b"SF9" not in bytes(GoodsReturn.objects.get().private_sealed)
    with pytest.raises(IntegrityError), transaction.atomic():
        GoodsReturn.objects.update(condition="as_agreed")

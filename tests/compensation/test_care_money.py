"""What care costs comes out of the case's fund, after the consumer's money; its notes stay."""

from __future__ import annotations

import io
import json
import zipfile
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.states import Role
from compensation.models import CareTask, FundEntry, FundHold
from compensation.selectors.care import case_costs
from compensation.selectors.funds import journal_is_kept, sums_of
from compensation.services.care import book_waiting, finish_care, skip_care, start_care
from compensation.services.funds import allot, commit_owed, pay_out, reserve_for_offers
from complaints.actors import Actor
from complaints.models import Case, CaseEvent, Notification
from complaints.selectors.data_requests import personal_data
from complaints.services.locking import locked_case
from reviews.services.packing import write_pack
from tests.compensation.makers import line, offered_case, option, plan_data
from tests.compensation.money_makers import fund_of
from tests.factories import make_case, make_team, make_user, staff
from tests.liability.doors import staff_client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def company() -> None:
    make_team(manager=make_user(Role.MANAGER), is_default=True)


def cared(case: Case | None = None) -> Case:
    """A case with the care of an injury: limits of 500, 3000 and 500 yuan."""
    case = case or make_case()
    start_care(case, by=staff(Role.AGENT), cause="injury")
    return Case.objects.get(pk=case.pk)


def task_of(case: Case, kind: str) -> CareTask:
    return CareTask.objects.get(case=case, kind=kind)


def done(case: Case, kind: str, cost: str, note: str = "") -> CareTask:
    return finish_care(task_of(case, kind), by=staff(Role.MANAGER), cost=Decimal(cost), note=note)


def test_open_tasks_reserve_their_limit_and_a_cost_is_paid_and_the_rest_freed() -> None:
    fund = fund_of("10000.00")
    case = cared()
    assert FundHold.objects.get(case=case).reserved == 4000

    task = done(case, "counselling", "1200.00")

    hold = FundHold.objects.get(case=case)
    assert (hold.reserved, hold.paid) == (1000, 1200)
    assert task.booked_at is not None
    skip_care(task_of(case, "gift"), by=staff(Role.AGENT), reason="对方不要")
    assert FundHold.objects.get(case=case).reserved == 500
    assert sums_of(fund).free == Decimal("8300.00") and journal_is_kept(fund)
    entry = FundEntry.objects.get(key=f"care:{task.pk}")
    assert (entry.kind, entry.note) == ("pay", "关怀")
    costs = case_costs(case, case.care_tasks.all())
    assert (costs.paid, costs.care, costs.unbooked, costs.whole) == (0, 1200, 0, 1200)
    shown = staff_client(Role.AGENT).get(reverse("compensation:beside", args=[case.reference]))
    assert "本案已花 ¥1,200.00，其中关怀 ¥1,200.00" in shown.content.decode()


def test_where_the_fund_is_short_the_task_is_done_and_booked_later() -> None:
    fund, finance = fund_of("100.00"), make_user(Role.FINANCE)
    case = cared()
    assert FundHold.objects.get(case=case).reserved == 100

    task = done(case, "counselling", "1200.00")

    assert (task.status, task.booked_at) == ("done", None)
    assert Notification.objects.filter(user=finance, kind="care_unbooked").count() == 1
    assert FundHold.objects.get(case=case).paid == 0
    assert book_waiting() == 0
    allot(fund, by=staff(Role.MANAGER), amount=Decimal(5000), note="追加", key="more")
    assert book_waiting() == 1 and book_waiting() == 0
    assert FundHold.objects.get(case=case).paid == 1200
    assert journal_is_kept(fund)


def test_without_a_fund_nothing_is_kept() -> None:
    case = cared()

    assert done(case, "counselling", "1200.00").booked_at is not None
    assert not FundHold.objects.exists()


def test_care_never_keeps_an_offer_back_and_an_agreement_keeps_its_reserve() -> None:
    fund = fund_of("400.00")
    plan = plan_data(option("全额退款", line("299.00")), option("退款", line("299.00")))
    case = cared(offered_case(plan=plan))
    hold = FundHold.objects.get(case=case)
    assert hold.reserved == 400 and sums_of(fund).free == 0
    case = locked_case(case)

    assert commit_owed(case, by=Actor.system(), owed=Decimal("299.00")) == 0

    hold.refresh_from_db()
    assert (hold.committed, hold.reserved) == (299, 101)
    pay_out(case, by=Actor.system(), amount=Decimal("299.00"), key="payment:1")
    reserve_for_offers(case, by=Actor.system())
    assert journal_is_kept(fund) and sums_of(fund).free >= 0


def test_care_spends_nothing_of_what_an_offer_needs() -> None:
    fund = fund_of("400.00")
    plan = plan_data(option("全额退款", line("299.00")), option("退款", line("299.00")))
    case = cared(offered_case(plan=plan))

    task = done(case, "counselling", "150.00")

    assert task.booked_at is None
    assert FundHold.objects.get(case=case).reserved >= 299
    assert done(case, "gift", "90.00").booked_at is not None
    assert journal_is_kept(fund)


def test_a_note_leaves_in_no_export_pack_log_or_page() -> None:
    case, secret = cared(), "孕期第八周，情绪很差"
    done(case, "counselling", "10.00", note=secret)
    case = Case.objects.get(pk=case.pk)
    pack = io.BytesIO()
    write_pack(case, pack, without_others=False)
    told = [
        json.dumps(personal_data(case), default=str, ensure_ascii=False),
        json.dumps(
            [event.data for event in CaseEvent.objects.filter(case=case)], ensure_ascii=False
        ),
    ]
    manager = staff_client(Role.MANAGER)
    for path in (
        reverse("desk:case", args=[case.reference]),
        reverse("desk:case_tab", args=[case.reference, "log"]),
        reverse("compensation:care", args=[case.reference]),
        reverse("compensation:care_list"),
        reverse("compensation:beside", args=[case.reference]),
        f"/api/v1/cases/{case.reference}/",
    ):
        told.append(manager.get(path).content.decode())

    assert all(secret not in text for text in told)
    assert not any(secret.encode() in data for data in _files_of(pack))


def _files_of(pack: io.BytesIO) -> list[bytes]:
    with zipfile.ZipFile(pack) as archive:
        return [archive.read(name) for name in archive.namelist()]

"""The legal floor of a case: reckoned, kept, replayed, and what a plan rests on."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.states import Role
from compensation.models import EntitlementSheet, LegalRuleVersion
from compensation.rules import SHIPPED
from compensation.selectors.rules import current_sheet, published_book, reckoned_again
from compensation.services.approving import submit_plan
from compensation.services.offering import send_offer
from compensation.services.planning import save_plan
from compensation.services.sheets import record_sheet
from compensation.states import LineKind, OptionKind, PlanStatus
from complaints.errors import CaseError, StepForbidden
from complaints.models import CaseEvent
from complaints.moments import now
from tests.compensation.makers import approved_plan, line, new_kettle, option, plan_data, plan_of
from tests.factories import staff
from tests.liability.doors import consumer_client, staff_client
from tests.liability.makers import accepted_case, determined_case

pytestmark = pytest.mark.django_db

KETTLE = {
    "price_paid": "299.00",
    "return_and_refund": True,
    "as_described": False,
    "other_losses": "38.00",
}


def reckoned(case, *, by=None, **facts):
    """A sheet of the kettle's facts, with more of them."""
    return record_sheet(case, by=by or staff(Role.AGENT), facts=KETTLE | facts, confirmed=True)


def test_the_published_rules_are_those_that_ship():
    published = list(published_book())
    assert len(published) == len(SHIPPED)
    assert [rule for rule in SHIPPED if rule not in published] == []


def test_a_published_rule_is_kept_as_it_is():
    row = LegalRuleVersion.objects.filter(rule="R01").first()
    for change in (lambda: row.delete(), lambda: row.save()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_sheet_has_the_floor_its_lines_and_who_reckoned():
    case, agent = determined_case(), staff(Role.AGENT)
    sheet = reckoned(case, by=agent)
    assert (sheet.total, sheet.beside_remedy) == (Decimal("337.00"), Decimal("38.00"))
    assert [one["kind"] for one in sheet.lines] == ["refund", "loss"]
    assert all(one["article"] and one["formula"] for one in sheet.lines)
    assert (sheet.made_by, sheet.number) == (agent.user, 1)
    assert CaseEvent.objects.filter(case=case, kind="sheet_recorded").count() == 1


def test_findings_count_only_when_somebody_confirms_them():
    case, facts = determined_case(), {"price_paid": "10.00", "fraud_found": True}
    with pytest.raises(CaseError) as refused:
        record_sheet(case, by=staff(Role.AGENT), facts=facts)
    assert refused.value.field == "confirmed"
    assert not EntitlementSheet.objects.exists()
    sheet = record_sheet(case, by=staff(Role.AGENT), facts=facts, confirmed=True)
    assert sheet.findings == ["fraud_found"]
    assert sheet.result["available_on_request"] == "500.00"


def test_bad_facts_name_the_field_and_leave_nothing():
    case = determined_case()
    with pytest.raises(CaseError) as refused:
        reckoned(case, refund_already_paid="300.00")
    assert refused.value.field == "refund_already_paid"
    assert not EntitlementSheet.objects.exists()


def test_nobody_reckons_before_the_finding_or_without_the_right():
    with pytest.raises(CaseError):
        reckoned(accepted_case())
    with pytest.raises(StepForbidden):
        reckoned(determined_case(), by=staff(Role.FINANCE))
    assert not EntitlementSheet.objects.exists()


def test_a_sheet_is_only_added_to():
    sheet = reckoned(determined_case())
    with pytest.raises(DatabaseError), transaction.atomic():
        EntitlementSheet.objects.filter(pk=sheet.pk).update(total=Decimal(1))
    with pytest.raises(DatabaseError), transaction.atomic():
        sheet.delete()


def test_a_plans_floor_is_the_sheets_whatever_was_entered():
    case = determined_case()
    sheet = reckoned(case)
    plan = plan_data(legal_minimum=Decimal("1.00"), legal_basis="自己写的")
    saved = save_plan(case, by=staff(Role.AGENT), plan=plan)
    assert (saved.legal_minimum, saved.sheet) == (Decimal("337.00"), sheet)
    assert "产品质量法" in saved.legal_basis
    assert [one.legal_minimum for one in saved.options.order_by("position")] == [
        None,
        Decimal("38.00"),
    ]


def test_an_option_under_the_sheets_floor_is_refused():
    case, agent = determined_case(), staff(Role.AGENT)
    reckoned(case)
    saved = save_plan(case, by=agent, plan=plan_data())
    with pytest.raises(CaseError) as refused:
        submit_plan(case, by=agent, plan=saved)
    assert "337.00" in str(refused.value)
    enough = option("全额退款", line("299.00"), line("38.00", kind=LineKind.LOSS))
    told = plan_data(enough, new_kettle(), deviation_reason="消费者不要补偿金")
    saved = save_plan(case, by=agent, plan=told)
    assert submit_plan(case, by=agent, plan=saved).status == PlanStatus.PENDING_APPROVAL


def test_a_repair_without_what_is_due_beside_it_is_refused():
    case, agent = determined_case(), staff(Role.AGENT)
    reckoned(case)
    bare = option(
        "维修",
        line("60.00", kind=LineKind.REPAIR, is_cash=False, unit="次"),
        kind=OptionKind.REPAIR,
        legal_minimum=Decimal(0),
    )
    enough = option("全额退款", line("337.00"))
    saved = save_plan(case, by=agent, plan=plan_data(enough, bare))
    with pytest.raises(CaseError):
        submit_plan(case, by=agent, plan=saved)


def test_a_plan_of_an_earlier_sheet_does_not_leave():
    case = determined_case()
    plan = approved_plan(case)
    reckoned(case)
    with pytest.raises(CaseError):
        send_offer(case, by=staff(Role.AGENT), plan=plan)
    assert not hasattr(plan_of(case), "offer")


def test_stored_sheets_are_replayed_by_the_rules_of_their_time():
    sheet = reckoned(determined_case(), fraud_found=True, consumer_requests_extra=True)
    old = LegalRuleVersion.objects.get(rule="R01", effective_to=None)
    LegalRuleVersion.objects.create(
        rule="R01",
        title=old.title,
        article=old.article,
        formula=old.formula,
        group=old.group,
        parameters={"multiple": "4", "floor": "500"},
        effective_from=sheet.on_day,
        source=old.source,
        created_at=now(),
        published_at=now(),
    )
    assert reckoned_again(sheet).as_data() == sheet.result
    other = reckoned_again(sheet, published_book()).result
    assert (sheet.result["extra_damages"], other["extra_damages"]) == ("897.00", "1196.00")


def replay(*references: str) -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("replay_sheets", *references, stdout=out)
    except SystemExit as left:
        return out.getvalue(), int(left.code or 0)
    return out.getvalue(), 0


def test_the_command_shows_sheets_that_come_out_otherwise():
    case = determined_case()
    good = reckoned(case)
    assert replay(case.reference) == ("1 sheets, 0 different\n", 0)
    EntitlementSheet.objects.create(
        case=case,
        number=2,
        kind=good.kind,
        facts=good.facts,
        result={**good.result, "refund": "1.00"},
        total=good.total,
        beside_remedy=good.beside_remedy,
        currency="CNY",
        on_day=good.on_day,
        calendar_version=good.calendar_version,
        made_by=good.made_by,
        made_at=now(),
    )
    assert replay() == (f"{case.reference} #2: refund\n2 sheets, 1 different\n", 1)


POST = {
    "price_paid": "299.00",
    "consumption_purpose": "household",
    "role": "seller",
    "return_and_refund": "on",
    "as_described": "on",
    "other_losses": "38.00",
}


def test_the_page_reckons_and_the_plan_begins_with_it():
    case = determined_case()
    agent = staff_client(Role.AGENT)
    page = reverse("compensation:sheet_edit", args=[case.reference])
    assert agent.get(page).status_code == 200
    answer = agent.post(page, POST)
    assert answer.status_code == 303
    sheet = current_sheet(case)
    assert sheet is not None and sheet.total == Decimal("337.00")
    plan = agent.get(reverse("compensation:plan_edit", args=[case.reference])).content.decode()
    assert "¥337.00" in plan and "产品质量法第四十条" in plan
    assert 'name="legal_minimum"' not in plan
    assert 'value="38.00"' in plan
    again = agent.get(page).content.decode()
    assert 'value="299.00"' in again and "第 1 次核算" in again


def test_the_page_asks_for_the_confirmation_of_findings():
    case = determined_case()
    agent = staff_client(Role.AGENT)
    page = reverse("compensation:sheet_edit", args=[case.reference])
    answer = agent.post(page, POST | {"fraud_found": "on"})
    assert answer.status_code == 422
    assert "由人核对证据后确认" in answer.content.decode()
    assert current_sheet(case) is None
    confirmed = POST | {"fraud_found": "on", "consumer_requests_extra": "on", "confirmed": "on"}
    assert agent.post(page, confirmed).status_code == 303
    assert current_sheet(case).result["extra_damages"] == "897.00"


def test_the_consumer_reads_the_floor_and_its_articles_with_the_offer():
    case = determined_case()
    reckoned(case)
    enough = option("全额退款", line("337.00"))
    told = plan_data(enough, new_kettle(), deviation_reason="消费者不要补偿金")
    plan = approved_plan(case, plan=told)
    case = send_offer(case, by=staff(Role.AGENT), plan=plan)
    client = consumer_client(case)
    for name in ("track:case", "compensation:choose"):
        text = client.get(reverse(name, args=[case.reference])).content.decode()
        assert "法律规定至少给你 ¥337.00" in text
        assert "消费者权益保护法第四十八条" in text
        assert "算法" not in text

"""Caring calls: planned by a rule, called with a script, ended by a word or by silence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.states import Role
from agreements.models import CareCall, CareCallRule, CareTry
from agreements.selectors.care_calls import care_calls_waiting, care_sums
from agreements.services.caring import record_care, record_care_try, save_rule
from agreements.services.following_up import record_follow_up
from agreements.services.pursuing import pursue
from agreements.states import CareState
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, CaseEvent, Notification
from complaints.moments import now, shift_to
from complaints.states import Category, Stage
from tests.agreements.makers import following_case
from tests.factories import staff
from tests.liability.doors import staff_client

pytestmark = pytest.mark.django_db


def closed_case(**fields: Any) -> Case:
    """A case that was performed, confirmed and closed."""
    return record_follow_up(following_case(**fields), by=Actor.consumer(), arrived=True, rating=5)


def rule_for_all(*, after_days: int = 14, **fields: Any) -> CareCallRule:
    fields = {"name": "所有案件", "cause": "any", **fields}
    return save_rule(None, by=staff(Role.MANAGER), after_days=after_days, **fields)


def planned(**fields: Any) -> CareCall:
    """A call that is planned for a closed case."""
    closed_case(**fields)
    rule_for_all()
    pursue()
    return CareCall.objects.select_related("case__consumer", "rule").get()


def test_only_hurt_people_are_called_until_a_rule_says_more() -> None:
    assert CareCallRule.objects.get().cause == "hurt"
    case = closed_case()
    pursue()
    assert not CareCall.objects.exists()
    Case.objects.filter(pk=case.pk).update(severity="severe")
    pursue()
    pursue()
    call = CareCall.objects.get()

    assert (call.case_id, call.state) == (case.pk, CareState.PLANNED)
    assert timedelta(days=20) <= call.due_on - now().date() <= timedelta(days=32)


def test_of_several_rules_the_soonest_plans_one_call() -> None:
    case = closed_case()
    Case.objects.filter(pk=case.pk).update(severity="severe")
    soon = rule_for_all(after_days=3)
    rule_for_all(after_days=60, name="两个月后")
    pursue()

    assert CareCall.objects.get().rule == soon


@pytest.mark.parametrize(
    "rule",
    [{"is_active": False}, {"category": Category.DELIVERY}],
    ids=["switched off", "other goods"],
)
def test_rule_plans_only_what_it_says(rule: dict[str, Any]) -> None:
    closed_case()
    rule_for_all(**rule)
    pursue()

    assert not CareCall.objects.exists()


def test_reached_and_well() -> None:
    call = planned()
    record_care(call, by=staff(Role.AGENT), state=CareState.WELL, words="都挺好")
    call.refresh_from_db()

    assert (call.state, call.words) == (CareState.WELL, "都挺好")
    assert "都挺好".encode() not in bytes(call.words_sealed)
    assert CaseEvent.objects.filter(case=call.case, kind="care_call_made").count() == 1
    with pytest.raises(CaseError, match="已经登记过"):
        record_care(call, by=staff(Role.AGENT), state=CareState.WELL)


def test_who_needs_help_is_passed_on_at_once() -> None:
    call = planned()
    with pytest.raises(CaseError, match="什么帮助"):
        record_care(call, by=staff(Role.AGENT), state=CareState.NEEDS_HELP)
    record_care(call, by=staff(Role.AGENT), state=CareState.NEEDS_HELP, words="手还疼")

    assert Notification.objects.filter(case=call.case, kind="care_needed").exists()
    assert (care_sums().reached, care_sums().need_help) == (1, 1)


def test_three_times_nobody_there_ends_it_and_is_counted() -> None:
    call, agent = planned(), staff(Role.AGENT)
    record_care_try(call, by=agent, outcome="no_answer")
    with pytest.raises(CaseError, match="两小时"):
        record_care_try(call, by=agent, outcome="no_answer")
    for _time in range(2):
        shift_to(now() + timedelta(hours=3))
        record_care_try(call, by=agent, outcome="no_answer")
    call.refresh_from_db()

    assert call.state == CareState.UNREACHED
    assert care_sums().unreached == 1 and care_sums().reached == 0
    assert not care_calls_waiting(staff(Role.MANAGER)).exists()
    assert CaseEvent.objects.filter(case=call.case, kind="care_call_unreached").exists()


def test_wrong_number_counts_and_a_call_agreed_for_later_does_not() -> None:
    call, agent = planned(), staff(Role.AGENT)
    with pytest.raises(CaseError, match="什么时候再打"):
        record_care_try(call, by=agent, outcome="again")
    with pytest.raises(CaseError, match="14 天"):
        record_care_try(call, by=agent, outcome="again", again_at=now() + timedelta(days=15))
    later = now() + timedelta(days=3)
    for _time in range(4):
        record_care_try(call, by=agent, outcome="again", again_at=later)
    call.refresh_from_db()
    assert call.state == CareState.PLANNED
    record_care_try(call, by=agent, outcome="wrong", note="是别人的号码")
    record_care_try(call, by=agent, outcome="wrong")
    record_care_try(call, by=agent, outcome="no_answer")
    call.refresh_from_db()

    assert call.state == CareState.UNREACHED
    assert CareTry.objects.count() == 7


def test_only_the_desk_calls_and_only_managers_rule() -> None:
    call = planned()
    with pytest.raises(StepForbidden):
        record_care(call, by=staff(Role.FINANCE), state=CareState.WELL)
    with pytest.raises(StepForbidden):
        save_rule(None, by=staff(Role.AGENT), name="x", cause="any", after_days=3)
    for fields in ({"after_days": 0}, {"after_days": 366}, {"cause": "all"}, {"name": " "}):
        with pytest.raises(CaseError):
            rule_for_all(**{"name": "另一条", "after_days": 5, **fields})
    with pytest.raises(CaseError, match="同名"):
        rule_for_all()


def test_pages_lead_from_the_list_to_the_answer() -> None:
    call = planned()
    CareCall.objects.update(due_on=now().date())
    client = staff_client(Role.MANAGER)
    listed = client.get(reverse("agreements:calls")).content.decode()
    address = reverse("agreements:care_call", args=[call.pk])
    assert address in listed and "规则" in listed
    assert "怎么说" in client.get(address).content.decode()
    assert client.post(address, {"state": ""}).status_code == 422
    assert client.post(address, {"outcome": "again"}).status_code == 422
    assert client.post(address, {"outcome": "no_answer", "note": "无人接听"}).status_code == 303
    assert "无人接听" in client.get(address).content.decode()
    assert client.post(address, {"state": "well", "words": "都好，谢谢"}).status_code == 303
    assert "都好，谢谢" in client.get(address).content.decode()
    assert address not in client.get(reverse("agreements:calls")).content.decode()
    assert Case.objects.get(pk=call.case_id).stage == Stage.CLOSED


def test_rules_page_writes_and_changes_a_rule() -> None:
    client = staff_client(Role.MANAGER)
    address = reverse("agreements:care_rules")
    rule = CareCallRule.objects.get()
    data = {"name": "四周以后", "cause": "hurt", "after_days": "28", "is_active": "on"}
    assert client.post(f"{address}?rule={rule.pk}", data).status_code == 303
    assert client.post(address, {**data, "name": "所有", "cause": "any"}).status_code == 303
    assert client.post(address, {**data, "after_days": "0"}).status_code == 422
    rule.refresh_from_db()

    assert (rule.after_days, CareCallRule.objects.count()) == (28, 2)
    assert staff_client(Role.AGENT).get(address).status_code == 403

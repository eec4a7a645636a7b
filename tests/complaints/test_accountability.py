"""A missed promise: who answers, the right of reply, the decision, the measure, who sees what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import AccountabilityItem, Case, CaseEvent, Notification
from complaints.moments import now, shift_to, shifted_to
from complaints.selectors.accountability import ItemFilters, items_listed, items_waiting
from complaints.selectors.policies import forget_policies, working_calendar
from complaints.services import triage
from complaints.services.accountability import (
    assign_item,
    decide_item,
    finish_measure,
    reply_to_item,
)
from complaints.services.calendars import put_calendar
from complaints.services.outbox import deliver_due
from complaints.services.sweeping import sweep
from tests.factories import make_case, make_team, make_user, staff

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


def missed(*, owner: User | None = None, manager: User | None = None) -> AccountabilityItem:
    """The item of a case whose acknowledgement came a day too late; time goes on from there."""
    make_team(manager=manager, is_default=True)
    case = make_case()
    if owner is not None:
        triage.assign(case, owner=owner, by=staff(Role.MANAGER))
    shift_to(now() + timedelta(hours=25))
    sweep()
    return AccountabilityItem.objects.get(case=case)


def decide(item: AccountabilityItem, *, by: Actor, **other) -> AccountabilityItem:
    said = {"outcome": "upheld", "decision": "交接有漏洞", "cause": "staffing"}
    return decide_item(item, by=by, **{**said, **other})


# --- Who answers ---
def test_owner_of_the_case_answers_and_is_told():
    agent = make_user(Role.AGENT)
    item = missed(owner=agent, manager=make_user(Role.MANAGER))
    assert item.owner == agent
    notice = Notification.objects.get(user=agent, kind="accountability_opened")
    assert notice.data["item"] == item.pk
    deliver_due()
    told = [each for each in mail.outbox if each.to == [agent.email] and "超时" in each.subject]
    assert [f"/desk/accountability/{item.pk}/" in each.body for each in told] == [True]


def test_manager_of_the_team_answers_for_a_case_of_nobody():
    manager = make_user(Role.MANAGER)
    assert missed(manager=manager).owner == manager


def test_item_of_nobody_is_given_to_somebody_whose_time_begins_then():
    item = missed()
    assert (item.owner, item.reply_by, item.decide_by) == (None, None, None)
    boss, agent = staff(Role.MANAGER), make_user(Role.AGENT)
    with pytest.raises(CaseError, match="还没有责任人"):
        decide(item, by=boss)
    with pytest.raises(StepForbidden):
        assign_item(item, by=Actor.staff(agent), owner=agent)
    shift_to(now() + 5 * DAY)
    item = assign_item(item, by=boss, owner=agent)
    assert item.reply_by > now() + 2 * DAY
    assert CaseEvent.objects.filter(case=item.case, kind="accountability_assigned").count() == 1
    deliver_due()
    assert [each.to for each in mail.outbox if "请说明" in each.subject] == [[agent.email]]


def test_nobody_is_put_in_the_place_of_one_who_has_explained():
    agent = make_user(Role.AGENT)
    item = missed(owner=agent)
    reply_to_item(item, by=Actor.staff(agent), reply="漏看了", cause="staffing")
    with pytest.raises(CaseError, match="不能再换人"):
        assign_item(item, by=staff(Role.MANAGER), owner=make_user(Role.AGENT))


# --- The right of reply ---
@pytest.mark.parametrize(
    ("missed_on", "until"),
    [
        (datetime(2026, 11, 23, 10), datetime(2026, 11, 28)),  # Tuesday: Wednesday to Friday
        (datetime(2026, 11, 26, 10), datetime(2026, 12, 3)),  # Friday: over a weekend
    ],
)
def test_three_working_days_to_explain(missed_on: datetime, until: datetime):
    agent = make_user(Role.AGENT)
    shift_to(missed_on.replace(tzinfo=SHANGHAI))
    item = missed(owner=agent)
    assert item.reply_by == until.replace(tzinfo=SHANGHAI)


def test_days_to_explain_are_those_of_the_team():
    agent = make_user(Role.AGENT)
    shift_to(datetime(2026, 11, 23, 10, tzinfo=SHANGHAI))
    item = missed(owner=agent)
    rests = {date(2026, 11, 25), date(2026, 11, 26)}
    data = replace(working_calendar(), key="plant", rest_days=frozenset(rests)).as_data()
    put_calendar("plant", data, by=staff(Role.MANAGER), teams=[item.case.team])
    forget_policies()
    item = assign_item(item, by=staff(Role.MANAGER), owner=make_user(Role.AGENT))
    # Wednesday and Thursday rest; Friday, Monday and Tuesday count.
    assert item.reply_by == datetime(2026, 12, 2, tzinfo=SHANGHAI)


def test_decision_waits_for_the_reply_or_the_end_of_its_time():
    item, boss = missed(owner=make_user(Role.AGENT)), staff(Role.MANAGER)
    shift_to(item.reply_by - timedelta(seconds=2))
    until = item.reply_by.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    with pytest.raises(CaseError, match=f"可以说明到 {until}"):
        decide(item, by=boss)
    item.refresh_from_db()
    assert (item.status, item.decided_at, item.outcome) == ("open", None, "")
    shift_to(item.reply_by + timedelta(seconds=1))
    assert decide(item, by=boss).status == "decided"


def test_reply_lets_the_decision_come_at_once_and_counts_its_days_anew():
    agent = make_user(Role.AGENT)
    item = missed(owner=agent)
    before = item.decide_by
    item = reply_to_item(item, by=Actor.staff(agent), reply="等检测", cause="other_department")
    assert item.decide_by < before
    assert decide(item, by=staff(Role.MANAGER)).outcome == "upheld"


def test_late_reply_is_still_heard_until_the_decision():
    agent = make_user(Role.AGENT)
    item = missed(owner=agent)
    shift_to(item.reply_by + DAY)
    item = reply_to_item(item, by=Actor.staff(agent), reply="出差", cause="staffing")
    decide(item, by=staff(Role.MANAGER))
    with pytest.raises(CaseError, match="已经决定"):
        reply_to_item(item, by=Actor.staff(agent), reply="还有", cause="staffing")


def test_database_itself_refuses_a_decision_before_the_owner_was_heard():
    item, boss = missed(owner=make_user(Role.AGENT)), make_user(Role.MANAGER)
    values = {"decided_by": boss, "outcome": "upheld", "decided_at": item.opened_at}
    with pytest.raises(IntegrityError, match="heard"), transaction.atomic():
        AccountabilityItem.objects.filter(pk=item.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        del values["outcome"]
        AccountabilityItem.objects.filter(pk=item.pk).update(replied_at=now(), **values)


def test_cause_is_listed_and_other_needs_words():
    agent = make_user(Role.AGENT)
    item, by = missed(owner=agent), Actor.staff(agent)
    for cause, note, field in (("", "", "cause"), ("weather", "", "cause"), ("other", " ", "note")):
        with pytest.raises(CaseError) as refusal:
            reply_to_item(item, by=by, reply="x", cause=cause, cause_note=note)
        assert field in refusal.value.field
    item = reply_to_item(item, by=by, reply="x", cause="other", cause_note="停电")
    assert (item.cause, item.cause_note, item.status) == ("other", "停电", "replied")


# --- The decision ---
def test_owner_who_is_a_manager_may_not_decide():
    manager = make_user(Role.MANAGER)
    item = missed(owner=manager)
    reply_to_item(item, by=Actor.staff(manager), reply="x", cause="staffing")
    with pytest.raises(StepForbidden):
        decide(item, by=Actor.staff(manager))
    assert decide(item, by=staff(Role.MANAGER)).decided_by != manager


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"outcome": "perhaps"}, "outcome"),
        ({"decision": " "}, "decision"),
        ({"measure": "交班清点"}, "measure_owner"),
        ({"measure": "交班清点", "who": True}, "measure_until"),
        ({"measure": "交班清点", "who": True, "days": -1}, "measure_until"),
        ({"who": True, "days": 3}, "measure"),
    ],
)
def test_decision_is_whole_or_not_taken(said: dict, field: str):
    agent = make_user(Role.AGENT)
    item = missed(owner=agent)
    reply_to_item(item, by=Actor.staff(agent), reply="x", cause="staffing")
    if said.pop("who", False):
        said["measure_owner"] = agent
    if "days" in said:
        said["measure_until"] = (now() + said.pop("days") * DAY).date()
    events = CaseEvent.objects.count()
    with pytest.raises(CaseError) as refusal:
        decide(item, by=staff(Role.MANAGER), **said)
    assert refusal.value.field == field
    assert CaseEvent.objects.count() == events


def test_owner_and_the_one_who_changes_something_are_told():
    agent, fixer = make_user(Role.AGENT), make_user(Role.INVESTIGATOR)
    item = missed(owner=agent)
    reply_to_item(item, by=Actor.staff(agent), reply="x", cause="staffing")
    deliver_due()
    mail.outbox.clear()
    until = (now() + 9 * DAY).date()
    decide(
        item,
        by=staff(Role.MANAGER),
        measure="交班清点",
        measure_owner=fixer,
        measure_until=until,
    )
    deliver_due()
    told = {each.to[0]: each.subject + each.body for each in mail.outbox}
    assert set(told) == {agent.email, fixer.email}
    assert "责任成立" in told[agent.email]
    assert until.isoformat() in told[fixer.email]
    assert "交接有漏洞" not in "".join(told.values())


def test_measure_is_confirmed_by_its_owner_or_a_manager_once():
    agent, fixer = make_user(Role.AGENT), make_user(Role.INVESTIGATOR)
    item = missed(owner=agent)
    reply_to_item(item, by=Actor.staff(agent), reply="x", cause="staffing")
    until = (now() + 9 * DAY).date()
    measure = {"measure": "交班清点", "measure_owner": fixer, "measure_until": until}
    item = decide(item, by=staff(Role.MANAGER), **measure)
    assert item.has_open_measure and item.measure_is_late(until + DAY)
    with pytest.raises(StepForbidden):
        finish_measure(item, by=Actor.staff(agent))
    item = finish_measure(item, by=Actor.staff(fixer))
    assert (item.measure_done_by, item.has_open_measure) == (fixer, False)
    with pytest.raises(CaseError):
        finish_measure(item, by=staff(Role.MANAGER))
    assert CaseEvent.objects.filter(case=item.case, kind="accountability_measure_done").count() == 1


def test_item_is_never_deleted():
    item = missed(owner=make_user(Role.AGENT))
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        item.delete()
    assert AccountabilityItem.objects.filter(pk=item.pk).exists()


# --- The list ---
def test_list_is_narrowed_by_what_a_manager_asks():
    agent, boss = make_user(Role.AGENT), staff(Role.MANAGER)
    item = missed(owner=agent)

    def found(**filters) -> list[AccountabilityItem]:
        return list(items_listed(boss, ItemFilters(**filters), moment=now()))

    assert found() == found(state="open") == found(clock="acknowledgement") == [item]
    assert found(team_id=item.case.team_id) == [item]
    assert found(team_id=item.case.team_id + 1) == found(clock="review") == found(mine=True) == []
    assert found(overdue=True) == []
    shift_to(item.decide_by + timedelta(seconds=1))
    assert found(overdue=True) == [item]
    decide(item, by=boss, measure="x", measure_owner=agent, measure_until=timezone.localdate(now()))
    assert found() == found(overdue=True) == []
    assert found(state="decided") == found(state="measure") == [item]


def test_everybody_finds_what_waits_for_them():
    agent, other, boss = make_user(Role.AGENT), make_user(Role.AGENT), staff(Role.MANAGER)
    item = missed(owner=agent)

    def waits(actor: Actor) -> bool:
        return item in items_waiting(actor, moment=now())

    assert (waits(Actor.staff(agent)), waits(Actor.staff(other)), waits(boss)) == (True,) + (
        False,
    ) * 2
    reply_to_item(item, by=Actor.staff(agent), reply="x", cause="staffing")
    assert (waits(Actor.staff(agent)), waits(boss)) == (False, True)
    until = timezone.localdate(now())
    decide(item, by=boss, measure="x", measure_owner=other, measure_until=until)
    assert (waits(Actor.staff(other)), waits(boss)) == (True, False)


# --- The pages ---
def opened(client: Client, user: User, item: AccountabilityItem) -> str:
    client.force_login(user)
    answer = client.get(reverse("complaints:accountability_item", args=[item.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_page_names_the_day_until_which_nobody_decides(client: Client):
    item, boss = missed(owner=make_user(Role.AGENT)), make_user(Role.MANAGER)
    page = opened(client, boss, item)
    assert "作出决定" not in page
    last = item.reply_by.astimezone(SHANGHAI) - timedelta(minutes=1)
    assert last.strftime("%Y-%m-%d 23:59") in page
    address = reverse("complaints:accountability_item", args=[item.pk])
    said = {"outcome": "upheld", "decision": "x", "cause": "system"}
    answer = client.post(address, said)
    assert answer.status_code == 422
    assert "在此之前还不能决定" in answer.content.decode()
    with shifted_to(item.reply_by + timedelta(seconds=5)):
        assert "作出决定" in client.get(address).content.decode()
        assert client.post(address, said).status_code == 303


def test_manager_names_somebody_on_the_page(client: Client):
    item, agent = missed(), make_user(Role.AGENT)
    assert "还没有责任人" in _list(client, make_user(Role.MANAGER))
    page = opened(client, make_user(Role.MANAGER), item)
    assert "指定责任人" in page
    address = reverse("complaints:accountability_assign", args=[item.pk])
    assert client.post(address, {"owner": ""}).status_code == 422
    assert client.post(address, {"owner": agent.pk}).status_code == 303
    assert "提交说明" in opened(client, agent, item)
    assert client.post(address, {"owner": make_user().pk}).status_code == 403


def _list(client: Client, user: User, **query: str) -> str:
    client.force_login(user)
    return client.get(reverse("complaints:accountability"), query).content.decode()


def test_measure_is_confirmed_on_the_page(client: Client):
    agent, fixer = make_user(Role.AGENT), make_user(Role.FINANCE)
    item = missed(owner=agent)
    reply_to_item(item, by=Actor.staff(agent), reply="x", cause="staffing")
    until = timezone.localdate(now())
    decide(item, by=staff(Role.MANAGER), measure="交班", measure_owner=fixer, measure_until=until)
    assert item.case.reference in _list(client, fixer, state="measure")
    assert "确认已完成" not in opened(client, agent, item)
    assert "确认已完成" in opened(client, fixer, item)
    done = reverse("complaints:accountability_done", args=[item.pk])
    assert client.post(done).status_code == 303
    assert client.post(done).status_code == 409
    assert "已完成" in opened(client, agent, item)


def test_odd_filters_are_left_out(client: Client):
    item = missed(owner=make_user(Role.AGENT))
    page = _list(client, make_user(Role.MANAGER), state="x", team="9999", clock="y", page="z")
    assert item.case.reference in page


def test_case_desk_and_notices_lead_to_the_item(client: Client):
    agent = make_user(Role.AGENT)
    item = missed(owner=agent)
    address = reverse("complaints:accountability_item", args=[item.pk])
    client.force_login(agent)
    case = Case.objects.get(pk=item.case_id)
    assert address in client.get(reverse("desk:case", args=[case.reference])).content.decode()
    assert address in client.get(reverse("notifications")).content.decode()


def test_dashboard_leads_to_decisions_that_are_late(client: Client):
    item = missed(owner=make_user(Role.AGENT))
    client.force_login(make_user(Role.MANAGER))
    dashboard, address = reverse("dashboard"), reverse("complaints:accountability")
    assert f'"{address}"' in client.get(dashboard).content.decode()
    shift_to(item.decide_by + timedelta(seconds=1))
    page = client.get(dashboard).content.decode()
    assert "1 件逾期未决定" in page and f"{address}?overdue=on" in page
    assert item.case.reference in _list(client, make_user(Role.MANAGER), overdue="on")
    client.force_login(make_user(Role.APPROVER))
    assert address not in client.get(dashboard).content.decode()

"""Incidents: raised once for a surge of our own cases, decided by a person, carried to the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.states import Role
from complaints.errors import CaseError, StepForbidden
from complaints.models import Batch, Case, Notification
from complaints.moments import now, shift_to
from complaints.states import Scope
from liability.models import BatchSupply, Incident, IncidentTask, SerialNumber, Supplier
from liability.selectors.incidents import consenting_cases
from liability.services.incidents import (
    TaskData,
    add_incident_task,
    close_incident,
    decide_incident,
    finish_incident_task,
    record_incident_consent,
    watch_batches,
)
from liability.states import IncidentState, IncidentTaskKind
from liability.tasks import watch_for_batches
from tests.factories import make_user, staff
from tests.liability.doors import staff_client
from tests.liability.makers import batch_surge

pytestmark = pytest.mark.django_db


@pytest.fixture
def raised() -> Incident:
    batch_surge()
    watch_batches()
    return Incident.objects.get()


def confirmed(incident: Incident) -> Incident:
    reason = "九件都是底座不加热，同一班组装配。"
    return decide_incident(incident, confirmed=True, reason=reason, by=staff(Role.INVESTIGATOR))


def stop_sale(incident: Incident, owner=None) -> IncidentTask:
    task = TaskData(
        kind=IncidentTaskKind.STOP_SALE,
        owner=owner or make_user(Role.AGENT),
        due_on=timezone.localdate(now()) + timedelta(days=1),
    )
    return add_incident_task(incident, task, by=staff(Role.MANAGER))


def test_surge_of_a_batch_raises_an_incident_with_its_reasons():
    manager = make_user(Role.MANAGER)
    batch_surge()
    assert watch_for_batches() == 1
    incident = Incident.objects.get()
    assert incident.batch == Batch.objects.get()
    assert incident.state == IncidentState.RAISED
    assert incident.count >= 5 > incident.expected
    assert incident.by_units
    assert incident.members.count() >= incident.count
    assert Notification.objects.filter(user=manager, kind="incident_raised").count() == 1


def test_few_complaints_raise_nothing():
    batch_surge(recent=2)
    assert watch_batches() == 0
    assert not Incident.objects.exists()


def test_same_surge_is_never_raised_twice(raised):
    assert watch_batches() == 0
    decide_incident(raised, confirmed=False, reason="经销商重复转来。", by=staff(Role.MANAGER))
    shift_to(now() + timedelta(hours=20))
    assert watch_batches() == 0
    assert Incident.objects.count() == 1


def test_database_refuses_a_second_open_incident(raised):
    twin = {field.attname: getattr(raised, field.attname) for field in raised._meta.concrete_fields}
    twin.pop("id")
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.create(**twin)


def test_supplier_of_several_batches_is_watched():
    cases = batch_surge(usual=3, recent=0)
    supplier = Supplier.objects.create(name="华昱温控")
    product = cases[0].product
    first = Batch.objects.get()
    others = [Batch.objects.create(product=product, code=f"B-{n}") for n in range(4)]
    for batch in [first, *others]:
        BatchSupply.objects.create(batch=batch, supplier=supplier, part="温控器")
    old = batch_surge(code="B-X", usual=0, recent=8)
    for number, case in enumerate(old):
        Case.objects.filter(pk=case.pk).update(batch=others[number % 4])
    assert watch_batches() == 1
    incident = Incident.objects.get()
    assert (incident.batch, incident.supplier) == (None, supplier)
    assert not incident.by_units


def test_confirmed_incident_makes_its_cases_cases_of_a_batch(raised):
    confirmed(raised)
    members = Case.objects.filter(incidents=raised)
    assert set(members.values_list("scope", flat=True)) == {Scope.BATCH}
    assert members.first().events.filter(kind="incident_joined").count() == 1


def test_later_case_joins_the_open_incident(raised):
    confirmed(raised)
    before = raised.members.count()
    case = Case.objects.order_by("-pk").first()
    raised.members.filter(case=case).delete()
    assert watch_batches() == 0
    assert raised.members.count() == before
    assert Case.objects.get(pk=case.pk).events.filter(kind="incident_joined").count() == 2


@pytest.mark.parametrize("role", [Role.AGENT, Role.FINANCE])
def test_decision_needs_the_right(raised, role):
    with pytest.raises(StepForbidden):
        decide_incident(raised, confirmed=True, reason="是。", by=staff(role))
    raised.refresh_from_db()
    assert raised.state == IncidentState.RAISED


def test_decision_needs_a_reason_and_is_made_once(raised):
    with pytest.raises(CaseError):
        decide_incident(raised, confirmed=True, reason="  ", by=staff(Role.MANAGER))
    confirmed(raised)
    with pytest.raises(CaseError):
        decide_incident(raised, confirmed=False, reason="不是。", by=staff(Role.MANAGER))
    raised.refresh_from_db()
    assert raised.state == IncidentState.CONFIRMED


def test_tasks_only_of_a_confirmed_incident_and_not_in_the_past(raised):
    with pytest.raises(CaseError):
        stop_sale(raised)
    incident = confirmed(raised)
    late = TaskData(
        kind=IncidentTaskKind.RECALL,
        owner=make_user(Role.AGENT),
        due_on=timezone.localdate(now()) - timedelta(days=1),
    )
    with pytest.raises(CaseError):
        add_incident_task(incident, late, by=staff(Role.MANAGER))
    assert not IncidentTask.objects.exists()


def test_task_is_finished_by_its_owner_once(raised):
    owner = make_user(Role.AGENT)
    task = stop_sale(confirmed(raised), owner)
    with pytest.raises(StepForbidden):
        finish_incident_task(task, result="下架", by=staff(Role.AGENT))
    owner_actor = type(staff(Role.AGENT)).staff(owner)
    done = finish_incident_task(task, result="三个店铺已下架。", by=owner_actor)
    assert done.done_by == owner
    with pytest.raises(CaseError):
        finish_incident_task(task, result="再次下架", by=owner_actor)


def test_incident_closes_when_its_tasks_are_done(raised):
    incident = confirmed(raised)
    task = stop_sale(incident)
    with pytest.raises(CaseError):
        close_incident(incident, reason="完成。", by=staff(Role.MANAGER))
    finish_incident_task(task, result="已停售。", by=staff(Role.MANAGER))
    close_incident(incident, reason="召回率 98%。", by=staff(Role.MANAGER))
    incident.refresh_from_db()
    assert incident.state == IncidentState.CLOSED


def test_consent_is_each_consumers_own(raised):
    incident = confirmed(raised)
    first, second = incident.members.all()[:2]
    manager = staff(Role.MANAGER)
    record_incident_consent(first, given=True, source="11 月 20 日电话", by=manager)
    record_incident_consent(second, given=False, source="11 月 20 日电话", by=manager)
    assert [member.case for member in consenting_cases(incident)] == [first.case]
    with pytest.raises(CaseError):
        record_incident_consent(first, given=True, source="", by=manager)


def test_incident_is_decided_on_its_page(raised):
    client = staff_client(Role.INVESTIGATOR)
    page = reverse("liability:incident", args=[raised.pk])
    assert "为什么报警" in client.get(page).content.decode()
    assert client.post(page, {"what": "decide", "decision": "confirm"}).status_code == 422
    answer = client.post(page, {"what": "decide", "decision": "confirm", "reason": "同一班组"})
    assert answer.status_code == 303
    task = {"what": "task", "kind": "recall", "owner": make_user(Role.AGENT).pk}
    day = (timezone.localdate(now()) + timedelta(days=3)).isoformat()
    assert client.post(page, {**task, "due_on": day}).status_code == 303
    row = raised.tasks.get().pk
    assert client.post(page, {"what": "done", "row": row, "result": "通知了"}).status_code == 303
    member = raised.members.first().pk
    consent = {"what": "consent", "row": member, "given": "yes", "source": "电话"}
    assert client.post(page, consent).status_code == 303
    assert client.post(page, {**consent, "row": 0}).status_code == 404
    assert client.post(page, {"what": "close", "reason": "处理完"}).status_code == 303
    shown = client.get(page).content.decode()
    assert "已了结" in shown
    assert "通知了" in shown


def test_list_shows_waiting_incidents_and_agents_decide_nothing(raised):
    client = staff_client(Role.AGENT)
    assert raised.batch.code in client.get(reverse("liability:incidents")).content.decode()
    page = reverse("liability:incident", args=[raised.pk])
    assert "确认或排除" not in client.get(page).content.decode()
    answer = client.post(page, {"what": "decide", "decision": "confirm", "reason": "是"})
    assert answer.status_code == 403


def registered(*cases: Case) -> None:
    """Let the cases name articles of the batch, not the batch itself."""
    batch = Batch.objects.get()
    for case in cases:
        number = f"K7-{case.pk:04}"
        SerialNumber.objects.create(number=number, batch=batch)
        Case.objects.filter(pk=case.pk).update(batch=None, serial_number=f" {number.lower()} ")


def test_cases_that_only_name_a_registered_article_are_counted():
    cases = batch_surge()
    registered(*cases)
    assert watch_batches() == 1
    incident = Incident.objects.get()
    assert incident.batch == Batch.objects.get()
    assert set(Case.objects.filter(incidents=incident)) >= set(cases[-incident.count :])


def test_article_complained_of_again_and_again_is_one_and_all_its_cases_join():
    cases = batch_surge(recent=12)
    Case.objects.filter(pk__in=[case.pk for case in cases[3:]]).update(serial_number="K7-0001")
    assert watch_batches() == 0
    Case.objects.filter(pk__in=[case.pk for case in cases[3:11]]).update(serial_number="")
    assert watch_batches() == 1
    assert Incident.objects.get().members.filter(case__in=cases[11:]).count() == 4


def test_customer_with_several_articles_counts_for_each():
    for number, case in enumerate(batch_surge()):
        Case.objects.filter(pk=case.pk).update(serial_number=f"K7-{number:04}", order_number="A-1")
    assert watch_batches() == 1


def test_same_order_written_about_daily_is_no_surge():
    Case.objects.filter(pk__in=[case.pk for case in batch_surge()[3:]]).update(order_number="a-1")
    assert watch_batches() == 0


def test_surge_classified_anew_is_not_raised_again(raised):
    Case.objects.update(category="QUALITY", issue="DEFECT")
    assert watch_batches() == 0
    assert Incident.objects.count() == 1


def test_supplier_of_the_one_bad_batch_is_not_raised_beside_it():
    batch_surge()
    supplier = Supplier.objects.create(name="华昱温控")
    BatchSupply.objects.create(batch=Batch.objects.get(), supplier=supplier, part="温控器")
    assert watch_batches() == 1
    assert Incident.objects.get().batch is not None


def test_task_given_twice_is_one_while_it_is_open(raised):
    incident, owner = confirmed(raised), make_user(Role.AGENT)
    assert stop_sale(incident, owner) == stop_sale(incident, owner)
    finish_incident_task(stop_sale(incident, owner), result="下架。", by=staff(Role.MANAGER))
    stop_sale(incident, owner)
    assert IncidentTask.objects.count() == 2


def test_refused_words_stay_in_the_form(raised):
    confirmed(raised)
    member = raised.members.first()
    page = reverse("liability:incident", args=[raised.pk])
    said = {"what": "consent", "row": member.pk, "given": "no", "source": "电话" * 150}
    answer = staff_client(Role.INVESTIGATOR).post(page, said)
    assert answer.status_code == 422
    assert f'value="{"电话" * 150}"' in answer.content.decode()

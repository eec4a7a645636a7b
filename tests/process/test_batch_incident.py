"""批次缺陷: 质量追溯，同批次投诉突然增多时报警，由人确认，停售和召回有人负责。"""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from complaints.models import Batch
from complaints.moments import now
from complaints.states import Scope
from liability.models import BatchSupply, Incident, Supplier
from liability.tasks import watch_for_batches
from tests.liability.makers import batch_surge
from tests.process.officers import Investigator, Manager
from tests.process.staff import Agent, the


def test_surge_is_confirmed_carried_through_and_closed(
    investigator: Investigator, agent: Agent, manager: Manager
) -> None:
    """「质量追溯」: from the alarm over the decision and the stop of sales to the end."""
    cases = batch_surge()
    watch_for_batches()

    page = investigator.click(investigator.open(reverse("liability:incidents")), "B-0722")
    assert "为什么报警" in page
    page = investigator.press(page, "保存决定", {"decision": "reject"}, status=422)
    page = investigator.press(page, "保存决定", {"decision": "confirm", "reason": "同一班组装配"})
    assert the(cases[-1].reference).scope == Scope.BATCH
    assert "列入已确认的批次事件" in agent.case(cases[-1].reference, "log")

    day = (timezone.localdate(now()) + timedelta(days=1)).isoformat()
    stop = {"kind": "stop_sale", "owner": str(agent.user.pk), "due_on": day}
    page = investigator.press(page, "安排", stop)
    refused = investigator.press(page, "了结", {"reason": "完成"}, status=422)
    assert "还有任务没有完成" in refused
    mine = agent.open(reverse("liability:incident", args=[Incident.objects.get().pk]))
    agent.press(mine, "任务完成", {"result": "三个店铺都已下架"})
    page = manager.open(reverse("liability:incident", args=[Incident.objects.get().pk]))
    page = manager.press(page, "了结", {"reason": "停售完成，按件协商"})
    assert "已了结" in page

    assert watch_for_batches() == 0


def test_case_leads_to_batch_supplier_and_siblings(agent: Agent) -> None:
    """「追溯到环节、供货者和同批次的案件」: one click from the case."""
    first, second = batch_surge(usual=2, recent=0)
    supplier = Supplier.objects.create(name="华昱温控")
    BatchSupply.objects.create(batch=Batch.objects.get(), supplier=supplier, part="温控器")

    page = agent.chooses(first.reference, "质量追溯", tab="liability")

    assert "华昱温控" in page
    assert second.reference in page

"""An approver decides about the plan that the page showed, not about what it became since."""

import pytest
from django.urls import reverse

from accounts.states import Role
from compensation.models import CompensationPlan
from compensation.services.approving import return_plan, submit_plan
from compensation.services.planning import save_plan
from compensation.states import PlanStatus
from tests.compensation.makers import dear_plan, drafted
from tests.factories import staff
from tests.liability.doors import staff_client
from tests.liability.makers import determined_case

pytestmark = pytest.mark.django_db


def test_a_plan_that_was_rewritten_meanwhile_is_looked_at_again() -> None:
    case, agent = determined_case(), staff(Role.AGENT)
    plan = submit_plan(case, by=agent, plan=drafted(case, by=agent, plan=dear_plan()))
    client = staff_client(Role.APPROVER)
    address, name = reverse("compensation:decide", args=[plan.pk]), f"plan{plan.pk}"
    page = client.get(reverse("approvals"))
    seen = page.context["entries"][0]["case"].version
    assert f'name="{name}-seen" value="{seen}"' in page.content.decode()
    return_plan(case, by=staff(Role.APPROVER), plan=plan, reason="再核对")
    submit_plan(case, by=agent, plan=save_plan(case, by=agent, plan=dear_plan()))

    stale = client.post(address, {f"{name}-decision": "approve", f"{name}-seen": seen})

    assert stale.status_code == 409
    assert CompensationPlan.objects.get(pk=plan.pk).status == PlanStatus.PENDING_APPROVAL
    again = stale.context["entries"][0]["case"].version
    assert f'name="{name}-seen" value="{again}"' in stale.content.decode()
    answer = client.post(address, {f"{name}-decision": "approve", f"{name}-seen": again})
    assert answer.status_code == 303

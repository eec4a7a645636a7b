"""What pages about one thing of a case share: the thing is read with the case, or it is a 404."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from complaints.models import Case
from complaints.permissions import Permission
from complaints.states import Stage
from complaints.views.desk.actions import CaseAction, wrong_stage


def to_plan(case: Case) -> HttpResponseRedirect:
    """Go back to the plan of the case's investigation."""
    return HttpResponseRedirect(reverse("liability:plan", args=[case.reference]), status=303)


class InvestigatingAction(CaseAction):
    """One thing done in an investigation; `thing_id` is the id in the address, if it has one."""

    permission = Permission.VIEW_CASE
    template_name = "liability/action.html"
    thing_id = 0

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        ids = [kwargs.pop(name) for name in list(kwargs) if name != "reference"]
        self.thing_id = ids[0] if ids else 0
        return super().dispatch(request, *args, **kwargs)

    def back(self, case: Case) -> str:
        """Return where the page leads back to."""
        return reverse("liability:plan", args=[case.reference])

    def more_context(self, case: Case) -> dict[str, Any]:
        return {"back": self.back(case)}

    def _obstacle(self, case: Case) -> Any:
        return "" if case.stage == Stage.INVESTIGATING else wrong_stage(case)

    def post(self, request: HttpRequest, reference: str) -> Any:
        answer = super().post(request, reference)
        if answer.status_code == 303:
            case = self._case(reference)
            return HttpResponseRedirect(self.back(case), status=303)
        return answer

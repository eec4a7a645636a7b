"""Every step of the API, whichever app owns it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints.api import outside_steps
from complaints.api import steps as complaints_steps
from complaints.api.cases import CaseSerializer
from complaints.api.errors import ErrorsSerializer
from complaints.api.steps import Step, StepsView
from config.api import compensation_steps, liability_steps

ALL_STEPS: dict[str, Step] = {
    **complaints_steps.STEPS,
    **outside_steps.STEPS,
    **liability_steps.STEPS,
    **compensation_steps.STEPS,
}
_REFUSALS = (400, 401, 403, 404, 409, 413, 415, 429)


class AllStepsView(StepsView):
    """Takes any step that the API knows."""

    steps = ALL_STEPS

    @extend_schema(
        operation_id="case_step",
        summary=gettext_lazy("办理一步"),
        description=gettext_lazy(
            "step 是步骤名，version 是你看到的案件版本；别人在此之后改过案件，就回答 409，"
            "什么也不改变。"
        ),
        tags=["cases"],
        request=PolymorphicProxySerializer(
            component_name="CaseStep",
            serializers={name: step.facts for name, step in ALL_STEPS.items()},
            resource_type_field_name="step",
        ),
        responses={200: CaseSerializer, **dict.fromkeys(_REFUSALS, ErrorsSerializer)},
        examples=[
            OpenApiExample(
                "accept",
                request_only=True,
                value={
                    "step": "accept",
                    "version": 1,
                    "next_steps": "明天上门取件检测，11 月 26 日前告诉你结果。",
                    "expected_on": "2026-11-29",
                    "category": "QUALITY",
                    "issue": "DEFECT",
                    "severity": "moderate",
                },
            )
        ],
    )
    def post(self, request: Request, reference: str) -> Response:
        return super().post(request, reference)

"""Forms of inspections: the appointment, the consumer's answer, and the technician's report."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.files import FilesField, FilesInput
from liability.forms.investigation import text_field
from liability.forms.plan import line_field
from liability.models import PlanItem
from liability.selectors.inspecting import possible_technicians
from liability.services.inspecting import Appointment
from liability.states import InspectionKind

_CHOOSE = _("请选一项")


def time_field(label: Any, *, hint: Any = "") -> forms.DateTimeField:
    """Return a field for a moment that must be given."""
    return forms.DateTimeField(
        label=label,
        help_text=hint,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={
            "required": _("请选时间"),
            "invalid": _("时间写成 2026-11-22 14:08 这样"),
        },
    )


class InspectionForm(forms.Form):
    """An appointment to look at the thing."""

    kind = forms.ChoiceField(
        label=_("方式"),
        choices=InspectionKind.choices,
        initial=InspectionKind.ON_SITE,
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    technician = forms.ModelChoiceField(
        label=_("技术员"),
        queryset=possible_technicians().none(),
        empty_label=_("请选择"),
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    starts_at = time_field(_("时间"), hint=_("消费者在进度页确认，或者要求换时间"))
    place = line_field(
        _("地点"),
        length=200,
        required=True,
        hint=_("远程的写怎么联系，例如：视频通话，打登记的电话"),
    )
    purpose = text_field(_("检查什么"), rows=3, hint=_("消费者看得到"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technician"].queryset = possible_technicians()

    def appointment(self, item: PlanItem | None) -> Appointment:
        """Return what was entered as the service takes it."""
        return Appointment(**self.cleaned_data, plan_item=item)


class TimeForm(forms.Form):
    """Another time."""

    starts_at = time_field(_("新的时间"))


class CancelForm(forms.Form):
    """Why it is called off."""

    reason = line_field(_("为什么取消"), length=300, required=True)


class WishForm(forms.Form):
    """When it would suit the consumer; `proposal` is the time that they saw."""

    proposal = forms.IntegerField(widget=forms.HiddenInput)
    wish = forms.CharField(
        label=_("你什么时间方便？"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReportForm(forms.Form):
    """What the technician found."""

    nonce = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    findings = text_field(_("检查结果"), rows=8, hint=_("看到什么、怎么测的、结论和依据"))
    consumer_present = forms.BooleanField(label=_("消费者在场"), required=False)
    photos = FilesField(
        label=_("照片"), required=False, widget=FilesInput(attrs={"accept": "image/*"})
    )


class PhotoForm(forms.Form):
    """One photo out of the phone's queue."""

    nonce = forms.UUIDField()
    taken_at = forms.DateTimeField(required=False)
    photo = forms.FileField()

"""The form of a delegation of approvals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from compensation.forms.plan import money_field
from compensation.services.delegating import DelegationData

_CHOOSE = _("请选一项")
_DAY = {"required": _("请填写日期"), "invalid": _("日期写成 2026-11-02 这样")}


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=_DAY,
    )


class DelegationForm(forms.Form):
    """To whom, from when until when, up to how much, why."""

    taker = forms.ModelChoiceField(
        label=_("受托人"),
        queryset=User.objects.none(),
        empty_label=_("请选择"),
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    starts_on = _day(_("从哪天起"))
    ends_on = _day(_("到哪天止"))
    most = money_field(_("每个方案的金额上限"), hint=_("不能超过你自己的审批额度"))
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label=_("币种"),
        initial="CNY",
        max_length=3,
        error_messages={
            "required": _("币种写三个大写字母，例如 USD。"),
            "invalid": _("币种写三个大写字母，例如 USD。"),
        },
    )
    reason = forms.CharField(
        label=_("理由"), max_length=200, error_messages={"required": _("请写明理由。")}
    )

    def __init__(self, data: Any = None, *, giver: User, initial: Any = None) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)
        people = User.objects.filter(is_active=True).exclude(pk=giver.pk).exclude(roles=[])
        self.fields["taker"].queryset = people.order_by("display_name", "pk")

    def delegation(self) -> DelegationData:
        """Return what was entered as the service takes it."""
        return DelegationData(**self.cleaned_data)

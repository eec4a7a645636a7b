"""Forms of a customer's file: reasons, kinds, preferences, consents, and what else is joined."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from complaints.customer_states import ConsentPurpose, ContactChannel, CustomerKind
from complaints.errors import CaseError
from complaints.models import Customer
from complaints.selectors.customers import LookFilter, customer_called

_ASK = _("请填写这一项")
_CHOOSE = _("请选一项")


def _reason(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=200, help_text=hint, error_messages={"required": _ASK}
    )


class LookForm(forms.Form):
    """Why somebody needs to see a customer's file."""

    reason = _reason(_("为什么要看"), _("会记在查看记录里，主管能看到"))


class FindForm(forms.Form):
    """A phone number, an address or a file's number; never in the page's address."""

    who = forms.CharField(
        label=_("手机、邮箱或档案号"),
        max_length=120,
        help_text=_("例如 138 开头的手机号，或 C-000012"),
        error_messages={"required": _ASK},
    )

    def customer(self) -> Customer | None:
        """Return the file that answers, if one does."""
        return customer_called(self.cleaned_data["who"])


class ReasonForm(forms.Form):
    """Something that needs its reason and nothing else."""

    reason = _reason(_("理由"), _("不要写消费者的个人信息"))


class JoinForm(ReasonForm):
    """Which other file is the same person's."""

    other = forms.CharField(
        label=_("另一份档案"),
        max_length=120,
        help_text=_("档案号、手机或邮箱"),
        error_messages={"required": _ASK},
    )
    field_order = ("other", "reason")

    def found(self) -> Customer:
        """Return the other file; CaseError when nothing answers."""
        other = customer_called(self.cleaned_data["other"])
        if other is None:
            raise CaseError(_("没有找到这份档案，核对一下。"), field="other")
        return other


class KindsForm(ReasonForm):
    """What kind of customer this is."""

    kinds = forms.MultipleChoiceField(
        label=_("客户类型"),
        choices=CustomerKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("类型只会增加待遇，不会减少法律规定的赔偿"),
    )
    field_order = ("kinds", "reason")


class PreferencesForm(forms.Form):
    """How a customer wishes to be reached."""

    language = forms.ChoiceField(
        label=_("语言"),
        choices=[("", _("按投诉时的语言")), ("zh-hans", _("中文")), ("en", "English")],
        required=False,
    )
    channel = forms.ChoiceField(
        label=_("联系方式"),
        choices=[("", _("没有特别要求")), *ContactChannel.choices],
        required=False,
        help_text=_("通知按这里选的方式发送；选电话的，通知仍发邮件或短信"),
    )
    hours_from = forms.TimeField(
        label=_("方便接电话的时间从"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    hours_to = forms.TimeField(
        label=_("到"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )


class ConsentForm(forms.Form):
    """What a customer agreed to, or no longer does."""

    purpose = forms.ChoiceField(
        label=_("用途"), choices=ConsentPurpose.choices, error_messages={"required": _CHOOSE}
    )
    given = forms.TypedChoiceField(
        label=_("消费者怎么说"),
        choices=[("yes", _("同意")), ("no", _("不同意或撤回同意"))],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE},
    )
    source = _reason(_("什么时候、怎样表示的"), _("例如：11 月 22 日来电时说的"))


class LookFilterForm(forms.Form):
    """How the list of looks is narrowed."""

    user = forms.ModelChoiceField(
        label=_("谁看的"), queryset=User.objects.none(), required=False, empty_label=_("全部")
    )
    customer = forms.CharField(label=_("档案号"), required=False, max_length=20)
    since = forms.DateField(
        label=_("从哪天"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("到哪天"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.order_by("display_name", "pk")

    def filters(self) -> LookFilter:
        """Return what was understood."""
        self.is_valid()
        data = self.cleaned_data
        until = data.get("until")
        called = data.get("customer", "")
        return LookFilter(
            user=data.get("user"),
            customer=customer_called(called) if called.upper().startswith("C-") else None,
            since=_midnight(data.get("since")),
            before=_midnight(until + timedelta(days=1)) if until else None,
        )


def _midnight(day: Any) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time())) if day else None

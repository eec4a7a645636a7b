"""Forms of a mediation: they check shape; rules are the services' to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from complaints.forms.intake import CleanText
from reviews.forms.fields import ASK, CHOOSE, LONGEST, choice_field, line_field, text_field
from reviews.states import MediationOutcome, NoteSide


class WishForm(forms.Form):
    """What the consumer would like to come out of the mediation."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    wish = CleanText(
        label=_("你希望怎样解决"),
        lines=True,
        max_length=LONGEST,
        help_text=_("调解员和我们都会看到，之后还可以改"),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("请写下你希望怎样解决")},
    )


class ReferForm(forms.Form):
    """The desk refers a case, with what the consumer wishes as they told us."""

    wish = text_field(_("消费者希望怎样解决"), required=False, hint=_("调解员会看到"))


class NameForm(forms.Form):
    """Which of us leads the talk."""

    mediator = forms.ModelChoiceField(
        label=_("由谁主持"),
        queryset=User.objects.none(),
        empty_label=_("请选择"),
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mediator"].queryset = people


class InviteForm(forms.Form):
    """An outside mediator."""

    name = line_field(_("调解员姓名"), most=80)
    organisation = line_field(
        _("所在机构"), most=120, required=False, hint=_("例如：市消费者协会调解委员会")
    )
    email = forms.EmailField(
        label=_("邮箱"),
        help_text=_("链接发到这里，只能打开这一个案件"),
        error_messages={"required": ASK, "invalid": _("邮箱写成 name@example.com 这样")},
    )


class PositionsForm(forms.Form):
    """What each side wants and what both agree on."""

    consumer = text_field(_("消费者的主张"), rows=8, required=False)
    common = text_field(_("双方一致的地方"), rows=8, required=False)
    company = text_field(_("公司的意见"), rows=8, required=False)


class CompanyPositionForm(forms.Form):
    """What we want; the rest is the mediator's to write."""

    company = text_field(_("公司的意见"), rows=8, hint=_("调解员和消费者都会看到"))


class MeetingForm(forms.Form):
    """When and where both sides meet."""

    meeting_at = forms.DateTimeField(
        label=_("会谈时间"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={
            "required": _("请选会谈的时间"),
            "invalid": _("时间写成 2026-11-22 14:08 这样"),
        },
    )
    place = line_field(_("地点或会议链接"), most=200, hint=_("例如：视频会议链接，或者门店地址"))


class NoteForm(forms.Form):
    """A private note about one side's talk."""

    side = choice_field(_("关于哪一方"), NoteSide.choices)
    body = text_field(_("私密记录"), rows=5, hint=_("只有调解员能看到，不会给任何一方"))


class EndForm(forms.Form):
    """How a mediation ended without an agreement."""

    outcome = choice_field(
        _("结果"),
        [
            (outcome.value, outcome.label)
            for outcome in (MediationOutcome.FAILED, MediationOutcome.NO_SHOW)
        ],
    )
    note = text_field(_("说明"), hint=_("双方都会看到：谈到了哪里，为什么没有谈成"))


class SignForm(forms.Form):
    """The mediator's signature: a typed name, and a drawn one if they like.

    `number` is that of the text on the page: another version is not signed by it.
    """

    number = forms.CharField(
        max_length=20,
        widget=forms.HiddenInput,
        error_messages={"required": _("请先打开协议读一遍，再签。")},
    )
    name = line_field(_("姓名"), most=80, hint=_("输入姓名就是签署"))
    signature = forms.CharField(required=False, max_length=200_000, widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why a mediator doesn't sign."""

    reason = text_field(_("不签的原因"), rows=3)

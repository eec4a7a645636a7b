"""Forms of outside proceedings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.forms.fields import choice_field, day_field, line_field, text_field
from reviews.states import ProceedingKind, ProceedingOutcome

GO_ON, CLOSE = "go_on", "close"


class ProceedingForm(forms.Form):
    """A proceeding elsewhere."""

    kind = choice_field(_("哪一种程序"), ProceedingKind.choices)
    body = line_field(_("受理机构"), most=160, hint=_("例如：杭州市西湖区市场监督管理局"))
    reference = line_field(_("对方的编号"), most=80, required=False)
    filed_on = day_field(_("提出日期"))
    suspends = forms.BooleanField(
        label=_("期间暂停我们的处理"),
        required=False,
        help_text=_("我们的期限停下，对方结束后接着走。只是同时进行的不要勾"),
    )

    def __init__(self, *args: Any, may_suspend: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_suspend:
            del self.fields["suspends"]


class StepForm(forms.Form):
    """Something that happened there."""

    happened_on = day_field(_("日期"))
    text = text_field(_("有什么进展"), rows=3, hint=_("收到的文书在「补充材料」里上传"))


class EndProceedingForm(forms.Form):
    """How a proceeding ended, and whether ours goes on."""

    outcome = choice_field(_("结果"), [])
    text = text_field(_("结果说明"), rows=3)
    then = choice_field(
        _("我们的处理"),
        [(GO_ON, _("恢复处理，回到暂停之前的一步")), (CLOSE, _("没有要做的了，结案"))],
    )

    def __init__(self, *args: Any, outcomes: Iterable[str], rested: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [
            (value, ProceedingOutcome(value).label) for value in outcomes
        ]
        if not rested:
            del self.fields["then"]

"""The entry form of the desk: one page for what is said on the telephone, in a shop or on paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.chat import ContactFields
from complaints.forms.intake import LANGUAGES, Amount, CleanText, Day
from complaints.selectors.outside import Body
from complaints.selectors.taxonomy import category_choices, issue_choices, issue_codes
from complaints.services.conversation import LONGEST_MESSAGE
from complaints.services.entering import AlsoFiled, CallbackWish, Entry, ToldInPerson
from complaints.services.intake import ComplaintData, ContactData
from complaints.services.outside import OutsideBody
from complaints.states import OUTSIDE_CHANNELS, CallbackOutcome, Channel, Remedy, Severity

_ASK = _("请填写这一项")
_CHOOSE = _("请选一项")
_MOMENT = {"invalid": _("时间写成 2026-11-22 14:30 这样")}
NOT_WRITTEN = (Channel.API, Channel.IMPORT, Channel.WEB_FORM)
ALSO = ("also_channel", "also_body", "also_reference")
TOLD = ("category", "issue", "severity", "next_steps", "expected_on")


def _moment(label: Any, *, hint: Any = "", required: bool = False) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={**_MOMENT, "required": _ASK},
    )


def _words(label: Any, *, rows: int, hint: Any = "", required: bool = False) -> CleanText:
    return CleanText(
        label=label,
        lines=True,
        help_text=hint,
        required=required,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": _ASK},
    )


class EntryForm(ContactFields):
    """A complaint taken down by staff, and what was agreed while it was."""

    channel = forms.ChoiceField(
        label=_("怎么收到的"),
        choices=[(c.value, c.label) for c in Channel if c not in NOT_WRITTEN],
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    external_body = CleanText(label=_("转来的机构或平台"), max_length=80, required=False)
    external_reference = CleanText(label=_("对方的编号"), max_length=80, required=False)
    external_deadline = _moment(_("对方要求的期限"))
    also_channel = forms.ChoiceField(
        label=_("另一个是怎么转来的"),
        choices=[("", _("没有别的")), *((c.value, c.label) for c in OUTSIDE_CHANNELS)],
        required=False,
    )
    also_body = CleanText(label=_("另一个机构或平台"), max_length=80, required=False)
    also_reference = CleanText(label=_("它的编号"), max_length=80, required=False)
    also_deadline = _moment(_("它要求的期限"))
    language = forms.ChoiceField(label=_("用哪种语言联系"), choices=LANGUAGES, required=False)
    description = _words(_("经过"), rows=6, hint=_("时间、发生了什么、有什么损失"), required=True)
    danger = forms.BooleanField(
        label=_("有人身危险（冒烟、漏电、受伤、食物中毒等）"),
        required=False,
        help_text=_("勾上后按紧急案件处理，2 小时内要登记安全处置"),
    )
    title = CleanText(label=_("一句话概括"), max_length=120, required=False)
    product_text = CleanText(label=_("商品"), max_length=120, required=False)
    order_number = CleanText(label=_("订单号"), max_length=60, required=False)
    purchased_on = Day(label=_("购买日期"), required=False)
    amount_paid = Amount(label=_("实付金额"))
    wished_remedy = forms.ChoiceField(
        label=_("希望的处理方式"), choices=[("", _("没有说")), *Remedy.choices], required=False
    )
    needs_care = forms.BooleanField(label=_("老年人、残障人士或未成年人"), required=False)
    notes = _words(_("通话记录"), rows=2, hint=_("内部备注，消费者看不到"))
    callback_at = _moment(_("什么时候回电"))
    callback_language = forms.ChoiceField(
        label=_("回电用哪种语言"), choices=LANGUAGES, required=False
    )
    read_back = forms.BooleanField(label=_("读给消费者听过，对方说「对」"), required=False)
    category = forms.ChoiceField(label=_("类别"), required=False)
    issue = forms.ChoiceField(label=_("问题"), required=False)
    severity = forms.ChoiceField(
        label=_("严重程度"), choices=[("", _("请选择")), *Severity.choices], required=False
    )
    next_steps = _words(
        _("当场告诉消费者接下来怎么处理"),
        rows=2,
        hint=_("填了就是当场受理，停止 24 小时计时；也会发给消费者。只登记的话留空"),
    )
    expected_on = forms.DateField(
        label=_("预计办结日期"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=58)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("消费者姓名")
        self.fields["phone"].label = _("手机")
        self.fields["category"].choices = [("", _("请选择")), *category_choices()]
        self.fields["issue"].choices = [("", _("请选择")), *issue_choices()]
        for name in ("name", "phone", "email"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self._handed_on and data.get("external_reference") and self._misses_only_contact():
            # A body that hands on keeps the contact to itself at times: the answer goes there.
            del self._errors["phone"]
        self._clean_body(data)
        self._clean_told(data)
        return data

    @property
    def _handed_on(self) -> bool:
        return self.cleaned_data.get("channel") in OUTSIDE_CHANNELS

    def _misses_only_contact(self) -> bool:
        return "phone" in self._errors and not self.data.get("phone") and not self.data.get("email")

    def _clean_body(self, data: dict[str, Any]) -> None:
        given = [name for name in ("external_body", "external_reference") if data.get(name)]
        if not self._handed_on:
            return
        if len(given) == 1:
            missing = {"external_body", "external_reference"} - set(given)
            self.add_error(missing.pop(), _("机构和编号要一起填"))
        if data.get("external_deadline") and not given:
            self.add_error("external_body", _("有期限就要填是谁要求的"))
        also = [name for name in ALSO if data.get(name)]
        if also and len(also) < len(ALSO):
            for name in set(ALSO) - set(also):
                self.add_error(name, _("渠道、机构和编号要一起填"))
        if (also or data.get("also_deadline")) and not given:
            self.add_error("external_body", _("先填第一个机构"))

    def _clean_told(self, data: dict[str, Any]) -> None:
        if not data.get("next_steps"):
            return
        for name in TOLD:
            if not data.get(name) and name not in self._errors:
                self.add_error(name, _("当场受理要填这一项"))
        if data.get("issue") and data["issue"] not in issue_codes(data.get("category", "")):
            self.add_error("issue", _("这个问题不属于所选的类别"))
        if not data.get("read_back"):
            self.add_error("read_back", _("当场受理前，先把记下的读给对方听"))

    def entry(self) -> Entry:
        """Return what was checked."""
        data = self.cleaned_data
        copied = ("channel", "title", "description", "danger", "product_text", "order_number")
        copied += ("purchased_on", "amount_paid", "wished_remedy", "needs_care")
        contact = {name: data.get(name) or "" for name in ("name", "phone", "email")}
        complaint = ComplaintData(
            contact=ContactData(**contact),
            language=data["language"] or "zh-hans",
            **{name: data[name] for name in copied},
        )
        told = {name: data[name] for name in TOLD}
        return Entry(
            complaint=complaint,
            notes=data["notes"],
            read_back=data["read_back"],
            callback=self._callback(data["callback_at"]),
            told=ToldInPerson(**told) if data["next_steps"] else None,
            outside=self._outside(),
            also=self._also(),
        )

    def _callback(self, at: datetime | None) -> CallbackWish | None:
        language = self.cleaned_data["callback_language"] or "zh-hans"
        return CallbackWish(at=at, language=language) if at else None

    def _outside(self) -> OutsideBody | None:
        data = self.cleaned_data
        if not (self._handed_on and data["external_reference"]):
            return None
        return OutsideBody(
            name=data["external_body"],
            reference=data["external_reference"],
            deadline=data["external_deadline"],
        )

    def _also(self) -> AlsoFiled | None:
        data = self.cleaned_data
        if not (self._outside() and data["also_reference"]):
            return None
        body = OutsideBody(
            name=data["also_body"],
            reference=data["also_reference"],
            deadline=data["also_deadline"],
        )
        return AlsoFiled(body=body, channel=data["also_channel"])


class CallbackForm(forms.Form):
    """When somebody wants to be called."""

    callback_at = _moment(_("什么时候回电"), required=True)
    callback_language = forms.ChoiceField(label=_("用哪种语言"), choices=LANGUAGES)


class CallbackDoneForm(forms.Form):
    """What came of a call."""

    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=CallbackOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    note = _words(_("经过"), rows=4, required=True, hint=_("内部可见：和谁说的，说了什么"))
    again_at = _moment(_("再约的时间"), hint=_("没打通时填"))


class _OfABodyForm(forms.Form):
    """Something about one of the bodies that handed a case on; with one of them it isn't asked."""

    body = forms.TypedChoiceField(
        label=_("哪个机构"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )

    def __init__(self, *args: Any, bodies: list[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = [(body.number, str(body)) for body in bodies]
        if len(bodies) < 2:
            del self.fields["body"]


class AnswerOutsideForm(_OfABodyForm):
    """How a body was answered."""

    note = _words(_("怎么答复的"), rows=4, required=True, hint=_("什么时候、怎样答复了什么"))


class NewBodyForm(forms.Form):
    """Another body that handed the case on."""

    channel = forms.ChoiceField(
        label=_("怎么转来的"),
        choices=[(channel.value, channel.label) for channel in OUTSIDE_CHANNELS],
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    external_body = CleanText(
        label=_("转来的机构或平台"), max_length=80, error_messages={"required": _ASK}
    )
    external_reference = CleanText(
        label=_("对方的编号"), max_length=80, error_messages={"required": _ASK}
    )
    external_deadline = _moment(_("对方要求的期限"))


class OutsideDeadlineForm(_OfABodyForm):
    """By when a body wants an answer."""

    external_deadline = _moment(_("对方要求的期限"), required=True)

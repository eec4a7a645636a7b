"""Forms of a review: asking, naming the panel, deciding."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from complaints.forms.intake import CleanText
from reviews.forms.fields import CHOOSE, LONGEST, choice_field, money_field, text_field
from reviews.models import Review
from reviews.states import ReviewDecision, ReviewGround


class RequestForm(forms.Form):
    """Why somebody disagrees: one ground or more, and what they say."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    grounds = forms.MultipleChoiceField(
        label=_("为什么不同意"),
        help_text=_("可以选几项"),
        choices=ReviewGround.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一个理由"), "invalid_choice": CHOOSE},
    )
    text = CleanText(
        label=_("具体说说"),
        lines=True,
        max_length=LONGEST,
        help_text=_("哪里不对、应该怎样，几句话就可以"),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("请写下你的理由，几句话就可以")},
    )


class DeskRequestForm(RequestForm):
    """The same, taken down for the consumer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["seen"]
        self.fields["grounds"].label = _("消费者为什么不同意")
        self.fields["text"].label = _("消费者的理由")
        self.fields["text"].help_text = _("按消费者的原话写")


class PanelForm(forms.Form):
    """Who decides; only those who had no hand in the case are offered."""

    members = forms.ModelMultipleChoiceField(
        label=_("复议小组"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("请至少选一位复议员"),
            "invalid_choice": _("选中的人要回避，请从列出的人里选"),
            "invalid_pk_value": CHOOSE,
        },
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = people


_HINTS = {
    ReviewDecision.UPHOLD: _("原来的决定没有问题，案件回到复议之前的一步"),
    ReviewDecision.VARY: _("责任认定不变，重新提出不低于这里写明金额的方案"),
    ReviewDecision.REMIT: _("原来的决定撤销，重新处理"),
    ReviewDecision.SUBSTITUTE: _("在这里直接作出新的责任认定"),
    ReviewDecision.DISMISS_OUT_OF_TIME: _("申请晚于期限，不再看内容"),
}


class DecisionForm(forms.Form):
    """What the panel decides: something found about each ground, and reasons for the whole."""

    decision = choice_field(_("决定"), [])
    least_amount = money_field(_("新方案不低于"), hint=_("不能比原来的方案少"), required=False)
    reasons = text_field(_("理由"), rows=6, hint=_("写进复议决定书，一段一行"))
    outcome_text = text_field(
        _("决定的内容"),
        rows=2,
        hint=_("一两句话，消费者会看到"),
    )

    def __init__(self, *args: Any, review: Review, possible: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [ReviewDecision(value) for value in possible]
        self.fields["decision"].choices = [(value.value, value.label) for value in chosen]
        self.fields["decision"].choice_hints = {value: _HINTS[value] for value in chosen}
        self.grounds = list(review.grounds.all())
        dismissed = self.data.get("decision") == ReviewDecision.DISMISS_OUT_OF_TIME
        for ground in self.grounds:
            self.fields[f"ground_{ground.pk}"] = text_field(
                _("对「%(ground)s」的认定") % {"ground": ground.get_ground_display()},
                rows=3,
                required=not dismissed,
            )

    def findings(self) -> dict[int, str]:
        """Return what was found about each ground, by the ground's id."""
        return {
            ground.pk: self.cleaned_data.get(f"ground_{ground.pk}", "") for ground in self.grounds
        }

    def ground_fields(self) -> list[dict[str, Any]]:
        """Return each ground with the field in which it is answered."""
        return [{"ground": row, "field": self[f"ground_{row.pk}"]} for row in self.grounds]


class WithdrawReviewForm(forms.Form):
    """A yes, and nothing else."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

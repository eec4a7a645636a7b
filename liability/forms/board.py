"""Forms of the evidence board."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import Case
from liability.forms.plan import choice_field, day_field, line_field
from liability.models import Claim, ConsultTask, EvidenceWeight, Statement
from liability.selectors.board import sources_of
from liability.services.board import Judgement
from liability.states import Bearer, EvidenceKind, Party, Stance, WeightFactor


class ClaimForm(forms.Form):
    """What is to be proved."""

    text = line_field(
        _("要证明什么"), length=300, required=True, hint=_("例如：屏幕触摸故障是出厂前就有的")
    )
    bearer = forms.ChoiceField(
        label=_("由谁举证"), required=False, choices=[("", _("按举证规则")), *Bearer.choices]
    )


class WeighForm(forms.Form):
    """What one thing does to a claim."""

    source = choice_field(_("证据"), [])
    stance = forms.ChoiceField(
        label=_("对待证事项"),
        choices=Stance.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项"), "invalid_choice": _("请选一项")},
    )
    kind = choice_field(_("种类"), EvidenceKind.choices)
    is_copy = forms.BooleanField(label=_("只有复制件"), required=False)
    is_tampered = forms.BooleanField(label=_("有改动痕迹"), required=False)
    creation_doubted = forms.BooleanField(label=_("生成、存储的可靠性存疑"), required=False)
    integrity_doubted = forms.BooleanField(label=_("内容的完整性存疑"), required=False)
    sender_doubted = forms.BooleanField(label=_("发送人身份存疑"), required=False)
    note = line_field(_("说明"), length=300)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(key, source_name(row)) for key, row in sources_of(case)]
        self.fields["source"].choices = [("", _("请选择")), *named]

    def judgement(self) -> Judgement:
        """Return what was entered as the service takes it."""
        return Judgement(**self.cleaned_data)


def source_name(row: Any) -> str:
    """Return what a file, statement or answer is called in a list."""
    if isinstance(row, Statement):
        return str(_("陈述：%(name)s") % {"name": row.name})
    if isinstance(row, ConsultTask):
        return str(_("会办 C%(number)s：%(name)s") % {"number": row.number, "name": row.to_whom})
    return str(row.file.original_name)


class WithheldForm(forms.Form):
    """Evidence that its holder keeps back."""

    claim = forms.ModelChoiceField(
        label=_("关系到哪个待证事项"),
        queryset=Claim.objects.none(),
        required=False,
        empty_label=_("整个案件"),
    )
    holder = choice_field(_("谁持有"), Party.choices)
    what = line_field(_("什么证据"), length=200, required=True)
    asked_on = day_field(_("哪天要求提供"), required=True)
    reason_given = line_field(
        _("对方给的理由"), length=300, hint=_("没有正当理由的留空，可以作不利于持有人的认定")
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["claim"].queryset = case.claims.order_by("position")


class WeightsForm(forms.Form):
    """All weights on one page, each with the version that its author began with."""

    def __init__(self, data: Any = None, *, rows: list[EvidenceWeight]) -> None:
        super().__init__(data)
        known = {row.key: row for row in rows}
        for key, label in [*EvidenceKind.choices, *WeightFactor.choices]:
            row = known.get(key)
            self.fields[key] = forms.DecimalField(
                label=label,
                initial=row.weight if row else None,
                min_value=0,
                max_value=1,
                max_digits=3,
                decimal_places=2,
                widget=forms.NumberInput(attrs={"step": "0.01", "min": "0", "max": "1"}),
                error_messages={
                    "required": _("请填写这一项"),
                    "invalid": _("权重写 0 到 1，最多两位小数。"),
                },
            )
            self.fields[f"seen_{key}"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=row.version if row else 0, required=False
            )

    def weights(self) -> dict[str, Any]:
        """Return what was entered for each key."""
        return {
            key: value for key, value in self.cleaned_data.items() if not key.startswith("seen_")
        }

    def seen(self) -> dict[str, int]:
        """Return the versions that the author began with."""
        return {
            key.removeprefix("seen_"): value or 0
            for key, value in self.cleaned_data.items()
            if key.startswith("seen_")
        }

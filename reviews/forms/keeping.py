"""Forms about keeping and erasing."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.forms.fields import ASK, choice_field, day_field, line_field, text_field
from reviews.keeping import MOST_MONTHS
from reviews.states import CountsFrom, HoldGround, KeptBy

_MONTHS = _("保存 1 到 1200 个月。")


class RuleForm(forms.Form):
    """The next version of how long a class of cases is kept."""

    months = forms.IntegerField(
        label=_("保存几个月"),
        min_value=1,
        max_value=MOST_MONTHS,
        error_messages={
            "required": ASK,
            "invalid": _MONTHS,
            "min_value": _MONTHS,
            "max_value": _MONTHS,
        },
    )
    counts_from = choice_field(_("从哪天算起"), CountsFrom.choices)
    kept_by = choice_field(_("谁规定的"), KeptBy.choices)
    source = line_field(_("依据"), most=200, hint=_("法律的名称和条文，或者公司的哪项规定"))
    source_en = line_field(_("依据（英文）"), most=300, required=False)
    verified = forms.BooleanField(
        label=_("原文已核对"), required=False, help_text=_("有人对照过条文的原文")
    )
    active = forms.BooleanField(
        label=_("使用"), required=False, help_text=_("不使用的，这一类的案件按其他类别保存")
    )
    effective_from = day_field(_("生效日期"))
    reason = line_field(_("修改的理由"), most=300)


class HoldForm(forms.Form):
    """Why a case is kept from being erased, and until when."""

    ground = choice_field(_("原因"), HoldGround.choices)
    reason = text_field(_("说明"), hint=_("案号、要求保全的机构和联系人；不写消费者的个人信息"))
    until = day_field(_("到哪天为止"), required=False, hint=_("不知道的留空，以后由另一个人解除"))


class ReasonForm(forms.Form):
    """One reason for one decision."""

    reason = text_field(_("理由"), rows=3)

"""Forms that show each kind of field; nothing they take is kept."""

from django import forms
from django.utils.translation import gettext_lazy as _


class StoryForm(forms.Form):
    """The third step of a complaint, as in the gallery's sample page."""

    happened_on = forms.DateField(
        label=_("哪一天发现问题的？"),
        help_text=_("记不清可以填大概日期"),
        error_messages={"required": _("请选择问题发生的日期")},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    story = forms.CharField(label=_("经过是怎样的？"), max_length=1000, widget=forms.Textarea)
    danger = forms.ChoiceField(
        label=_("有人受伤，或现在仍有危险吗？"),
        help_text=_("冒烟、漏电、起火、食物中毒都算。选「有」会在 2 小时内联系你"),
        choices=[("yes", _("有，或者不确定")), ("no", _("没有"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["danger"].choice_hints = {
            "yes": _("按紧急情况处理"),
            "no": _("24 小时内答复"),
        }


class PartsForm(forms.Form):
    """One field of each remaining kind."""

    name = forms.CharField(label=_("怎么称呼你"), max_length=40)
    email = forms.EmailField(
        label=_("电子邮箱"),
        required=False,
        help_text=_("用来收处理结果"),
        error_messages={"invalid": _("写成 name@example.com 这样的地址")},
    )
    amount = forms.DecimalField(label=_("希望补偿的金额"), required=False, decimal_places=2)
    reason = forms.ChoiceField(
        label=_("复议的理由"),
        choices=[("", _("请选择")), ("new", _("有新的证据")), ("share", _("责任比例不合理"))],
    )
    wishes = forms.MultipleChoiceField(
        label=_("希望怎样处理"),
        help_text=_("可以选几项"),
        choices=[("refund", _("退款")), ("repair", _("维修")), ("apology", _("道歉"))],
        widget=forms.CheckboxSelectMultiple,
    )
    remember = forms.BooleanField(label=_("用短信告诉我进展"), required=False)
    consent = forms.BooleanField(label=_("我已阅读协议，同意按以上方式补偿"))

"""The five steps of the complaint form; each checks its answers and gives them as JSON.

`settled` returns plain values under the names of `ComplaintData` and `ContactData`.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from complaints.moments import now
from complaints.normalising import normalised_phone
from complaints.selectors.products import is_batch_code, product_called
from complaints.selectors.taxonomy import categories, general_issues
from complaints.states import PRIVACY_NOTICE, Category, Remedy
from documents.text import clean_text

LONGEST_STORY = 2000
OLDEST = timedelta(days=366 * 20)
DANGER_YES, DANGER_NO = "yes", "no"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]


def today() -> date:
    """Return the present day in the company's time zone."""
    return timezone.localtime(now()).date()


class CleanText(forms.CharField):
    """Text without control, direction-turning and hidden characters; one line unless told."""

    def __init__(self, *, lines: bool = False, **options: Any) -> None:
        self.lines = lines
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        text = clean_text(str(value)) if value not in self.empty_values else value
        if text and not self.lines:
            text = " ".join(text.split())
        return super().to_python(text)


class Day(forms.DateField):
    """A day in the past twenty years, today included."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {})["invalid"] = _("请按年、月、日填写，如 2026-11-19")
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, **options)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value > today():
            raise forms.ValidationError(_("日期不能晚于今天"))
        if value and value < today() - OLDEST:
            raise forms.ValidationError(_("这个日期太早了，核对一下年份"))


class Amount(forms.DecimalField):
    """An amount of money of at least nothing, to the cent."""

    def __init__(self, **options: Any) -> None:
        options["error_messages"] = {
            "invalid": _("请只填数字，如 1299 或 1299.50"),
            "min_value": _("金额不能小于 0"),
            "max_decimal_places": _("金额最多两位小数"),
            "max_whole_digits": _("金额太大了，核对一下"),
            "max_digits": _("金额太大了，核对一下"),
        }
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(
            min_value=0, max_digits=12, decimal_places=2, widget=widget, required=False, **options
        )

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = value.replace(",", "").replace("，", "").strip().removeprefix("¥")
        return super().to_python(value)


class StepForm(forms.Form):
    """One step. `page_heading` is the page's question, `lead` the line below it."""

    page_heading: Any = ""
    lead: Any = ""

    def settled(self) -> dict[str, Any]:
        """Return the checked answers as JSON values."""
        return {name: _plain(value) for name, value in self.cleaned_data.items()}

    def typed(self) -> dict[str, str]:
        """Return the answers as they were typed, to be shown again."""
        sent = {name: self.data.get(name) for name in self.fields}
        return {name: clean_text(value) for name, value in sent.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


class ProductForm(StepForm):
    """Step 1: what was bought."""

    page_heading = _("你要投诉哪件商品或哪项服务？")
    lead = _("有订单号的话填上，我们能更快查到记录")

    product_text = CleanText(
        label=_("商品或服务"),
        max_length=120,
        help_text=_("写名字就行，也可以从列表里选"),
        error_messages={"required": _("请填写商品或服务的名字")},
        widget=forms.TextInput(attrs={"list": "product-options", "autocomplete": "off"}),
    )
    order_number = CleanText(
        label=_("订单号"),
        max_length=60,
        required=False,
        help_text=_("在购物记录或小票上"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    marking = CleanText(
        label=_("批次号或序列号"),
        max_length=60,
        required=False,
        help_text=_("一般在铭牌或包装上"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    purchased_on = Day(label=_("购买日期"), required=False, help_text=_("记不清可以填大概日期"))
    amount_paid = Amount(label=_("实付金额"))

    def settled(self) -> dict[str, Any]:
        answers = super().settled()
        marking = answers.pop("marking")
        product_id = product_called(answers["product_text"])
        by_batch = is_batch_code(product_id, marking)
        return {
            **answers,
            "product_id": product_id,
            "batch_code": marking if by_batch else "",
            "serial_number": "" if by_batch else marking,
        }


CATEGORY_HINTS = {
    Category.QUALITY: _("坏了、有安全隐患、和描述不一样"),
    Category.SERVICE: _("态度、服务水平、维修太慢"),
    Category.PRICE: _("价格虚高、多收了钱"),
    Category.CONTRACT: _("条款不合理或者写得不清楚"),
    Category.ADVERTISING: _("宣传和实际不一样"),
    Category.AFTER_SALE: _("不给退款、保修有争议"),
    Category.PRIVACY: _("个人信息被滥用"),
    Category.PREPAID: _("储值卡、年卡、关店"),
    Category.DELIVERY: _("丢失、损坏、送错"),
}


def issue_field_name(category: str) -> str:
    """Return the name of the field with the issues of a category."""
    return f"issue_{category.lower()}"


class ProblemForm(StepForm):
    """Step 2: what is wrong. Each category has its own issues; 其他 is in all of them."""

    page_heading = _("遇到的是什么问题？")
    lead = _("选最接近的一项，不确定也没关系，我们会再核对")

    category = forms.ChoiceField(
        label=_("问题类别"),
        choices=(),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择问题类别"), "invalid_choice": _("请选择问题类别")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choice_hints = {str(k): v for k, v in CATEGORY_HINTS.items()}
        self._categories, general = categories(), general_issues()
        self.fields["category"].choices = [(term.code, term.name) for term in self._categories]
        for category in self._categories:
            self.fields[issue_field_name(category.code)] = forms.ChoiceField(
                label=_("具体是哪种情况？"),
                choices=[(issue.code, issue.name) for issue in (*category.issues.all(), *general)],
                widget=forms.RadioSelect,
                required=False,
                error_messages={"invalid_choice": _("请选择具体情况")},
            )

    def issue_groups(self) -> list[tuple[str, Any, forms.BoundField]]:
        """Return (category, its label, its field of issues) in the order of the page."""
        return [
            (category.code, category.name, self[issue_field_name(category.code)])
            for category in self._categories
        ]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        category = answers.get("category")
        if category and not answers.get(issue_field_name(category)):
            self.add_error(issue_field_name(category), _("请选择具体情况"))
        return answers

    def settled(self) -> dict[str, Any]:
        category = self.cleaned_data["category"]
        return {"category": category, "issue": self.cleaned_data[issue_field_name(category)]}


class StoryForm(StepForm):
    """Step 3: when, what, and whether anybody is in danger. Files are kept beside the answers."""

    page_heading = _("说说发生了什么")
    lead = _("写清时间、经过和你的损失，我们就能少打扰你几次")

    occurred_on = Day(
        label=_("哪一天发现问题的？"),
        help_text=_("记不清可以填大概日期"),
        error_messages={"required": _("请选择问题发生的日期")},
    )
    description = CleanText(
        label=_("经过是怎样的？"),
        lines=True,
        max_length=LONGEST_STORY,
        error_messages={
            "required": _("请写一写经过"),
            "max_length": _("经过最多 %(limit_value)d 字，请删去一些"),
        },
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    danger = forms.ChoiceField(
        label=_("有人受伤，或现在仍有危险吗？"),
        choices=[(DANGER_YES, _("有，或者不确定")), (DANGER_NO, _("没有"))],
        widget=forms.RadioSelect,
        help_text=_("冒烟、漏电、起火、食物中毒都算。选「有」会在 2 小时内联系你"),
        error_messages={"required": _("请选择有没有危险")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["danger"].choice_hints = {
            DANGER_YES: _("按紧急情况处理"),
            DANGER_NO: _("24 小时内答复"),
        }

    def settled(self) -> dict[str, Any]:
        return {**super().settled(), "danger": self.cleaned_data["danger"] == DANGER_YES}


class WishForm(StepForm):
    """Step 4: what the consumer wishes for."""

    page_heading = _("你希望怎样处理？")
    lead = _("这是你的诉求，不影响你依法可以得到的赔偿")

    wished_remedy = forms.ChoiceField(
        label=_("希望的处理方式"),
        choices=Remedy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择一种处理方式")},
    )
    wished_detail = CleanText(
        label=_("具体要求"),
        lines=True,
        max_length=1000,
        required=False,
        error_messages={"max_length": _("具体要求最多 %(limit_value)d 字，请删去一些")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    wished_amount = Amount(
        label=_("希望得到的金额"), help_text=_("有误工、交通、医疗等损失也算在内")
    )


class ContactForm(StepForm):
    """Step 5: how to reach the complainant; a phone number or an e-mail address is enough."""

    page_heading = _("怎么联系你？")
    lead = _("手机号和邮箱至少填一个，进展会发到这里")

    name = CleanText(
        label=_("怎么称呼你？"),
        max_length=60,
        error_messages={"required": _("请填写你的称呼")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = CleanText(
        label=_("手机号或固定电话"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=_("邮箱"),
        max_length=200,
        required=False,
        error_messages={"invalid": _("请填写完整的邮箱地址，如 name@example.com")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    language = forms.ChoiceField(
        label=_("用哪种语言联系你？"), choices=LANGUAGES, widget=forms.RadioSelect
    )
    needs_care = forms.BooleanField(
        label=_("我是老年人、残障人士或未成年人，需要多一些帮助"),
        required=False,
        help_text=_("只用来安排更合适的联系方式，可以不选"),
    )
    consent = forms.BooleanField(
        label=_("我已阅读上面的说明，同意用这些信息处理这次投诉"),
        error_messages={"required": _("请阅读说明后勾选同意，我们才能处理投诉")},
    )
    website = forms.CharField(
        label=_("请把这一栏留空"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = {"language": "en" if get_language() == "en" else "zh-hans"}
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        if phone and not normalised_phone(phone):
            raise forms.ValidationError(_("请填写 11 位手机号，或者带区号的电话"))
        return phone

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("请把这一栏留空"))
        return ""

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        said = {"phone", "email"} & (set(self.errors) | {k for k, v in answers.items() if v})
        if not said:
            self.add_error("phone", _("手机号和邮箱至少填一个"))
        return answers

    def settled(self) -> dict[str, Any]:
        kept = ("name", "phone", "email", "language", "needs_care")
        return {"notice": PRIVACY_NOTICE, **{name: self.cleaned_data[name] for name in kept}}


STEP_FORMS: dict[str, type[StepForm]] = {
    "product": ProductForm,
    "problem": ProblemForm,
    "story": StoryForm,
    "wish": WishForm,
    "contact": ContactForm,
}

"""Forms of ready texts and macros."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import Macro, ReplyTemplate
from complaints.selectors.macros import ME
from complaints.selectors.people import possible_owners
from complaints.selectors.phrases import current_templates
from complaints.selectors.taxonomy import category_choices, issue_choices, issue_codes
from complaints.services.conversation import LONGEST_MESSAGE
from complaints.states import Severity

TAGS = ("add_tags", "remove_tags")
_COMMA = re.compile(r"[,，、;；]")
_ASK = {"required": _("请填写这一项")}


def _body(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages=_ASK,
    )


class TemplateForm(forms.Form):
    """What a ready text says in both languages."""

    name_zh = forms.CharField(label=_("中文名称"), max_length=40, error_messages=_ASK)
    body_zh = _body(_("中文内容"))
    name_en = forms.CharField(label=_("英文名称"), max_length=60, error_messages=_ASK)
    body_en = _body(_("英文内容"))
    position = forms.IntegerField(label=_("顺序"), min_value=0, max_value=999, initial=0)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)


class NewTemplateForm(TemplateForm):
    """A ready text that is not there yet."""

    code = forms.SlugField(
        label=_("代码"),
        max_length=40,
        help_text=_("小写字母、数字和连字符，例如 ask-for-photo；以后不能改"),
        error_messages={**_ASK, "invalid": _("代码用小写字母、数字和连字符")},
    )
    field_order = ("code", "name_zh", "body_zh", "name_en", "body_en", "position")


class MacroForm(forms.Form):
    """What a macro does; what stays empty stays as it is in the case."""

    name = forms.CharField(label=_("名称"), max_length=60, error_messages=_ASK)
    template = forms.ModelChoiceField(
        label=_("回复消费者"), queryset=ReplyTemplate.objects.none(), required=False
    )
    accept_in_days = forms.IntegerField(
        label=_("同时受理，几天内办结"),
        required=False,
        min_value=1,
        max_value=90,
        help_text=_("填了就受理，上面的话术作为「接下来怎么处理」发给消费者"),
    )
    owner = forms.ChoiceField(label=_("交给谁"), required=False)
    category = forms.ChoiceField(label=_("类别"), required=False)
    issue = forms.ChoiceField(label=_("问题"), required=False)
    severity = forms.ChoiceField(label=_("严重程度"), required=False)
    add_tags = forms.CharField(
        label=_("加标签"), max_length=400, required=False, help_text=_("几个标签用逗号隔开")
    )
    remove_tags = forms.CharField(
        label=_("去掉标签"), max_length=400, required=False, help_text=_("几个标签用逗号隔开")
    )
    emergency = forms.CharField(
        label=_("升为紧急案件的理由"), max_length=200, required=False, help_text=_("不升级就留空")
    )
    note = forms.CharField(
        label=_("内部备注"),
        max_length=LONGEST_MESSAGE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    position = forms.IntegerField(label=_("顺序"), min_value=0, max_value=999, initial=0)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep = ("", _("不变"))
        people = [(str(person.pk), person.display_name) for person in possible_owners()]
        self.fields["owner"].choices = [keep, (ME, _("执行的人自己")), *people]
        self.fields["category"].choices = [keep, *category_choices()]
        self.fields["issue"].choices = [keep, *issue_choices()]
        self.fields["severity"].choices = [keep, *Severity.choices]
        texts = current_templates()
        names = {each.template_id: each.name_zh for each in texts}
        field = self.fields["template"]
        field.queryset = ReplyTemplate.objects.filter(pk__in=names).order_by("position", "code")
        field.empty_label = _("不发回复")
        field.label_from_instance = lambda template: names[template.pk]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        category, issue = data.get("category"), data.get("issue")
        if category and issue and issue not in issue_codes(category):
            self.add_error("issue", _("这个问题不属于所选的类别"))
        return data

    def acts(self) -> dict[str, Any]:
        """Return what was chosen, as `Macro.acts` keeps it."""
        names = ("category", "issue", "severity", "owner", "emergency", "note", "accept_in_days")
        found = {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}
        if str(found.get("owner", "")).isdecimal():
            found["owner"] = int(found["owner"])
        for name in TAGS:
            if self.cleaned_data[name]:
                found[name] = tag_names(self.cleaned_data[name])
        return found


def macro_initial(macro: Macro) -> dict[str, Any]:
    """Return what the form of an existing macro begins with."""
    facts = {"name": macro.name, "position": macro.position, "template": macro.template_id}
    tags = {name: "，".join(macro.acts.get(name, [])) for name in TAGS}
    return {**macro.acts, **tags, **facts, "seen": macro.version}


def tag_names(text: str) -> list[str]:
    """Return the names in a list with commas, each once whatever its case."""
    found: dict[str, str] = {}
    for part in _COMMA.split(text.replace("\x00", "")):
        name = " ".join(part.split())
        if name:
            found.setdefault(name.casefold(), name)
    return list(found.values())


class RunMacroForm(forms.Form):
    """The texts of a macro as somebody sends them."""

    reply = forms.CharField(
        label=_("回复消费者"),
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    note = forms.CharField(
        label=_("内部备注"),
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    nonce = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class MentionForm(forms.Form):
    """Whom to call in a note."""

    colleague = forms.MultipleChoiceField(
        label=_("告诉谁"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选至少一位")},
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["colleague"].choices = people

"""Forms of the supply chain: looking something up, taking in a table."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.importing.dates import DAY_FIRST, MONTH_FIRST, YEAR_FIRST

MOST_BYTES = 50 * 1024 * 1024
TABLES = [
    ("products", _("商品")),
    ("batches", _("批次")),
    ("serials", _("序列号")),
    ("supplies", _("批次供货")),
    ("production", _("生产与流转记录")),
    ("papers", _("协议、审核和证书")),
    ("tests", _("抽样检测")),
    ("units", _("销量")),
]
_CHOOSE = _("请选一项")


class TraceForm(forms.Form):
    """What to look up."""

    q = forms.CharField(label=_("序列号、批次、型号或供货者"), max_length=120, required=False)


class TraceImportForm(forms.Form):
    """A table and what it holds."""

    table = forms.ChoiceField(
        label=_("内容"),
        choices=TABLES,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    file = forms.FileField(
        label=_("文件"),
        help_text=_("CSV、XLSX 或 JSON，最大 50 MB；第一行是列名"),
        error_messages={
            "required": _("请选一个文件"),
            "empty": _("文件是空的"),
            "missing": _("请选一个文件"),
            "invalid": _("请选一个文件"),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.gz,.xlsx,.json,.jsonl"}),
    )
    date_format = forms.ChoiceField(
        label=_("日期的写法"),
        required=False,
        choices=[
            ("", _("自动判断")),
            (YEAR_FIRST, _("年月日")),
            (MONTH_FIRST, _("月日年")),
            (DAY_FIRST, _("日月年")),
        ],
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("文件太大，最大 50 MB"))
        return file

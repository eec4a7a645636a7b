"""Forms for uploading a file of complaints and saying what its columns are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.intake import LANGUAGES, CleanText
from complaints.importing.dates import DAY_FIRST, MONTH_FIRST, YEAR_FIRST
from complaints.importing.mapping import TARGETS
from complaints.models import ImportJob
from complaints.services.exporting import CSV, JSON_LINES, XLSX
from complaints.states import Channel

MOST_BYTES = 50 * 1024 * 1024
_CHOOSE = _("请选一项")


class UploadForm(forms.Form):
    """A file, and where it comes from."""

    file = forms.FileField(
        label=_("文件"),
        help_text=_("CSV、XLSX 或 JSON，最大 50 MB；第一行是列名"),
        error_messages={
            "required": _("请选一个文件"),
            "empty": _("文件是空的"),
            "missing": _("请选一个文件"),
            "invalid": _("请选一个文件"),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.json,.jsonl"}),
    )
    source_name = CleanText(
        label=_("来自哪里"),
        max_length=80,
        help_text=_("如：淘宝、市消协。同一来源、同一编号只会是一个案件"),
        error_messages={"required": _("请写明文件来自哪里")},
    )
    channel = forms.ChoiceField(
        label=_("渠道"), choices=Channel.choices, initial=Channel.IMPORT,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )  # fmt: skip
    language = forms.ChoiceField(label=_("投诉用的语言"), choices=LANGUAGES)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("文件超过 50 MB，请分成几个"))
        return file


class MappingForm(forms.Form):
    """Which column is what; a field for each column of the file."""

    date_format = forms.ChoiceField(
        label=_("日期的写法"),
        required=False,
        choices=[
            ("", _("从文件看出来")),
            (YEAR_FIRST, _("年月日，如 2026-11-22")),
            (MONTH_FIRST, _("月日年，如 11/22/2026")),
            (DAY_FIRST, _("日月年，如 22/11/2026")),
        ],
    )
    is_live = forms.ChoiceField(
        label=_("导入后"),
        choices=[
            ("", _("作为历史：保留原来的日期，过去的期限不再触发，不通知任何人")),
            ("1", _("作为今天收到的新投诉：期限从现在算起，会通知消费者")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    save_as = CleanText(
        label=_("把对应关系存为"),
        max_length=60,
        required=False,
        help_text=_("下次同样的文件直接用"),
    )

    def __init__(self, *args: Any, job: ImportJob, mapping: dict[str, str], **kwargs: Any) -> None:
        first = {
            "date_format": job.asked_format,
            "is_live": "1" if job.is_live else "",
            **{f"column_{n}": mapping.get(name, "") for n, name in enumerate(job.columns)},
        }
        super().__init__(*args, initial=first, **kwargs)
        self.job = job
        choices = [("", _("不导入")), *((key, target.label) for key, target in TARGETS.items())]
        for number, column in enumerate(job.columns):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=column,
                choices=choices,
                required=False,
                error_messages={"invalid_choice": _CHOOSE},
            )

    def column_fields(self) -> list[forms.BoundField]:
        """Return the fields of the columns, in the order of the file."""
        return [self[f"column_{number}"] for number in range(len(self.job.columns))]

    def mapping(self) -> dict[str, str]:
        """Return what was chosen."""
        chosen = {
            column: self.cleaned_data[f"column_{number}"]
            for number, column in enumerate(self.job.columns)
        }
        return {column: target for column, target in chosen.items() if target}


class ExportForm(forms.Form):
    """In what form a list is taken out."""

    form = forms.ChoiceField(
        label=_("格式"),
        choices=[(CSV, "CSV"), (XLSX, "Excel (XLSX)"), (JSON_LINES, "JSON Lines")],
        initial=CSV,
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE},
    )
    with_text = forms.BooleanField(label=_("包括投诉经过的原文"), required=False)

"""The form of a working calendar: its zone, its week, its teams, and days that differ."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team
from complaints.clock_arithmetic import CalendarError, WorkingCalendar
from complaints.models import BusinessCalendar
from complaints.selectors.people import teams
from complaints.selectors.policy_pages import teams_elsewhere
from complaints.services.calendars import DayOff, with_days

MOST_BYTES = 256 * 1024
WORKS = {"yes": True, "no": False, "上班": True, "休息": False, "班": True, "休": False}
_SPAN = re.compile(r"(\d{1,2}:\d{2})\s*(?:-|–|—|~|～|至|到)\s*(\d{1,2}:\d{2})")
_ASK = gettext_lazy("请填写这一项")
_CHOOSE = gettext_lazy("请选一项")
DAY_NAMES = [f"day_{number}" for number in range(7)]


def hours_text(hours: Any) -> str:
    """Write a weekday's hours as the form takes them."""
    return ", ".join(f"{begin}-{end}" for begin, end in hours)


def days_text(calendar: WorkingCalendar, year: int) -> str:
    """Write a year's days as the form takes them."""
    lines = [(day, "no") for day in calendar.rest_days if day.year == year]
    lines += [(day, "yes") for day in calendar.make_up_days if day.year == year]
    return "\n".join(f"{day},{works}" for day, works in sorted(lines))


class CalendarForm(forms.Form):
    """A working calendar as a person writes it."""

    key = forms.SlugField(
        label=gettext_lazy("代号"),
        max_length=40,
        help_text=gettext_lazy("用英文字母、数字和连字符，以后不能改"),
        error_messages={
            "required": _ASK,
            "invalid": gettext_lazy("只用英文字母、数字、连字符和下划线"),
        },
    )
    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=80, error_messages={"required": _ASK}
    )
    zone = forms.CharField(
        label=gettext_lazy("时区"),
        max_length=60,
        help_text=gettext_lazy("例如 Asia/Shanghai、Europe/London"),
        error_messages={"required": _ASK},
    )
    team_ids = forms.TypedMultipleChoiceField(
        label=gettext_lazy("按这个日历工作的小组"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _CHOOSE},
    )
    days = forms.CharField(
        label=gettext_lazy("节假日和调休"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "每行一天：日期，逗号，yes 上班或者 no 休息。写到的年份，原来列出的日子都换成这里写的"
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("或者上传 CSV 文件"),
        required=False,
        help_text=gettext_lazy("两列：date 和 works，works 写 yes 或者 no"),
        error_messages={"empty": gettext_lazy("这个文件是空的")},
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, row: BusinessCalendar | None, year: int = 0
    ) -> None:
        self.row = row
        self.base = WorkingCalendar.from_data(row.current.data) if row else WorkingCalendar()
        super().__init__(data, files, initial=self._initial(year), use_required_attribute=False)
        if row is not None:
            del self.fields["key"]
        for number, name in enumerate(DAY_NAMES):
            self.fields[name] = forms.CharField(
                label=WEEKDAYS[number],
                required=False,
                max_length=80,
                initial=hours_text(self.base.week[number]),
            )
        elsewhere = teams_elsewhere(row.key if row else "")
        self.fields["team_ids"].choices = [
            (team.pk, _team_label(team, elsewhere.get(team.pk))) for team in teams()
        ]

    def _initial(self, year: int) -> dict[str, Any]:
        return {
            "name": self.row.name if self.row else "",
            "zone": self.base.zone,
            "team_ids": [team.pk for team in self.row.teams.all()] if self.row else [],
            "days": days_text(self.base, year) if year else "",
        }

    def week(self) -> list[Any]:
        """Return the fields of the weekdays, bound."""
        return [self[name] for name in DAY_NAMES]

    def clean_zone(self) -> str:
        """Return the zone, which must be one."""
        zone: str = self.cleaned_data["zone"].strip()
        try:
            WorkingCalendar.from_data({"zone": zone})
        except CalendarError as error:
            raise forms.ValidationError(_("没有这个时区，写成 Asia/Shanghai 这样")) from error
        return zone

    def clean(self) -> dict[str, Any]:
        """Read the week's hours and the days."""
        data = self.cleaned_data
        hours = {name: self._hours(name) for name in DAY_NAMES if name in data}
        if not self.errors and not any(hours.values()):
            self.add_error(DAY_NAMES[0], _("至少要有一天上班"))
        data["week"] = tuple(hours.get(name, ()) for name in DAY_NAMES)
        data["listed"] = self._days()
        return data

    def _hours(self, name: str) -> tuple[tuple[str, str], ...]:
        text = self.cleaned_data[name].replace("：", ":")
        found = [(_two_digits(begin), _two_digits(end)) for begin, end in _SPAN.findall(text)]
        if re.sub(r"[\s,，、;；]+", "", _SPAN.sub("", text)):
            self.add_error(name, _("写成 09:00-12:00, 13:00-18:00 这样，休息就留空"))
            return ()
        week = [found] + [[("09:00", "18:00")]] * 6
        try:
            WorkingCalendar.from_data({"week": week if found else [[("00:00", "24:00")]] * 7})
        except CalendarError:
            self.add_error(name, _("每一段的结束要晚于开始，各段要按先后写，不能重叠"))
        return tuple(found)

    def _days(self) -> list[DayOff]:
        found: dict[date, bool] = {}
        sources = [("days", self.cleaned_data.get("days") or "")]
        if self.cleaned_data.get("file") is not None:
            sources.append(("file", self._file_text()))
        for name, text in sources:
            for number, day, works in self._lines(name, text):
                if found.setdefault(day, works) != works:
                    self._refuse(name, number, _("同一天既写了上班又写了休息"))
        return [DayOff(day, works) for day, works in sorted(found.items())]

    def _file_text(self) -> str:
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            self.add_error("file", _("这个文件太大，日历用不了这么多行"))
            return ""
        try:
            return upload.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", _("这个文件不是 UTF-8 的文字，请另存为 UTF-8 的 CSV"))
            return ""

    def _lines(self, name: str, text: str) -> Iterator[tuple[int, date, bool]]:
        for number, cells in enumerate(csv.reader(io.StringIO(text.replace("，", ","))), start=1):
            parts = [cell.strip().lower() for cell in cells]
            if not any(parts) or (number == 1 and parts[:2] == ["date", "works"]):
                continue
            works = WORKS.get(parts[1]) if len(parts) > 1 else None
            try:
                day = date.fromisoformat(parts[0])
            except ValueError:
                self._refuse(name, number, _("日期写成 2027-01-01 这样"))
                continue
            if works is None:
                self._refuse(name, number, _("日期后面写 yes 上班，或者 no 休息"))
                continue
            yield number, day, works

    def _refuse(self, name: str, number: int, words: str) -> None:
        line = _("第 %(number)d 行：%(problem)s") % {"number": number, "problem": words}
        self.add_error(name, line)

    @property
    def calendar_key(self) -> str:
        """The key of the calendar that is written."""
        return self.row.key if self.row else self.cleaned_data["key"]

    def calendar(self) -> WorkingCalendar:
        """Return the calendar as it would be published."""
        data = self.cleaned_data
        wanted = replace(self.base, key=self.calendar_key, zone=data["zone"], week=data["week"])
        listed: list[DayOff] = data["listed"]
        if not listed:
            return wanted
        years = {one.day.year for one in listed}
        return with_days(wanted, listed, years=years, published_to=date(max(years), 12, 31))

    def days_written(self) -> str:
        """Return all days that were typed or uploaded, as the page shows them again."""
        works = {True: "yes", False: "no"}
        return "\n".join(f"{one.day},{works[one.works]}" for one in self.cleaned_data["listed"])


def _two_digits(clock: str) -> str:
    return clock.zfill(5)


def _team_label(team: Team, other: str | None) -> str:
    if other is None:
        return team.name
    return _("%(team)s（现在用「%(calendar)s」）") % {"team": team.name, "calendar": other}

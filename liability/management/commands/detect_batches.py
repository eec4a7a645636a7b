"""`manage.py detect_batches FILE --received COLUMN --key COLUMN[,COLUMN]`: alarms of a file."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from complaints.importing.dates import DATE_FORMATS
from complaints.importing.refusals import FileRefused
from complaints.importing.sources import Problem
from liability.detection import Alarm, Settings, detect
from liability.services.alarm_files import Stream, read_stream
from liability.services.sales_files import Sales, read_sales


class Command(BaseCommand):
    """Run the batch-defect alarm over a file, in order of receipt. Stores nothing."""

    help = "Print the surges in a file of complaints: each on the day on which it showed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="complaints: .csv, .csv.gz, .xlsx or .json")
        parser.add_argument("--received", required=True, metavar="COLUMN", help="day of receipt")
        parser.add_argument(
            "--key",
            required=True,
            metavar="COLUMN[,COLUMN]",
            help="the columns that together are watched, such as product, batch and fault",
        )
        parser.add_argument("--exposure", type=Path, metavar="FILE", help="units sold, by key")
        parser.add_argument("--id", default="", metavar="COLUMN", help="which column holds the ids")
        parser.add_argument("--exposure-units", default="", metavar="COLUMN")
        parser.add_argument("--exposure-period", default="", metavar="COLUMN")
        parser.add_argument("--date-format", default="", choices=DATE_FORMATS)
        parser.add_argument(
            "--false-alarms",
            type=float,
            default=Settings().false_alarms_a_year,
            metavar="NUMBER",
            help="how often a year chance may raise an alarm, over all that is watched",
        )
        parser.add_argument(
            "--fewest",
            type=int,
            default=Settings().fewest,
            metavar="NUMBER",
            help="complaints below which nothing is an alarm",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        key = [column.strip() for column in options["key"].split(",") if column.strip()]
        if not key or len(set(key)) < len(key):
            raise CommandError(_("--key 要有一列或几列，不能重复。"), returncode=2)
        if not 0 < options["false_alarms"] <= 1000 or options["fewest"] < 1:
            raise CommandError(_("--false-alarms 要大于 0，--fewest 至少是 1。"), returncode=2)
        try:
            stream, sales = self._read(options, key)
        except FileRefused as refusal:
            raise CommandError(refusal.reason, returncode=2) from refusal
        except OSError as error:
            raise CommandError(
                _("打不开文件：%(error)s") % {"error": error}, returncode=2
            ) from error
        settings = Settings(options["false_alarms"], options["fewest"])
        alarms = detect(stream.complaints, settings=settings, units=sales.units if sales else None)
        self._name_bad(stream.bad, options["file"])
        self._name_bad(sales.bad if sales else [], options["exposure"])
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(key, stream, sales, alarms), ensure_ascii=False))
        else:
            self._print(stream, alarms)

    def _read(self, options: dict[str, Any], key: list[str]) -> tuple[Stream, Sales | None]:
        stream = read_stream(
            options["file"],
            received=options["received"],
            key=key,
            id_column=options["id"],
            date_format=options["date_format"],
        )
        if options["exposure"] is None:
            return stream, None
        sales = read_sales(
            options["exposure"],
            key=key,
            units=options["exposure_units"],
            period=options["exposure_period"],
        )
        return stream, sales

    def _name_bad(self, bad: list[Problem], path: Path) -> None:
        for problem in bad:
            text = _("%(file)s 第 %(record)d 条（第 %(line)d 行）没有用上：%(reason)s") % {
                "file": path.name,
                "record": problem.record,
                "line": problem.line,
                "reason": problem.reason,
            }
            self.stderr.write(text)

    def _print(self, stream: Stream, alarms: list[Alarm]) -> None:
        for alarm in alarms:
            self.stdout.write(
                _(
                    "%(date)s %(key)s：%(window)d 天里 %(count)d 件，预计 %(expected).2f 件；"
                    "单凭偶然，约 %(years).3g 年才出现一次。"
                )
                % {
                    "date": date.fromordinal(alarm.day).isoformat(),
                    "key": " / ".join(alarm.key),
                    "window": alarm.window,
                    "count": alarm.count,
                    "expected": alarm.expected,
                    "years": alarm.statistic,
                }
            )
        self.stdout.write(
            _("读取 %(read)d 条，报警 %(alarms)d 次，有问题 %(bad)d 条。")
            % {
                "read": len(stream.complaints) + len(stream.bad),
                "alarms": len(alarms),
                "bad": len(stream.bad),
            }
        )


def _as_json(
    key: list[str], stream: Stream, sales: Sales | None, alarms: list[Alarm]
) -> dict[str, Any]:
    return {
        "read": len(stream.complaints) + len(stream.bad),
        "used": len(stream.complaints),
        "keys": len({complaint.key for complaint in stream.complaints}),
        "id_column": stream.id_column,
        "exposure": sales is not None,
        "keys_without_units": _without_units(stream, sales) if sales else 0,
        "bad": [_bad(problem) for problem in stream.bad],
        "bad_exposure": [_bad(problem) for problem in sales.bad] if sales else [],
        "alarms": [_alarm(key, alarm) for alarm in alarms],
    }


def _without_units(stream: Stream, sales: Sales) -> int:
    keys = {complaint.key for complaint in stream.complaints}
    return sum(not sales.units.knows(key) for key in keys)


def _bad(problem: Problem) -> dict[str, Any]:
    return {"record": problem.record, "line": problem.line, "reason": problem.reason}


def _alarm(key: list[str], alarm: Alarm) -> dict[str, Any]:
    return {
        "date": date.fromordinal(alarm.day).isoformat(),
        "key": dict(zip(key, alarm.key, strict=True)),
        "count": alarm.count,
        "expected": float(f"{alarm.expected:.4g}"),
        "statistic": float(f"{alarm.statistic:.4g}"),
        "ids": list(alarm.ids),
        "season": {
            "source": alarm.season.source,
            "factor": float(f"{alarm.season.factor:.3g}"),
            "years": alarm.season.years,
        },
        "window_days": alarm.window,
        "since": date.fromordinal(alarm.day - alarm.window + 1).isoformat(),
        "by_units": alarm.by_units,
    }

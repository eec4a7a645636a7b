"""`manage.py import_complaints FILE --source cfpb|nhtsa|heimao`: take over real complaints."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from complaints.importing.dates import DATE_FORMATS
from complaints.importing.sources import SOURCES
from complaints.services.importing import ImportReport, import_file


class Command(BaseCommand):
    """Import a file of complaints and report on every record; a second run adds nothing."""

    help = "Import complaints of another system from a CSV file, plain or gzipped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a .csv or .csv.gz file with a header")
        parser.add_argument("--source", required=True, choices=sorted(SOURCES))
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--batch-size", type=int, default=500, help="records a transaction")
        parser.add_argument(
            "--date-format",
            default="",
            choices=DATE_FORMATS,
            help="how the file writes dates, where it does not show it itself",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["batch_size"] < 1:
            raise CommandError(_("--batch-size 至少是 1。"), returncode=2)
        try:
            report = import_file(
                options["file"],
                source=options["source"],
                date_format=options["date_format"],
                batch_size=options["batch_size"],
            )
        except OSError as error:
            raise CommandError(
                _("打不开文件：%(error)s") % {"error": error}, returncode=2
            ) from error
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        else:
            self._print(report)
        if report.bad:
            raise CommandError(_("有 %(count)d 条记录不能导入。") % {"count": len(report.bad)})

    def _print(self, report: ImportReport) -> None:
        self.stdout.write(
            _("读取 %(read)d 条：新导入 %(imported)d 条，已有 %(present)d 条，有问题 %(bad)d 条。")
            % {
                "read": report.read,
                "imported": report.imported,
                "present": report.already_present,
                "bad": len(report.bad),
            }
        )
        for problem in report.bad:
            self.stdout.write(
                _("第 %(record)d 条（第 %(line)d 行）：%(reason)s")
                % {"record": problem.record, "line": problem.line, "reason": problem.reason}
            )
        for reference, reason in report.anomalies:
            self.stdout.write(
                _("外部编号 %(reference)s 有异常：%(reason)s")
                % {"reference": reference, "reason": reason}
            )

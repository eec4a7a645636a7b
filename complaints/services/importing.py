"""Taking over complaints from files of other systems: in batches, each wholly or not at all.

A batch makes its consumers, cases, clocks and first events together, past the same guards of the
database as a single complaint. History arms no past timer, starts no emergency's clock and tells
nobody; a complaint that is still within its promises counts as one received now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from complaints import sealing
from complaints.actors import Actor
from complaints.importing.meanings import CHANGED_AT_SOURCE, UNDATED, SourceComplaint
from complaints.importing.refusals import FileRefused
from complaints.importing.sources import SOURCES, Problem, found_date_format, read_complaints
from complaints.models import Case, CaseEvent, Clock, Consumer
from complaints.moments import now
from complaints.services.clocks import open_clocks, plan_clock
from complaints.services.customers import link_consumer
from complaints.services.events import next_event
from complaints.services.intake import ComplaintData, ContactData, new_case, new_consumer
from complaints.services.linking import mark_texts
from complaints.states import ClockKind

T = TypeVar("T")
PAST_EMERGENCY = "past_emergency"
FIRST_POLICY = datetime(2000, 1, 1, tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)
_COPIED = (
    "description",
    "title",
    "channel",
    "language",
    "currency",
    "category",
    "issue",
    "wished_remedy",
    "wished_detail",
    "occurred_on",
    "danger",
    "product_text",
    "serial_number",
    "respondent",
    "region",
    "needs_care",
    "order_number",
    "amount_paid",
    "purchased_on",
)


@dataclass
class ImportReport:
    """What became of a file: every record was imported, was there already, or is bad."""

    read: int = 0
    imported: int = 0
    already_present: int = 0
    bad: list[Problem] = field(default_factory=list)
    anomalies: list[tuple[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "read": self.read,
            "imported": self.imported,
            "already_present": self.already_present,
            "bad": [asdict(problem) for problem in self.bad],
            "anomalies": [
                {"external_ref": reference, "reason": reason}
                for reference, reason in self.anomalies
            ],
        }


def import_file(
    path: Path, *, source: str, date_format: str = "", batch_size: int = 500
) -> ImportReport:
    """Import the complaints of a file and report on every record of it.

    Without `date_format` the file's own dates decide how they are read. A file that can't be
    trusted is reported as one bad record, and nothing of it is imported. May be run again at any
    time: what is there already stays as it is. Raises KeyError for an unknown source, OSError when
    the file can't be read.
    """
    report, system = ImportReport(), SOURCES[source]
    try:
        dates = date_format or found_date_format(path, system)
        items = read_complaints(
            path,
            system,
            date_format=dates,
            zone=ZoneInfo(settings.TIME_ZONE),
            now=now(),
        )
        for batch in _batches(items, batch_size):
            _import_items(batch, system.name, report)
    except FileRefused as refusal:
        report.read += 1
        report.bad.append(Problem(record=0, line=refusal.line, reason=refusal.reason))
    return report


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _import_items(
    items: Sequence[SourceComplaint | Problem], source: str, report: ImportReport
) -> None:
    complaints = [item for item in items if isinstance(item, SourceComplaint)]
    known, added = import_batch(complaints, source=source)
    report.read += len(items)
    report.imported += added
    report.already_present += len(complaints) - added
    report.bad.extend(item for item in items if isinstance(item, Problem))
    for complaint in complaints:
        report.anomalies.extend((complaint.external_ref, flag) for flag in complaint.flags)
        if known.get(complaint.external_ref, complaint.digest) != complaint.digest:
            report.anomalies.append((complaint.external_ref, CHANGED_AT_SOURCE))


@transaction.atomic
def import_batch(
    complaints: Sequence[SourceComplaint], *, source: str, body: str = ""
) -> tuple[dict[str, str], int]:
    """Take over the complaints that aren't there yet, all or none.

    Of two with the same reference the first counts. Returns the digests of the references as they
    are now known, and how many cases were made. Batches of one source wait for each other. `body`
    names who handed them on.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import:{source}"])
    references = {complaint.external_ref for complaint in complaints}
    known = dict(
        Case.objects.filter(source_system=source, external_ref__in=references).values_list(
            "external_ref", "intake_digest"
        )
    )
    fresh: dict[str, SourceComplaint] = {}
    for complaint in complaints:
        if complaint.external_ref not in known:
            fresh.setdefault(complaint.external_ref, complaint)
    if fresh:
        _take_over(list(fresh.values()), source, body)
    return known | {ref: complaint.digest for ref, complaint in fresh.items()}, len(fresh)


def _take_over(complaints: Sequence[SourceComplaint], source: str, body: str) -> None:
    moment, by = now(), Actor.system()
    cases = [_new_case(complaint, source, moment) for complaint in complaints]
    clocks = [clock for case in cases for clock in _first_clocks(case, moment)]
    for case in cases:
        case.external_body = body
        link_consumer(case.consumer)
    Consumer.objects.bulk_create(case.consumer for case in cases)
    Case.objects.bulk_create(cases)
    mark_texts(cases)
    for dated, arm_from in ((True, moment), (False, NEVER)):
        chosen = [clock for clock in clocks if _is_dated(clock.case) is dated]
        open_clocks(chosen, by=by, cause="imported", arm_from=arm_from)
    CaseEvent.objects.bulk_create(
        next_event(
            case,
            "imported",
            by=by,
            data={"channel": case.channel, "danger": case.danger_reported, "source": source}
            | ({"facts": complaint.facts} if complaint.facts else {}),
            for_consumer=True,
            new_stage=case.stage,
        )
        for complaint, case in zip(complaints, cases, strict=True)
    )


def complaint_data(complaint: SourceComplaint) -> ComplaintData:
    """Return what a complaint of another system says, in the words of our intake."""
    contact = ContactData(name=complaint.name, phone=complaint.phone, email=complaint.email)
    copied = {name: getattr(complaint, name) for name in _COPIED}
    return ComplaintData(contact=contact, **copied)


def _new_case(complaint: SourceComplaint, source: str, moment: datetime) -> Case:
    data = complaint_data(complaint)
    case = new_case(data, new_consumer(data, moment), moment)
    case.source_system, case.external_ref = source, complaint.external_ref
    case.received_at = complaint.received_at or moment
    case.acknowledged_at = complaint.acknowledged_at
    case.import_flags, case.imported_at = list(complaint.flags), moment
    case.intake_digest = complaint.digest
    case.access_digest = sealing.digest(sealing.new_secret())
    return case


def _first_clocks(case: Case, moment: datetime) -> list[Clock]:
    """Plan the clocks; those that still run in time make the Case due, the others are history.

    A case whose moment of receipt is unknown, or has not come, is due for nobody.
    """
    start = max(case.received_at, FIRST_POLICY)
    clock = plan_clock(case, ClockKind.ACKNOWLEDGEMENT, at=start)
    clocks = [clock]
    if case.danger_reported:
        emergency = plan_clock(case, ClockKind.EMERGENCY, at=start)
        if _is_live(emergency, case, moment):
            clocks.append(emergency)
        else:
            case.import_flags.append(PAST_EMERGENCY)
    live = [clock for clock in clocks if _is_live(clock, case, moment)]
    if live:
        case.next_due_at, case.next_due_kind = min((c.due_at, c.kind) for c in live)
    return clocks


def _is_dated(case: Case) -> bool:
    return UNDATED.isdisjoint(case.import_flags)


def _is_live(clock: Clock, case: Case, moment: datetime) -> bool:
    return _is_dated(case) and clock.due_at is not None and clock.due_at > moment

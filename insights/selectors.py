"""Figures for the dashboard: five tiles, two charts, two tables; each links to its cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncWeek
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Role
from complaints.models import Case
from complaints.states import OPEN_STAGES
from insights.measures import (
    KEPT,
    OUTCOMES,
    acknowledgements,
    closed_in,
    our_promises,
    outcome_filter,
    own_cases,
    payments,
    ratings,
    received_in,
)
from insights.periods import Period

SMALL_SAMPLE = 10
ON_TIME_TARGET = 95


@dataclass(frozen=True)
class Figure:
    """One number with the number of the period before, and how many cases it rests on."""

    value: Decimal | None
    before: Decimal | None
    sample: int

    @property
    def change(self) -> Decimal | None:
        """The difference to the period before, where both are known."""
        if self.value is None or self.before is None:
            return None
        return self.value - self.before


def outcome_names() -> dict[str, str]:
    """Return the words for the parts of the weekly bars, in order."""
    names = [_("办理中"), _("达成补偿"), _("不予受理或无需赔偿"), _("撤回或并案")]
    return dict(zip(OUTCOMES, names, strict=True))


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))


def _share(counts: dict[str, int]) -> Decimal | None:
    whole = counts["whole"]
    return _decimal(Decimal(counts["kept"]) * 100 / whole) if whole else None


def new_figure(period: Period) -> Figure:
    """Count the cases received."""
    value, before = received_in(period).count(), received_in(period.previous()).count()
    return Figure(Decimal(value), Decimal(before), value)


def acknowledged_figure(period: Period, *, moment: datetime) -> Figure:
    """Return the share of 24-hour promises that were kept, in percent."""
    counts, before = (
        acknowledgements(span, moment=moment).aggregate(
            whole=Count("pk"), kept=Count("pk", filter=KEPT)
        )
        for span in (period, period.previous())
    )
    return Figure(_share(counts), _share(before), counts["whole"])


def closing_figure(period: Period) -> Figure:
    """Return the mean number of days from receipt to closing."""
    spans = []
    for span in (period, period.previous()):
        took = closed_in(span).aggregate(
            mean=Avg(F("closed_at") - F("received_at")), count=Count("pk")
        )
        days = took["mean"].total_seconds() / 86400 if took["mean"] is not None else None
        spans.append((_decimal(days), took["count"]))
    return Figure(spans[0][0], spans[1][0], spans[0][1])


def paid_figure(period: Period) -> Figure:
    """Return the sum of payments in the company's currency."""
    spans = []
    for span in (period, period.previous()):
        spans.append(
            payments(span).aggregate(
                total=Sum("amount"), cases=Count("obligation__agreement__case", distinct=True)
            )
        )
    total, before = (_decimal(span["total"] or 0) for span in spans)
    return Figure(total, before, spans[0]["cases"])


def satisfaction_figure(period: Period) -> Figure:
    """Return the mean rating, from 1 to 5."""
    now, before = (
        ratings(span).aggregate(mean=Avg("rating"), count=Count("pk"))
        for span in (period, period.previous())
    )
    return Figure(_decimal(now["mean"]), _decimal(before["mean"]), now["count"])


def weekly_outcomes(period: Period) -> dict[str, Any]:
    """Return the bars: cases received each week, by how they stand now."""
    names = outcome_names()
    counted = {
        row["week"].date(): row
        for row in received_in(period)
        .annotate(week=TruncWeek("received_at"))
        .values("week")
        .annotate(**{name: Count("pk", filter=outcome_filter(name)) for name in names})
    }
    bars = []
    for week in period.weeks():
        monday = week.starts.date().toordinal() - week.first.weekday()
        row = next((r for d, r in counted.items() if d.toordinal() == monday), None)
        bars.append(
            {
                "label": f"{week.first:%m-%d}",
                "values": [row[name] if row else 0 for name in names],
                "href": cases_link("new", week),
            }
        )
    return {"title": _("每周投诉量"), "series": list(names.values()), "bars": bars}


def weekly_on_time(period: Period, *, moment: datetime) -> dict[str, Any]:
    """Return the line: the share of our promises falling due each week that were kept."""
    counted = {
        row["week"].date(): row
        for row in our_promises(period, moment=moment)
        .annotate(week=TruncWeek("due_at"))
        .values("week")
        .annotate(whole=Count("pk"), kept=Count("pk", filter=KEPT))
    }
    points = []
    for week in period.weeks():
        monday = week.first.toordinal() - week.first.weekday()
        row = next((r for d, r in counted.items() if d.toordinal() == monday), None)
        share = _share(row) if row else None
        points.append(
            {
                "label": f"{week.first:%m-%d}",
                "value": float(round(share, 1)) if share is not None else None,
                "href": cases_link("late", week),
            }
        )
    known = [point["value"] for point in points if point["value"] is not None]
    low = min([80, *[int(value // 10 * 10) for value in known]])
    return {
        "title": _("按时完成率"),
        "points": points,
        "target": ON_TIME_TARGET,
        "unit": "%",
        "low": low,
        "high": 100,
    }


def cases_link(measure: str, period: Period, *, outcome: str = "") -> str:
    """Return the address of the list of cases behind a figure."""
    suffix = f"&outcome={outcome}" if outcome else ""
    return f"{reverse('dashboard_cases')}?measure={measure}&{period.query()}{suffix}"


def sources_of_complaints(period: Period, *, most: int = 5) -> list[dict[str, Any]]:
    """Return the batches with most complaints in the period, with what was agreed for them."""
    return list(
        received_in(period)
        .filter(batch__isnull=False)
        .values("product__name", "batch__code", "batch_id")
        .annotate(count=Count("pk"), agreed=Sum("amount_agreed"))
        .order_by("-count", "batch__code")[:most]
    )


def agent_load(period: Period, *, moment: datetime) -> Sequence[dict[str, Any]]:
    """Return each agent's open cases, and the share of promises kept in the period."""
    kept = {
        row["case__owner"]: row
        for row in our_promises(period, moment=moment)
        .filter(case__owner__isnull=False)
        .values("case__owner")
        .annotate(whole=Count("pk"), kept=Count("pk", filter=KEPT))
    }
    open_cases = Count("owned_cases", filter=Q(owned_cases__stage__in=OPEN_STAGES))
    agents: QuerySet[User] = (
        User.objects.filter(is_active=True, roles__overlap=[Role.AGENT, Role.INVESTIGATOR])
        .annotate(open_cases=open_cases)
        .order_by("-open_cases", "pk")
    )
    return [
        {
            "user": agent,
            "open_cases": agent.open_cases,
            "on_time": _share(kept[agent.pk]) if agent.pk in kept else None,
        }
        for agent in agents[:8]
    ]


def nearest_with_data(period: Period) -> Case | None:
    """Return the newest case received before the period, for an empty range's hint."""
    return own_cases().filter(received_at__lt=period.starts).order_by("-received_at").first()

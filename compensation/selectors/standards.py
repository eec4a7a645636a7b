"""The company's table: the rows in force on a day, and each row's versions."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from compensation.models import StandardItem
from compensation.proposing import Standard


def published_standards() -> QuerySet[StandardItem]:
    """Return all published versions of all rows."""
    return StandardItem.objects.filter(published_at__isnull=False)


def standards_on(day: date) -> list[StandardItem]:
    """Return the rows in force on a day, by code."""
    rows = published_standards().filter(effective_from__lte=day)
    latest = {row.code: row for row in rows.order_by("effective_from", "version")}
    return [latest[code] for code in sorted(latest) if latest[code].active]


def usable(row: StandardItem) -> Standard:
    """Return a row as a proposal uses it, in the language of the moment."""
    basis = _("公司补偿标准「%(title)s」第 %(version)d 版") % {
        "title": row.told,
        "version": row.version,
    }
    return Standard(
        title=row.told,
        layer=row.layer,
        line_kind=row.line_kind,
        basis=basis,
        option_kind=row.option_kind,
        severity=row.severity,
        category=row.category,
        tier=row.tier,
        amount=row.amount,
        share=row.share,
        most=row.most,
        quantity=row.quantity,
        unit=row.unit,
    )


def versions_of(code: str) -> list[StandardItem]:
    """Return a row's published versions, the latest first."""
    rows = published_standards().filter(code=code).select_related("created_by", "published_by")
    return list(rows.order_by("-version"))


def standard_draft(code: str) -> StandardItem | None:
    """Return the draft of a row's next version, or None."""
    rows = StandardItem.objects.filter(code=code, published_at=None)
    return rows.select_related("created_by").first()


def latest_standards() -> list[StandardItem]:
    """Return each row's latest version, drafts of new rows among them, by code."""
    latest = {row.code: row for row in StandardItem.objects.order_by("version")}
    return [latest[code] for code in sorted(latest)]

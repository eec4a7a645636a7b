"""What a new version says otherwise than the one that the parties had before them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from agreements.models import Agreement
from agreements.selectors.agreements import last_offered_before
from agreements.selectors.summaries import summary_rows
from agreements.selectors.wording import wording_rows
from agreements.wording.variables import values_of


@dataclass(frozen=True)
class Difference:
    """One thing that reads otherwise; "" on a side where it isn't there."""

    label: str
    before: str
    after: str


def differences(agreement: Agreement) -> list[Difference]:
    """Return what differs from the version that was last offered, in the order of the text."""
    earlier = last_offered_before(agreement)
    if earlier is None:
        return []
    values = None
    if earlier.wording_id != agreement.wording_id:
        values = values_of(earlier.unsigned.context) if earlier.unsigned is not None else {}
    before, after = _rows(earlier, values), _rows(agreement, values)
    keys = list(after) + [key for key in before if key not in after]
    return [
        Difference(key[0], before.get(key, ""), after.get(key, ""))
        for key in keys
        if before.get(key, "") != after.get(key, "")
    ]


def _rows(agreement: Agreement, values: dict[str, str] | None) -> dict[tuple[str, int], str]:
    """Return everything that the text says, by label and by which of that label it is.

    With `values` the wording itself is among it, filled with them.
    """
    seen: Counter[str] = Counter()
    rows: dict[tuple[str, int], str] = {}
    wording = [] if values is None else wording_rows(agreement, values)
    for label, value in [*_said(agreement), *wording]:
        seen[label] += 1
        rows[label, seen[label]] = value
    return rows


def _said(agreement: Agreement) -> list[tuple[str, str]]:
    terms, party = agreement.text, agreement.party
    said = [
        (str(row["label"]), "  ".join(filter(None, [str(row["value"]), str(row.get("note", ""))])))
        for row in summary_rows(agreement)[1:]
    ]
    said += [
        (str(_("姓名")), party.name),
        (str(_("证件")), " ".join(filter(None, [party.id_type, party.id_number]))),
        (str(_("电话")), party.phone),
        (str(_("地址")), party.address),
        (str(_("收款账户")), party.payee),
        (str(_("你反映的情况")), terms.complaint),
        (str(_("查明的情况")), terms.findings),
        (str(_("保密")), str(_("双方对金额保密")) if terms.confidential else ""),
    ]
    return said

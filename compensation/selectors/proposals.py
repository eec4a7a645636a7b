"""What the rules propose for a case, in the language of its consumer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from compensation.drafts import OptionData
from compensation.models import EntitlementSheet, StandardItem
from compensation.proposing import Due, Ground, Standard, Words, fits, proposed_options
from compensation.selectors.losses import verified_losses
from compensation.selectors.rules import current_sheet
from compensation.selectors.sheet_cards import item_words
from compensation.selectors.similar import SimilarCases, similar_cases
from compensation.selectors.standards import standards_on, usable
from compensation.states import LineKind, OptionKind
from complaints.models import Case
from complaints.moments import now
from complaints.selectors.policies import working_calendar
from complaints.states import Remedy

WISHES = {
    Remedy.REFUND: OptionKind.REFUND,
    Remedy.REPLACE: OptionKind.REPLACEMENT,
    Remedy.REPAIR: OptionKind.REPAIR,
    Remedy.COMPENSATION: OptionKind.MONEY,
}


@dataclass(frozen=True)
class Proposal:
    """What the rules propose, and the similar cases that they looked at."""

    options: list[OptionData]
    similar: SimilarCases
    rows: list[StandardItem] = field(default_factory=list)
    """The rows of the company's table that the options were made with."""


def proposal_for(case: Case, sheet: EntitlementSheet | None = None) -> Proposal:
    """Return the options that follow from sheet, standard, tier and similar cases.

    Nothing is proposed before the law's floor was reckoned: there would be nothing to stand on.
    """
    sheet = sheet or current_sheet(case)
    similar = similar_cases(case)
    if sheet is None:
        return Proposal([], similar)
    day = working_calendar().local_date(now())
    with translation.override(case.language):
        ground = ground_of(case, sheet, similar)
        table = [(row, usable(row)) for row in standards_on(day)]
        options = proposed_options(
            ground,
            [standard for _row, standard in table],
            words=_words(),
            new_article=_("同款新品"),
            as_similar=_("与类似案件保持一致"),
        )
    told = {line.legal_basis for option in options for line in option.lines}
    used = [row for row, one in table if fits(one, ground) and _was_used(one, told, options)]
    return Proposal(options, similar, used)


def _was_used(row: Standard, bases: set[str], options: Sequence[OptionData]) -> bool:
    """Say whether a row is among the options; a free repair bears no basis of its own."""
    if row.line_kind != LineKind.REPAIR:
        return row.basis in bases
    return any(line.description == row.title for one in options for line in one.lines)


def ground_of(case: Case, sheet: EntitlementSheet, similar: SimilarCases) -> Ground:
    """Return what the proposal rests on: facts of the matter, none of the person."""
    return Ground(
        price=case.amount_paid or Decimal(str(sheet.facts.get("price_paid") or 0)),
        severity=case.severity,
        category=case.category,
        tier=case.consumer.tier,
        due=itemised(due_lines(sheet), verified_losses(case)),
        wish=WISHES.get(Remedy(case.wished_remedy), "") if case.wished_remedy else "",
        similar=similar.by_kind,
        chosen=similar.chosen,
    )


def due_lines(sheet: EntitlementSheet) -> list[Due]:
    """Return the sheet's lines as an option takes them over; nothing where nothing is due.

    A credit is a line of its own kind there, and no negative amount.
    """
    lines = [
        Due(
            kind=str(line["kind"]),
            title=_told(line),
            amount=abs(Decimal(str(line["amount"]))),
            article=str(line["article"]),
        )
        for line in sheet.lines
    ]
    return lines if any(line.kind != LineKind.CREDIT for line in lines) else []


def _told(line: Mapping[str, object]) -> str:
    """Return a line's words for the consumer: what it is, where the rule's title names a ground."""
    kind = LineKind(str(line["kind"]))
    item = item_words(line)
    if item:
        return str(item)
    plain = kind in (LineKind.REFUND, LineKind.LOSS)
    return str(kind.label) if plain else str(line["title"])


def itemised(due: Sequence[Due], losses: Sequence[tuple[str, Decimal]]) -> list[Due]:
    """Return the lines with the sum of the losses told item by item, where it is exactly theirs."""
    whole = sum((amount for _told, amount in losses), Decimal(0))
    told: list[Due] = []
    for line in due:
        if losses and line.kind == LineKind.LOSS and line.amount == whole:
            told += [replace(line, title=title, amount=amount) for title, amount in losses]
            losses = ()
        else:
            told.append(line)
    return told


def _words() -> dict[str, Words]:
    """Return how each kind is told; the kinds that a person adds have their names."""
    others = {kind: Words(str(kind.label), _("签署后 7 天内办好"), 7) for kind in OptionKind}
    return {
        **others,
        OptionKind.REFUND: Words(_("全额退款"), _("签署后 3 个工作日内原路退回"), 5),
        OptionKind.MONEY: Words(_("现金赔偿"), _("签署后 3 个工作日内到账"), 5),
        OptionKind.REPLACEMENT: Words(
            _("换新并补偿"), _("签署后 48 小时内发货，现金 3 个工作日到账"), 5
        ),
        OptionKind.REPAIR: Words(
            _("维修并补偿"),
            _("维修约 5 天，其他的同时办好"),
            7,
            {LineKind.WARRANTY: _("维修加延保")},
        ),
    }

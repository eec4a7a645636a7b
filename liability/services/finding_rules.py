"""What makes a finding whole: shares that fit each other, the outcome and the case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from complaints.errors import CaseError
from complaints.models import Case, Evidence
from liability.decisions import FindingData, ShareData
from liability.errors import ShareError
from liability.shares import check_shares
from liability.states import (
    GroundKind,
    LiabilityKind,
    Outcome,
    Party,
    ShareTable,
    StandardOfProof,
)

_BEARS_ALONE = frozenset({Party.CONSUMER, Party.FORCE_MAJEURE})
_SEVERAL_TOGETHER = frozenset({LiabilityKind.JOINT, LiabilityKind.ALTERNATIVE})


def check_finding(finding: FindingData) -> None:
    """Raise CaseError, naming the field, for a finding that can't be issued as it is.

    ShareError (also a CaseError) names the table and the row.
    """
    if finding.outcome not in Outcome.values:
        raise CaseError(_("请选择结论。"), field="outcome")
    if finding.standard_of_proof not in StandardOfProof.values:
        raise CaseError(_("请选择证明标准。"), field="standard_of_proof")
    if not finding.reasons_consumer.strip():
        raise CaseError(_("请用平实的话写明理由，消费者会看到。"), field="reasons_consumer")
    if finding.expected_amount is not None and finding.expected_amount < 0:
        raise CaseError(_("预计补偿金额不能小于 0。"), field="expected_amount")
    _check_dissent(finding)
    if any(share.table not in ShareTable.values for share in finding.shares):
        raise ShareError(_("请选择责任方。"))
    for table in ShareTable:
        shares = [share for share in finding.shares if share.table == table]
        for row, share in enumerate(shares):
            _check_share(share, row)
        _check_once(shares)
        if shares:
            _check_sum(table, shares)
    _check_kinds([s for s in finding.shares if s.table == ShareTable.OUTWARD])
    _check_outcome(finding)


def check_evidence(case: Case, finding: FindingData) -> None:
    """Raise ShareError, naming the row, for evidence that is not of this case."""
    asked = {pk for share in finding.shares for pk in share.evidence}
    if not asked:
        return
    own = set(Evidence.objects.filter(case=case, pk__in=asked).values_list("pk", flat=True))
    for table in ShareTable:
        shares = [share for share in finding.shares if share.table == table]
        for row, share in enumerate(shares):
            if not own.issuperset(share.evidence):
                raise ShareError(
                    _("证据只能从本案的材料里选。"), table=table, row=row, column="evidence"
                )


def _check_dissent(finding: FindingData) -> None:
    if finding.dissent.strip() and not finding.dissenter.strip():
        raise CaseError(_("请写明是谁的不同意见。"), field="dissenter")
    if finding.dissenter.strip() and not finding.dissent.strip():
        raise CaseError(_("请写明不同意见的内容。"), field="dissent")


def _check_share(share: ShareData, row: int) -> None:
    if share.party not in Party.values:
        raise ShareError(_("请选择责任方。"), table=share.table, row=row, column="party")
    if share.ground_kind not in GroundKind.values:
        raise ShareError(_("请选择依据的种类。"), table=share.table, row=row, column="ground_kind")
    if not share.ground.strip():
        raise ShareError(_("每一份责任都要写明依据。"), table=share.table, row=row, column="ground")
    outward = share.table == ShareTable.OUTWARD
    if outward and share.kind not in LiabilityKind.values:
        raise ShareError(
            _("对消费者的责任要选责任形式。"), table=share.table, row=row, column="kind"
        )
    if not outward and share.kind:
        raise ShareError(_("内部分担不填责任形式。"), table=share.table, row=row)
    if not outward and share.party == Party.CONSUMER:
        raise ShareError(
            _("消费者自己的部分写在「对消费者的责任」里，不向消费者追偿。"),
            table=share.table,
            row=row,
            column="party",
        )


def _check_once(shares: Sequence[ShareData]) -> None:
    seen: set[tuple[str, str]] = set()
    for row, share in enumerate(shares):
        if share.key in seen:
            raise ShareError(
                _("「%(party)s」在同一张表里写了两次，请合并成一行，或者写明不同的名称。")
                % {"party": Party(share.party).label},
                table=share.table,
                row=row,
                column="party",
            )
        seen.add(share.key)


def _check_sum(table: ShareTable, shares: Sequence[ShareData]) -> None:
    for row, share in enumerate(shares):
        try:
            check_shares([share.share])
        except ValueError as refusal:
            raise ShareError(
                _("比例要大于 0、不超过 100，最多两位小数。"), table=table, row=row, column="share"
            ) from refusal
    missing = check_shares([share.share for share in shares])
    if missing > 0:
        raise ShareError(
            _("「%(table)s」的比例合计要是 100，还差 %(missing)s。")
            % {"table": table.label, "missing": missing},
            table=table,
        )
    if missing < 0:
        raise ShareError(
            _("「%(table)s」的比例合计要是 100，多了 %(over)s。")
            % {"table": table.label, "over": -missing},
            table=table,
        )


def _check_kinds(outward: Sequence[ShareData]) -> None:
    for row, share in enumerate(outward):
        if share.party in _BEARS_ALONE and share.kind != LiabilityKind.SEVERAL:
            raise ShareError(
                _("「%(party)s」的部分只能是「%(kind)s」。")
                % {"party": Party(share.party).label, "kind": LiabilityKind.SEVERAL.label},
                table=share.table,
                row=row,
                column="kind",
            )
        if share.kind in _SEVERAL_TOGETHER and _count(outward, share.kind) < 2:
            raise ShareError(
                _("「%(kind)s」要有两方以上，另一方也请写上。")
                % {"kind": LiabilityKind(share.kind).label},
                table=share.table,
                row=row,
                column="kind",
            )
        if share.kind == LiabilityKind.SUPPLEMENTARY and not _first_payers(outward):
            raise ShareError(
                _("补充责任之外，要写明先承担责任的一方。"),
                table=share.table,
                row=row,
                column="kind",
            )


def _count(shares: Iterable[ShareData], kind: str) -> int:
    return sum(share.kind == kind for share in shares)


def _first_payers(outward: Iterable[ShareData]) -> list[ShareData]:
    return [
        share
        for share in outward
        if share.kind != LiabilityKind.SUPPLEMENTARY and share.party not in _BEARS_ALONE
    ]


def _check_outcome(finding: FindingData) -> None:
    outward = [share for share in finding.shares if share.table == ShareTable.OUTWARD]
    parties = {share.party for share in outward}
    if finding.outcome in (Outcome.LIABLE, Outcome.PARTLY) and not outward:
        raise ShareError(_("请填写对消费者的责任比例。"), table=ShareTable.OUTWARD)
    if finding.outcome == Outcome.LIABLE and Party.CONSUMER in parties:
        raise CaseError(
            _("消费者也承担一部分的，结论要选「%(outcome)s」。")
            % {"outcome": Outcome.PARTLY.label},
            field="outcome",
        )
    if finding.outcome == Outcome.PARTLY and len(outward) < 2:
        raise ShareError(_("部分责任要写明其余部分由谁承担。"), table=ShareTable.OUTWARD)
    if finding.outcome == Outcome.NOT_LIABLE and Party.SELLER in parties:
        raise ShareError(_("我们不承担责任的，比例里不能有销售者。"), table=ShareTable.OUTWARD)

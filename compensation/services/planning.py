"""Writing a plan, options and lines in one call; the law's minimum is checked on submission."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from compensation.drafts import LineData, OptionData, PlanData
from compensation.models import CompensationPlan, EntitlementSheet, PlanLine, PlanOption
from compensation.selectors.plans import PLAN_STAGES, last_plan
from compensation.selectors.rules import basis_of, current_sheet
from compensation.states import (
    EDITABLE_STATUSES,
    NEVER_CASH,
    Layer,
    LineKind,
    OptionKind,
    PlanStatus,
)
from compensation.totals import option_totals
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from liability.selectors import current_finding

IN_KIND = frozenset({LineKind.REPAIR, LineKind.REPLACE})
MOST_MONEY = Decimal("999999999999.99")
MOST_OPTIONS = 6


def planner(by: Actor) -> User:
    """Return the member of staff who plans. Raises StepForbidden without the right."""
    if by.user is None or not has_permission(by, Permission.PLAN_COMPENSATION):
        raise StepForbidden(_("你的角色不能拟定补偿方案。"))
    return by.user


@transaction.atomic
def save_plan(
    case: Case, *, by: Actor, plan: PlanData, seen: int | None = None
) -> CompensationPlan:
    """Write the plan in work of a case, all options and lines at once; begins one where needed.

    Where the law's floor was reckoned (`record_sheet`), the plan's floor is the sheet's.
    An approved plan that was not sent gives way to the new one. Raises CaseError, naming the
    field, for what can't be right, and while a plan waits for approval.
    """
    user = planner(by)
    check_plan(plan)
    case = locked_case(case, seen=seen)
    _check_refunds(case, plan)
    saved = _plan_to_write(case, user, plan)
    _write_options(saved, plan)
    touch(case, "plan_saved", by=by, data={"plan": saved.pk, "version": saved.version})
    return saved


def _plan_to_write(case: Case, user: User, plan: PlanData) -> CompensationPlan:
    if case.stage not in PLAN_STAGES:
        raise CaseError(_("责任认定之后、签署协议之前才能拟定方案。"))
    finding = current_finding(case)
    if finding is None:
        raise CaseError(_("先作出责任认定，再拟定方案。"))
    last = last_plan(case)
    if last is not None and last.status == PlanStatus.PENDING_APPROVAL:
        raise CaseError(_("方案正在审批，退回之后才能修改。"))
    sheet = current_sheet(case)
    terms = {
        "finding": finding,
        "currency": case.currency,
        "sheet": sheet,
        "legal_minimum": plan.legal_minimum if sheet is None else sheet.total,
        "legal_basis": plan.legal_basis.strip() if sheet is None else _basis(sheet),
        "informed_choice": plan.informed_choice,
        "informed_choice_reason": plan.informed_choice_reason.strip(),
        "deviation_reason": plan.deviation_reason.strip(),
        "created_by": user,
    }
    if last is not None and last.status in EDITABLE_STATUSES:
        terms["makers"] = sorted({*last.makers, user.pk})
        CompensationPlan.objects.filter(pk=last.pk).update(**terms)
        return CompensationPlan.objects.get(pk=last.pk)
    if last is not None and last.status == PlanStatus.APPROVED and not hasattr(last, "offer"):
        CompensationPlan.objects.filter(pk=last.pk).update(status=PlanStatus.SUPERSEDED)
    return CompensationPlan.objects.create(
        case=case,
        version=last.version + 1 if last else 1,
        created_at=now(),
        makers=[user.pk],
        **terms,
    )


def _basis(sheet: EntitlementSheet) -> str:
    return basis_of(line for line in sheet.lines if line["kind"] != LineKind.CREDIT)


def minimum_of(option: OptionData, sheet: EntitlementSheet | None) -> Decimal | None:
    """Return an option's own minimum: as the sheet has it, where there is one."""
    if sheet is None:
        return option.legal_minimum
    in_kind = any(line.kind in IN_KIND and not line.is_cash for line in option.lines)
    return sheet.beside_remedy if in_kind else None


def _write_options(saved: CompensationPlan, plan: PlanData) -> None:
    PlanLine.objects.filter(option__plan=saved).delete()
    PlanOption.objects.filter(plan=saved).delete()
    for position, data in enumerate(plan.options, start=1):
        option = PlanOption.objects.create(
            plan=saved,
            position=position,
            kind=data.kind,
            title=data.title.strip(),
            arrival_text=data.arrival_text.strip(),
            performance_days=data.performance_days,
            non_cash_duties=data.non_cash_duties.strip(),
            legal_minimum=minimum_of(data, saved.sheet),
        )
        PlanLine.objects.bulk_create(
            PlanLine(
                option=option,
                position=place,
                kind=line.kind,
                description=line.description.strip(),
                quantity=line.quantity,
                unit=line.unit.strip(),
                amount=line.amount,
                is_cash=line.is_cash,
                legal_basis=line.legal_basis.strip(),
                layer=line.layer,
            )
            for place, line in enumerate(data.lines, start=1)
        )


def check_plan(plan: PlanData) -> None:
    """Raise CaseError for a plan that can't be written down as it is."""
    if not 1 <= len(plan.options) <= MOST_OPTIONS:
        raise CaseError(
            _("方案要有 1 到 %(most)d 个选项。") % {"most": MOST_OPTIONS}, field="options"
        )
    _check_money(plan.legal_minimum, "legal_minimum")
    if plan.legal_minimum > 0 and not plan.legal_basis.strip():
        raise CaseError(_("请写明法定最低金额的法律依据。"), field="legal_basis")
    if plan.informed_choice and not plan.informed_choice_reason.strip():
        raise CaseError(_("请写明消费者是怎样知情并作出选择的。"), field="informed_choice_reason")
    if plan.informed_choice_reason.strip() and not plan.informed_choice:
        raise CaseError(_("写了知情选择的说明，请同时勾选知情选择。"), field="informed_choice")
    for option in plan.options:
        _check_option(option)


def _check_refunds(case: Case, plan: PlanData) -> None:
    """Refuse to refund more than was paid; what goes beyond it is a loss or an allowance."""
    if case.amount_paid is None:
        return
    for option in plan.options:
        refunds = [line.amount for line in option.lines if line.kind == LineKind.REFUND]
        if sum(refunds, Decimal(0)) > case.amount_paid:
            raise CaseError(
                _("「%(title)s」退还的货款超过了实付金额 %(paid)s；超出的部分请写成损失或补偿金。")
                % {"title": option.title, "paid": case.amount_paid},
                field="options",
            )


def _check_option(option: OptionData) -> None:
    if option.kind not in OptionKind.values or not option.title.strip():
        raise CaseError(_("每个选项都要有方式和标题。"), field="options")
    if not option.arrival_text.strip():
        raise CaseError(_("请写明每个选项什么时候到。"), field="options")
    if not 1 <= option.performance_days <= 365:
        raise CaseError(_("履行天数要在 1 到 365 之间。"), field="options")
    if not option.lines:
        raise CaseError(_("「%(title)s」还没有项目。") % {"title": option.title}, field="options")
    for line in option.lines:
        _check_line(line)
    heads = [
        line
        for line in option.lines
        if line.kind == LineKind.EXTRA_DAMAGES and line.layer == Layer.FLOOR
    ]
    if len(heads) > 1:
        raise CaseError(
            _("「%(title)s」有两项增加赔偿，依法只能选一项。") % {"title": option.title},
            field="options",
        )
    if option_totals(option.lines).payable < 0:
        raise CaseError(
            _("「%(title)s」的抵扣超过了应付金额。") % {"title": option.title}, field="options"
        )
    if option.legal_minimum is not None:
        _check_money(option.legal_minimum, "options")
        if not any(line.kind in IN_KIND and not line.is_cash for line in option.lines):
            raise CaseError(_("只有维修或换货的选项可以另填法定最低金额。"), field="options")


def _check_line(line: LineData) -> None:
    if line.kind not in LineKind.values or line.layer not in Layer.values:
        raise CaseError(_("请选择项目和层级。"), field="options")
    if not line.description.strip():
        raise CaseError(_("每个项目都要有说明。"), field="options")
    _check_money(line.amount, "options")
    if line.quantity < 1:
        raise CaseError(_("数量至少是 1。"), field="options")
    if line.is_cash and line.amount == 0:
        raise CaseError(_("现金项目要有金额。"), field="options")
    if not line.is_cash and line.amount == 0:
        raise CaseError(
            _(
                "「%(line)s」不给现金，也请在「金额」里填它值多少钱（成本或市价），用来核对审批额度。"
            )
            % {"line": line.description},
            field="options",
        )
    if line.is_cash and line.kind in NEVER_CASH:
        raise CaseError(
            _("「%(line)s」不是现金，不能当作现金。") % {"line": line.description},
            field="options",
        )
    if line.kind == LineKind.CREDIT and not line.is_cash:
        raise CaseError(_("抵扣只能是现金。"), field="options")
    if (line.kind == LineKind.GOODWILL) != (line.layer == Layer.GOODWILL):
        raise CaseError(_("额外补偿的层级是善意补偿，其他项目不是。"), field="options")
    counts = line.is_cash and line.layer == Layer.FLOOR and line.kind != LineKind.CREDIT
    if counts and not line.legal_basis.strip():
        raise CaseError(
            _("法定项目「%(line)s」要写依据。") % {"line": line.description}, field="options"
        )


def _check_money(amount: Decimal, field: str) -> None:
    if not amount.is_finite() or not 0 <= amount <= MOST_MONEY:
        raise CaseError(_("金额不能小于 0，也不能太大。"), field=field)
    if amount != amount.quantize(Decimal("0.01")):
        raise CaseError(_("金额最多两位小数。"), field=field)

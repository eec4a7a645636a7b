"""Who may do what: the whole matrix of steps and roles, and of the other rights, in one place.

Rules that need a case's facts (the approver isn't the author, the reviewer didn't handle the case)
stand in the service that owns those facts.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.states import Role
from complaints.actors import CONSUMER_ROLE, GUEST_MEDIATOR_ROLE, SYSTEM_ROLE, Actor
from complaints.errors import StepForbidden

_DESK = frozenset({Role.AGENT, Role.MANAGER})
_REVIEW = frozenset({Role.REVIEWER})
_COMPANY_SIGNERS = frozenset({Role.AGENT, Role.APPROVER, Role.MANAGER})

STEP_ROLES: dict[str, frozenset[str]] = {
    "accept": _DESK,
    "decline": _DESK,
    "merge": _DESK,
    "unmerge": _DESK,
    "withdraw": _DESK | {CONSUMER_ROLE},
    "reopen": frozenset({Role.MANAGER}),
    "open_investigation": _DESK | {Role.INVESTIGATOR},
    "settle_directly": _DESK,
    "determine_liability": frozenset({Role.INVESTIGATOR, Role.MANAGER}),
    "reinvestigate": _DESK | {Role.INVESTIGATOR},
    "close_without_liability": _DESK | {Role.INVESTIGATOR, SYSTEM_ROLE},
    "open_negotiation": _DESK | {Role.APPROVER},
    "close_unanswered": _DESK | {SYSTEM_ROLE},
    "sign": _COMPANY_SIGNERS | {CONSUMER_ROLE, Role.MEDIATOR, GUEST_MEDIATOR_ROLE},
    "start_fulfilment": _COMPANY_SIGNERS
    | {CONSUMER_ROLE, Role.MEDIATOR, GUEST_MEDIATOR_ROLE, SYSTEM_ROLE},
    "complete_fulfilment": _DESK | {Role.FINANCE, CONSUMER_ROLE, SYSTEM_ROLE},
    "declare_breach": _DESK | {SYSTEM_ROLE},
    "resume_fulfilment": _DESK | {Role.FINANCE, CONSUMER_ROLE},
    "close": _DESK | {CONSUMER_ROLE, SYSTEM_ROLE},
    "refer_to_mediation": _DESK | {CONSUMER_ROLE},
    "end_mediation": _DESK | {Role.MEDIATOR, GUEST_MEDIATOR_ROLE},
    "request_review": _DESK | {CONSUMER_ROLE},
    "withdraw_review": _DESK | {CONSUMER_ROLE},
    "uphold": _REVIEW,
    "dismiss_out_of_time": _REVIEW,
    "remit": _REVIEW,
    "vary": _REVIEW,
    "substitute": _REVIEW,
    "suspend_for_external": _DESK,
    "return_from_external": _DESK,
    "record_award": _DESK,
}


class Permission(models.TextChoices):
    """Rights that are not steps."""

    VIEW_CASE = "view_case", _("查看案件")
    HANDLE_CASE = "handle_case", _("处理案件")
    INVESTIGATE = "investigate", _("调查")
    DECIDE_LIABILITY = "decide_liability", _("认定责任")
    APPROVE_FINDING = "approve_finding", _("批准责任认定")
    MANAGE_RECOURSE = "manage_recourse", _("追偿")
    PLAN_COMPENSATION = "plan_compensation", _("拟定补偿方案")
    APPROVE_PLAN = "approve_plan", _("审批补偿方案")
    SIGN_FOR_COMPANY = "sign_for_company", _("代表公司签署")
    READ_CARE_NOTES = "read_care_notes", _("查看关怀备注")
    APPROVE_STATEMENT = "approve_statement", _("批准公开声明")
    VIEW_CONSISTENCY = "view_consistency", _("查看补偿一致性")
    APPROVE_STANDING = "approve_standing", _("预先批准即时方案")
    VIEW_INSTANT = "view_instant", _("查看即时方案")
    RECORD_PAYMENT = "record_payment", _("登记付款")
    VIEW_FUNDS = "view_funds", _("查看补偿资金")
    MANAGE_FUNDS = "manage_funds", _("管理补偿资金")
    SCREEN_CLAIMS = "screen_claims", _("查看异常索赔")
    MEDIATE = "mediate", _("主持调解")
    DECIDE_REVIEW = "decide_review", _("作出复议决定")
    REVEAL_CONTACT = "reveal_contact", _("查看完整联系方式")
    VIEW_CUSTOMER = "view_customer", _("查看客户档案")
    MANAGE_CUSTOMERS = "manage_customers", _("修改客户档案")
    VIEW_LOOKS = "view_looks", _("查看客户档案的查看记录")
    MANAGE_STAFF = "manage_staff", _("安排技能、负荷和缺勤")
    DECIDE_ACCOUNTABILITY = "decide_accountability", _("决定问责事项")
    VIEW_DASHBOARD = "view_dashboard", _("查看看板")
    MANAGE_POLICIES = "manage_policies", _("管理时限规则和工作日历")
    MANAGE_NOTICES = "manage_notices", _("处理未送达的通知")
    HANDLE_REPORTS = "handle_reports", _("处理举报")
    MANAGE_TAXONOMY = "manage_taxonomy", _("管理投诉分类")
    OPEN_ORIGINAL = "open_original", _("下载照片原件")
    RELEASE_EVIDENCE = "release_evidence", _("解除证据的隔离")
    MANAGE_TEMPLATES = "manage_templates", _("管理话术和快捷操作")
    MANAGE_PAGES = "manage_pages", _("修改公开页面")
    PLACE_HOLD = "place_hold", _("设置保全")
    MANAGE_RETENTION = "manage_retention", _("管理保存期限和清除")
    IMPORT_CASES = "import_cases", _("导入投诉")
    EXPORT_CASES = "export_cases", _("导出案件")
    ADMINISTER = "administer", _("管理系统")


_ALL_STAFF = frozenset(Role)

PERMISSION_ROLES: dict[str, frozenset[str]] = {
    Permission.VIEW_CASE: _ALL_STAFF,
    Permission.HANDLE_CASE: _DESK,
    Permission.INVESTIGATE: frozenset({Role.INVESTIGATOR, Role.MANAGER}),
    Permission.DECIDE_LIABILITY: frozenset({Role.INVESTIGATOR, Role.MANAGER}),
    Permission.APPROVE_FINDING: frozenset({Role.APPROVER, Role.MANAGER}),
    Permission.MANAGE_RECOURSE: frozenset({Role.FINANCE, Role.MANAGER, Role.INVESTIGATOR}),
    Permission.PLAN_COMPENSATION: _DESK,
    Permission.APPROVE_PLAN: frozenset({Role.APPROVER, Role.MANAGER}),
    Permission.SIGN_FOR_COMPANY: frozenset({Role.APPROVER, Role.MANAGER}),
    Permission.READ_CARE_NOTES: frozenset({Role.MANAGER}),
    Permission.APPROVE_STATEMENT: frozenset({Role.APPROVER, Role.MANAGER}),
    Permission.VIEW_CONSISTENCY: frozenset({Role.APPROVER, Role.MANAGER}),
    Permission.APPROVE_STANDING: frozenset({Role.MANAGER}),
    Permission.VIEW_INSTANT: frozenset({Role.AGENT, Role.APPROVER, Role.MANAGER}),
    Permission.RECORD_PAYMENT: frozenset({Role.FINANCE}),
    Permission.VIEW_FUNDS: frozenset({Role.FINANCE, Role.MANAGER, Role.APPROVER}),
    Permission.MANAGE_FUNDS: frozenset({Role.FINANCE, Role.MANAGER}),
    Permission.SCREEN_CLAIMS: frozenset({Role.APPROVER, Role.MANAGER}),
    Permission.MEDIATE: frozenset({Role.MEDIATOR, Role.AGENT, Role.MANAGER}),
    Permission.DECIDE_REVIEW: _REVIEW,
    Permission.REVEAL_CONTACT: frozenset(
        {Role.AGENT, Role.MANAGER, Role.INVESTIGATOR, Role.FINANCE}
    ),
    Permission.VIEW_CUSTOMER: frozenset(
        {Role.AGENT, Role.MANAGER, Role.INVESTIGATOR, Role.REVIEWER, Role.APPROVER}
    ),
    Permission.MANAGE_CUSTOMERS: _DESK,
    Permission.VIEW_LOOKS: frozenset({Role.MANAGER}),
    Permission.MANAGE_STAFF: frozenset({Role.MANAGER}),
    Permission.DECIDE_ACCOUNTABILITY: frozenset({Role.MANAGER}),
    Permission.VIEW_DASHBOARD: frozenset({Role.MANAGER, Role.APPROVER, Role.ADMINISTRATOR}),
    Permission.MANAGE_POLICIES: frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    Permission.MANAGE_NOTICES: frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    Permission.HANDLE_REPORTS: frozenset({Role.MANAGER, Role.INVESTIGATOR}),
    Permission.MANAGE_TAXONOMY: frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    Permission.OPEN_ORIGINAL: frozenset(
        {Role.AGENT, Role.MANAGER, Role.INVESTIGATOR, Role.REVIEWER}
    ),
    Permission.RELEASE_EVIDENCE: frozenset({Role.MANAGER}),
    Permission.MANAGE_TEMPLATES: frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    Permission.MANAGE_PAGES: frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    Permission.PLACE_HOLD: frozenset({Role.AGENT, Role.MANAGER, Role.INVESTIGATOR, Role.REVIEWER}),
    Permission.MANAGE_RETENTION: frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    Permission.IMPORT_CASES: frozenset({Role.MANAGER}),
    Permission.EXPORT_CASES: frozenset({Role.MANAGER}),
    Permission.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
}


def may_take(actor: Actor, step: str) -> bool:
    """Say whether the actor's role includes the step."""
    return actor.has_role(*STEP_ROLES[step])


def check_step(actor: Actor, step: str) -> None:
    """Raise StepForbidden unless the actor's role includes the step."""
    if not may_take(actor, step):
        raise StepForbidden(_("你的角色不能做这一步。"))


def has_permission(actor: Actor, permission: str) -> bool:
    """Say whether the actor holds the right."""
    return actor.has_role(*PERMISSION_ROLES[permission])

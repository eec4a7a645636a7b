"""Changing a time limit: a draft is written, shown against the open cases, and published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.clock_arithmetic import known_rung
from complaints.errors import CaseError, DraftChanged, StepForbidden
from complaints.models import ClockPolicy
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.policies import FACTS, forget_policies, published_policies
from complaints.services.recalculating import Change, Instead, changes, recalculate_open, resting
from complaints.states import EVENT_CLOCKS, BudgetUnit, ClockKind, PauseCause, PolicyState

EDITABLE = (
    "name",
    "conditions",
    "start_event",
    "stop_events",
    "amount",
    "unit",
    "rolls",
    "calendar",
    "ladder",
    "pause_rules",
    "dated_by",
    "source",
    "source_status",
    "effective_from",
    "effective_to",
)
LARGEST_AMOUNTS = {
    BudgetUnit.YEARS: 30,
    BudgetUnit.MONTHS: 360,
    BudgetUnit.WEEKS: 520,
    BudgetUnit.WORKING_DAYS: 3650,
    BudgetUnit.CALENDAR_DAYS: 3650,
    BudgetUnit.ELAPSED_HOURS: 9999,
    BudgetUnit.WORKING_HOURS: 9999,
}
"""Longer promises are slips of the keyboard, and would be counted past the end of the calendar."""
RECIPIENTS = frozenset({"owner", "team_manager", "manager", "approver", "investigator"})
EFFECTS = frozenset({"", "assign_manager", "resume"})


def _may(by: Actor) -> None:
    if not has_permission(by, Permission.MANAGE_POLICIES):
        raise StepForbidden(_("只有主管和管理员能改时限规则。"))


@transaction.atomic
def save_draft(code: str, kind: str, values: Mapping[str, Any], *, by: Actor) -> ClockPolicy:
    """Write the one draft of a policy, made from the newest version if there is none.

    Raises CaseError naming the field that is wrong, StepForbidden for others than managers.
    """
    _may(by)
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise ValueError(f"not a part of a policy: {sorted(unknown)}")
    if kind == ClockKind.PAUSE_END:
        raise CaseError(_("暂停在约定的那天结束，这条规则不用改。"))
    draft = _draft(code, kind)
    if draft.kind != kind:
        raise CaseError(_("这个代号已经用在另一种时限上，请换一个。"), field="code")
    for name, value in values.items():
        setattr(draft, name, value)
    check_policy(draft)
    draft.save()
    return draft


def _draft(code: str, kind: str) -> ClockPolicy:
    versions = ClockPolicy.objects.select_for_update().filter(code=code)
    draft = versions.filter(state=PolicyState.DRAFT).first()
    if draft is not None:
        return draft
    newest = versions.order_by("-version").first()
    if newest is None:
        return ClockPolicy(code=code, kind=kind, version=1, state=PolicyState.DRAFT)
    newest.pk, newest.version = None, newest.version + 1
    newest.state, newest.published_at, newest.published_by = PolicyState.DRAFT, None, None
    newest._state.adding = True
    return newest


def check_policy(policy: ClockPolicy) -> None:
    """Raise CaseError, naming the field, unless a policy can be computed with."""
    if policy.unit not in BudgetUnit.values:
        raise CaseError(_("请选择单位。"), field="unit")
    _check_amount(policy)
    if not policy.source.strip():
        raise CaseError(_("请写明依据：法条、规定或者公司的决定。"), field="source")
    if policy.effective_to is not None and policy.effective_to < policy.effective_from:
        raise CaseError(_("失效日不能早于生效日。"), field="effective_to")
    _check_fixed(policy)
    if policy.kind in EVENT_CLOCKS and not (policy.start_event and policy.stop_events):
        raise CaseError(_("请选择从哪件事起、到哪件事止。"), field="start_event")
    _check_conditions(policy)
    _check_ladder(policy)
    _check_pauses(policy)
    if policy.kind not in EVENT_CLOCKS:
        _check_cover(policy)


def _check_amount(policy: ClockPolicy) -> None:
    """How much of its unit a policy may have; a fixed day has none of its own."""
    largest = LARGEST_AMOUNTS.get(BudgetUnit(policy.unit))
    if largest is not None and policy.amount <= 0:
        raise CaseError(_("数量要大于零。"), field="amount")
    if largest is not None and policy.amount > largest:
        words = _("这个单位的数量最多是 %(largest)s。") % {"largest": largest}
        raise CaseError(words, field="amount")
    whole = policy.unit not in (BudgetUnit.ELAPSED_HOURS, BudgetUnit.WORKING_HOURS)
    if whole and policy.amount != int(policy.amount):
        raise CaseError(_("按天、周、月、年计算时，数量要是整数。"), field="amount")


def _check_fixed(policy: ClockPolicy) -> None:
    """A day agreed in the case: only kinds whose steps name one can be counted so."""
    if policy.unit != BudgetUnit.FIXED:
        return
    same = ClockPolicy.objects.filter(kind=policy.kind, state=PolicyState.PUBLISHED)
    if not same.filter(unit=BudgetUnit.FIXED).exists():
        raise CaseError(_("这个期限没有约定的日期，请按小时或者天数计算。"), field="unit")


def _check_cover(policy: ClockPolicy) -> None:
    """Every case has exactly one usual time for each promise of ours, without an end."""
    usual = ClockPolicy.objects.filter(
        kind=policy.kind, state=PolicyState.PUBLISHED, conditions={}, effective_to=None
    ).exclude(code=policy.code)
    if not policy.conditions and usual.exists():
        raise CaseError(
            _("已经有一条不分情形的规则，请选择这一条只用于哪些案件。"), field="conditions"
        )
    if usual.exists():
        return
    if policy.conditions:
        raise CaseError(
            _("其他案件会没有期限。请另加一条规则，这一条仍然适用于所有案件。"), field="conditions"
        )
    if policy.effective_to is not None:
        raise CaseError(_("到期以后案件会没有期限，请留空。"), field="effective_to")


def _check_conditions(policy: ClockPolicy) -> None:
    for name, accepted in policy.conditions.items():
        if name not in FACTS or not isinstance(accepted, list) or not accepted:
            raise CaseError(_("适用范围里有认不出的条件。"), field="conditions")


def _check_ladder(policy: ClockPolicy) -> None:
    names = [row.get("rung", "") for row in policy.ladder]
    if len(set(names)) != len(names) or "breach" not in names:
        raise CaseError(_("阶梯里要有一级「超时」，每一级只能出现一次。"), field="ladder")
    for row in policy.ladder:
        if not known_rung(row["rung"]) or not _dated(row):
            raise CaseError(_("阶梯里有一级没有写清什么时候到。"), field="ladder")
        if set(row.get("tell", ())) - RECIPIENTS or row.get("effect", "") not in EFFECTS:
            raise CaseError(_("阶梯里有认不出的通知对象或做法。"), field="ladder")


def _dated(row: Mapping[str, Any]) -> bool:
    if row["rung"] == "breach":
        return Decimal(row.get("fraction", 0)) == 1
    if row["rung"].startswith("warn_"):
        return 0 < Decimal(row.get("fraction", 0)) < 1
    return "fraction" not in row and Decimal(row.get("after_hours", -1)) >= 0


def _check_pauses(policy: ClockPolicy) -> None:
    for rule in policy.pause_rules:
        if rule.get("cause") not in PauseCause.values or int(rule.get("cap_days", 0)) < 1:
            raise CaseError(_("每个暂停原因都要写明最多几天。"), field="pause_rules")


def preview(draft: ClockPolicy) -> list[Change]:
    """Return what publishing a draft would do to open cases now; nothing is changed."""
    instead = Instead(policies=[*_still_published(draft), draft])
    return list(changes(instead=instead, kinds=[draft.kind]))


def preview_resting(draft: ClockPolicy) -> int:
    """Return how many paused clocks would run on by a draft once it is published."""
    instead = Instead(policies=[*_still_published(draft), draft])
    return resting(instead=instead, kinds=[draft.kind])


def _still_published(draft: ClockPolicy) -> list[ClockPolicy]:
    forget_policies()
    return list(published_policies())


def draft_mark(draft: ClockPolicy) -> str:
    """Return a name of exactly what a draft says, to tell whether it changed since it was shown."""
    values = {name: getattr(draft, name) for name in EDITABLE if name != "calendar"}
    values |= {"pk": draft.pk, "calendar": draft.calendar_id, "amount": f"{draft.amount:.2f}"}
    raw = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(raw.encode()).hexdigest()[:16]


def publish(draft: ClockPolicy, *, by: Actor, seen: str | None = None) -> int:
    """Put a draft in force and open cases under it; return how many clocks moved.

    Raises what `put_in_force` raises.
    """
    put_in_force(draft, by=by, seen=seen)
    return recalculate_open(by=by, cause="policy_published", kinds=[draft.kind])


@transaction.atomic
def put_in_force(draft: ClockPolicy, *, by: Actor, seen: str | None = None) -> None:
    """Publish a draft from its day on; the version before it ends the day before.

    Clocks that run already are not touched: that is `recalculate_open`. `seen` is the draft's mark
    when it was shown. Raises CaseError if the draft was published already or is wrong, DraftChanged
    if it is another one by now, StepForbidden for others than managers.
    """
    _may(by)
    versions = ClockPolicy.objects.select_for_update().filter(code=draft.code)
    fresh = versions.filter(pk=draft.pk, state=PolicyState.DRAFT).first()
    if fresh is None:
        raise CaseError(_("这份草稿已经发布，或者已经删除。"))
    if seen is not None and seen != draft_mark(fresh):
        raise DraftChanged(_("你看的时候，草稿有变化。请再看一遍它的影响，然后发布。"))
    check_policy(fresh)
    _end_version_before(fresh)
    newest = versions.filter(state=PolicyState.PUBLISHED).aggregate(newest=Max("version"))
    fresh.version = (newest["newest"] or 0) + 1
    fresh.state, fresh.published_at, fresh.published_by = PolicyState.PUBLISHED, now(), by.user
    fresh.save()
    transaction.on_commit(forget_policies)


def _end_version_before(fresh: ClockPolicy) -> None:
    day_before = fresh.effective_from - timedelta(days=1)
    running = ClockPolicy.objects.filter(
        code=fresh.code, state=PolicyState.PUBLISHED, effective_from__lte=day_before
    )
    for policy in running:
        if policy.effective_to is None or policy.effective_to > day_before:
            policy.effective_to = day_before
            policy.save(update_fields=["effective_to"])


@transaction.atomic
def discard(draft: ClockPolicy, *, by: Actor) -> None:
    """Throw a draft away. Raises StepForbidden for others than managers."""
    _may(by)
    ClockPolicy.objects.filter(pk=draft.pk, state=PolicyState.DRAFT).delete()

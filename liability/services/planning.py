"""Working through a plan, and publishing new wordings of its templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.policies import working_calendar
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.states import Severity
from liability.models import InvestigationTemplate, PlanItem
from liability.selectors.planning import versions_of
from liability.services.investigating import may_investigate, round_in_work
from liability.states import Addressee, PlanKind

MOST_LINES = 40
MOST_DAYS = 60


@dataclass(frozen=True)
class TemplateLine:
    """One line of a template; `days` are working days after the opening, None for no date."""

    kind: str
    text: str
    to: str
    days: int | None = None
    text_en: str = ""


@transaction.atomic
def add_item(
    case: Case,
    *,
    by: Actor,
    kind: str,
    text: str,
    addressee: str = Addressee.INVESTIGATOR,
    due_on: date | None = None,
) -> PlanItem:
    """Add a line to the plan of the round in work. Raises CaseError for a day that has passed."""
    may_investigate(by)
    _check_line(kind, text, addressee)
    if due_on is not None and due_on < working_calendar().local_date(now()):
        raise CaseError(_("日期不能早于今天。"), field="due_on")
    case = locked_case(case)
    investigation = round_in_work(case)
    last = investigation.plan.order_by("-position").first()
    item = PlanItem.objects.create(
        investigation=investigation,
        position=last.position + 1 if last else 1,
        kind=kind,
        text=text.strip(),
        addressee=addressee,
        due_on=due_on,
    )
    touch(case, "plan_changed", by=by, data={"item": item.pk})
    return item


@transaction.atomic
def tick_item(case: Case, item: PlanItem, *, by: Actor, done: bool) -> PlanItem:
    """Say that a line of the plan is done, or that it is not; asked twice it stays as it is."""
    user = may_investigate(by)
    case = locked_case(case)
    investigation = round_in_work(case)
    if item.investigation.case_id != investigation.case_id:
        raise CaseError(_("这一条不在本案的计划里。"))
    item = PlanItem.objects.select_for_update().get(pk=item.pk)
    if (item.done_at is not None) == done:
        return item
    item.done_at, item.done_by = (now(), user) if done else (None, None)
    item.save(update_fields=["done_at", "done_by"])
    touch(case, "plan_ticked" if done else "plan_unticked", by=by, data={"item": item.pk})
    return item


@transaction.atomic
def publish_template(
    *, by: Actor, category: str, severity: str, lines: Sequence[TemplateLine], seen: int = 0
) -> InvestigationTemplate:
    """Publish a new version of a template; plans that were made stay as they are.

    `seen` is the version that the author began with: StaleCase when somebody was faster. Without
    lines the template is out of use. Raises CaseError for a line that makes no sense.
    """
    if not has_permission(by, Permission.MANAGE_TEMPLATES):
        raise StepForbidden(_("你的角色不能改调查模板。"))
    if severity and severity not in Severity.values:
        raise CaseError(_("请选严重程度。"), field="severity")
    if len(lines) > MOST_LINES:
        raise CaseError(_("一个模板最多 %(most)d 条。") % {"most": MOST_LINES})
    for line in lines:
        _check_line(line.kind, line.text, line.to)
        if line.days is not None and not 0 < line.days <= MOST_DAYS:
            raise CaseError(_("天数写 1 到 %(most)d。") % {"most": MOST_DAYS})
    last = versions_of(category, severity).select_for_update(of=("self",)).first()
    current = last.version if last else 0
    if current != seen:
        raise StaleCase(_("有人刚发布过这个模板的新版本。"), seen=seen, current=current)
    return InvestigationTemplate.objects.create(
        category=category,
        severity=severity,
        version=current + 1,
        lines=[asdict(line) for line in lines],
        made_by=by.person,
        made_at=now(),
    )


def _check_line(kind: str, text: str, addressee: str) -> None:
    if kind not in PlanKind.values:
        raise CaseError(_("请选种类。"), field="kind")
    if addressee not in Addressee.values:
        raise CaseError(_("请选由谁来做。"), field="addressee")
    if not text.strip():
        raise CaseError(_("请写明内容。"), field="text")

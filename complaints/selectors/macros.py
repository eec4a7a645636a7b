"""Macros: what each would do to a case, field by field, before anybody does it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from complaints.actors import Actor
from complaints.models import Case, Macro
from complaints.moments import now
from complaints.phrases import Filled, filled
from complaints.selectors.people import possible_owners
from complaints.selectors.phrases import values_for
from complaints.selectors.policies import working_calendar
from complaints.selectors.steps import step_is_possible, step_obstacle
from complaints.selectors.tags import MOST_A_CASE, tags_of
from complaints.selectors.taxonomy import category_name, issue_name
from complaints.states import Severity, Urgency

ME = "me"


@dataclass(frozen=True)
class Change:
    """One line of a preview; `obstacle` says why it can't be done now."""

    what: Any
    old: str
    new: str
    obstacle: str = ""

    @property
    def differs(self) -> bool:
        """Whether anything would change."""
        return self.old != self.new


@dataclass(frozen=True)
class Preview:
    """All that a macro would do to a case."""

    changes: list[Change]
    reply: Filled | None
    note: Filled | None
    expected_on: date | None

    @property
    def does_something(self) -> bool:
        """Whether the case would be another afterwards."""
        return bool(self.reply or self.note) or any(change.differs for change in self.changes)

    @property
    def obstacles(self) -> list[str]:
        """What stands in the way."""
        return [change.obstacle for change in self.changes if change.obstacle]


def offered_macros() -> list[Macro]:
    """Return the macros that are offered, in order."""
    return list(
        Macro.objects.filter(retired_at=None).select_related("template").order_by("position", "pk")
    )


def all_macros() -> list[Macro]:
    """Return every macro, retired ones too."""
    return list(Macro.objects.select_related("template").order_by("position", "pk"))


def macro_by_id(macro_id: int) -> Macro | None:
    """Return one macro."""
    return Macro.objects.filter(pk=macro_id).select_related("template").first()


def new_owner(macro: Macro, me: User | None) -> User | None:
    """Return whom a macro makes responsible, if anybody."""
    wanted = macro.acts.get("owner")
    if wanted == ME:
        return me
    return possible_owners().filter(pk=wanted).first() if wanted else None


def expected_day(macro: Macro) -> date | None:
    """Return the day by which a macro that accepts promises to be done."""
    days = macro.acts.get("accept_in_days")
    return working_calendar().local_date(now()) + timedelta(days=days) if days else None


def preview(macro: Macro, case: Case, by: Actor) -> Preview:
    """Return what a macro would do to a case now."""
    language = case.consumer.language or case.language
    values = values_for(case, me=by.user, language=language)
    expected = expected_day(macro)
    if expected is not None:
        values |= values_for(_expecting(case, expected), me=by.user, language=language)
    body = _reply_body(macro, language)
    note = str(macro.acts.get("note", ""))
    return Preview(
        changes=list(_changes(macro, case, by, expected)),
        reply=filled(body, values) if body else None,
        note=filled(note, values_for(case, me=by.user, language="zh-hans")) if note else None,
        expected_on=expected,
    )


def _expecting(case: Case, day: date) -> Case:
    """Return a copy of a case, never saved, as it will be once it is accepted."""
    other = copy(case)
    other.expected_on = day
    return other


def _reply_body(macro: Macro, language: str) -> str:
    if macro.template is None:
        return ""
    latest = macro.template.versions.order_by("-number").first()
    return latest.body(language) if latest else ""


def _changes(macro: Macro, case: Case, by: Actor, expected: date | None) -> Iterator[Change]:
    acts = macro.acts
    if acts.get("category"):
        old, new = category_name(case.category), category_name(acts["category"])
        yield Change(_("类别"), str(old), str(new))
    if acts.get("issue"):
        yield Change(_("问题"), str(issue_name(case.issue)), str(issue_name(acts["issue"])))
    if acts.get("severity"):
        new = str(Severity(acts["severity"]).label)
        yield Change(_("严重程度"), case.get_severity_display(), new)
    if acts.get("owner"):
        yield _owner_change(macro, case, by)
    if acts.get("emergency"):
        new = str(Urgency.EMERGENCY.label)
        yield Change(_("紧急程度"), case.get_urgency_display(), new)
    if acts.get("add_tags") or acts.get("remove_tags"):
        yield _tag_change(macro, case)
    if expected is not None:
        yield _acceptance(case, by, expected)


def _owner_change(macro: Macro, case: Case, by: Actor) -> Change:
    owner = new_owner(macro, by.user)
    old = case.owner.display_name if case.owner else _("未分配")
    if owner is None:
        return Change(_("负责人"), old, old, _("快捷操作指定的负责人现在不能接案。"))
    return Change(_("负责人"), old, owner.display_name)


def _tag_change(macro: Macro, case: Case) -> Change:
    had = [tag.name for tag in tags_of(case)]
    off = {name.casefold() for name in macro.acts.get("remove_tags", [])}
    here = {name.casefold() for name in had}
    kept = [name for name in had if name.casefold() not in off]
    kept += [name for name in macro.acts.get("add_tags", []) if name.casefold() not in here]
    comma = pgettext("list separator", "、")
    obstacle = ""
    if len(kept) > MOST_A_CASE:
        obstacle = _("一个案件最多 %(most)d 个标签。") % {"most": MOST_A_CASE}
    return Change(_("标签"), comma.join(had), comma.join(kept), obstacle)


def _acceptance(case: Case, by: Actor, expected: date) -> Change:
    words = _("受理，预计 %(day)s 办结") % {"day": expected.isoformat()}
    stage = {"stage": case.get_stage_display()}
    obstacle = _("案件现在的阶段是「%(stage)s」，不能受理。") % stage
    if step_is_possible(case, "accept"):
        obstacle = str(step_obstacle(case, "accept", by) or "")
    return Change(_("阶段"), case.get_stage_display(), words, obstacle)

"""Macros: several things done to a case in one, all of them or none."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged, StepForbidden
from complaints.models import Case, Macro, ReplyTemplate
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.phrases import unknown_in
from complaints.selectors.macros import ME, expected_day, new_owner
from complaints.selectors.people import possible_owners
from complaints.selectors.phrases import KNOWN
from complaints.selectors.tags import MOST_A_CASE, tags_of
from complaints.selectors.taxonomy import category_exists, issue_exists
from complaints.services.composing import is_sent, send_note, send_reply, text_with_values
from complaints.services.locking import locked_case
from complaints.services.tagging import LONGEST_NAME, tag_called, tag_case
from complaints.services.triage import accept, assign, classify, raise_emergency
from complaints.states import Severity

CLASSIFYING = ("category", "issue", "severity")
ACTS = frozenset((*CLASSIFYING, "owner", "emergency", "accept_in_days", "note")) | frozenset(
    ("add_tags", "remove_tags")
)
MOST_DAYS = 90


@transaction.atomic
def run_macro(
    case: Case,
    macro: Macro,
    *,
    by: Actor,
    reply: str,
    note: str,
    version: int,
    seen: int | None = None,
    nonce: str | None = None,
    wait: int | None = None,
) -> Case:
    """Do all that a macro says, with the reply and the note as somebody saw and changed them.

    A reply can be taken back for `wait` seconds, else for the usual time.
    Raises DraftChanged when the macro was changed since its preview, StaleCase when the case was,
    and what the services of its parts raise; then nothing has happened.
    """
    if not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    case = locked_case(case)
    if nonce and (is_sent(case, by, nonce) or is_sent(case, by, f"{nonce}:note")):
        return case
    case = locked_case(case, seen=seen)
    macro = (
        Macro.objects.select_for_update(of=("self",)).select_related("template").get(pk=macro.pk)
    )
    if macro.version != version or macro.retired_at is not None:
        raise DraftChanged(_("这个快捷操作刚刚改过。看看现在会做什么，再决定要不要执行。"))
    case = _classified(case, macro, by)
    case = _owned(case, macro, by)
    if macro.acts.get("emergency"):
        case = raise_emergency(case, by=by, reason=macro.acts["emergency"])
    case = _tagged(case, macro, by)
    case = _answered(case, macro, by=by, reply=reply, nonce=nonce, wait=wait)
    if macro.acts.get("note") and note.strip():
        text = text_with_values(case, by=by, text=note)
        case = send_note(case, by=by, text=text, nonce=nonce and f"{nonce}:note", with_draft=False)
    return case


def _classified(case: Case, macro: Macro, by: Actor) -> Case:
    wanted = {name: macro.acts.get(name) for name in CLASSIFYING}
    given = {name: value for name, value in wanted.items() if value}
    differs = any(getattr(case, name) != value for name, value in given.items())
    return classify(case, by=by, **given) if differs else case


def _owned(case: Case, macro: Macro, by: Actor) -> Case:
    if not macro.acts.get("owner"):
        return case
    owner = new_owner(macro, by.user)
    if owner is None:
        raise CaseError(_("快捷操作指定的负责人现在不能接案。"))
    return assign(case, owner=owner, by=by) if case.owner_id != owner.pk else case


def _tagged(case: Case, macro: Macro, by: Actor) -> Case:
    add = [tag_called(name, by=by) for name in macro.acts.get("add_tags", [])]
    names = {name.casefold() for name in macro.acts.get("remove_tags", [])}
    remove = [tag for tag in tags_of(case) if tag.name.casefold() in names]
    return tag_case(case, add=add, remove=remove, by=by) if add or remove else case


def _answered(
    case: Case, macro: Macro, *, by: Actor, reply: str, nonce: str | None, wait: int | None
) -> Case:
    """Accept with the reply as the next steps, or send the reply; nothing without a text."""
    expected = expected_day(macro)
    if expected is not None:
        case.expected_on = expected
        words = text_with_values(case, by=by, text=reply)
        return accept(case, by=by, next_steps=words, expected_on=expected)
    if macro.template is not None:
        send_reply(case, by=by, text=reply, nonce=nonce, with_draft=False, wait=wait)
    return case


def _require(by: Actor) -> None:
    if not has_permission(by, Permission.MANAGE_TEMPLATES):
        raise StepForbidden(_("你的角色不能管理话术和快捷操作。"))


def check_acts(acts: dict[str, Any], template: ReplyTemplate | None) -> None:
    """Raise CaseError, naming the field, for acts that say nothing or something impossible."""
    if set(acts) - ACTS:
        raise ValueError(f"unknown acts: {sorted(set(acts) - ACTS)}")
    if not acts and template is None:
        raise CaseError(_("至少选一件要做的事。"))
    for name, exists in (("category", category_exists), ("issue", issue_exists)):
        if acts.get(name) and not exists(acts[name]):
            raise CaseError(_("没有这个分类，请重新选择。"), field=name)
    if acts.get("severity") and acts["severity"] not in Severity.values:
        raise CaseError(_("请选择严重程度。"), field="severity")
    days = acts.get("accept_in_days")
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise CaseError(
            _("天数在 1 到 %(most)d 之间。") % {"most": MOST_DAYS}, field="accept_in_days"
        )
    if days and template is None:
        raise CaseError(_("受理要告诉消费者接下来怎么做，请选一条话术。"), field="template")
    owner = acts.get("owner")
    if owner and owner != ME and not possible_owners().filter(pk=owner).exists():
        raise CaseError(_("请选一位能接案的同事。"), field="owner")
    _check_tags(acts.get("add_tags", []), acts.get("remove_tags", []))
    unknown = unknown_in(str(acts.get("note", "")), KNOWN)
    if unknown:
        names = " ".join(f"{{{{{name}}}}}" for name in unknown)
        raise CaseError(_("没有这个变量：%(names)s。") % {"names": names}, field="note")


def _check_tags(add: list[str], remove: list[str]) -> None:
    for field, names in (("add_tags", add), ("remove_tags", remove)):
        if any(not name.strip() or len(name) > LONGEST_NAME for name in names):
            raise CaseError(_("标签最多 %(most)d 字。") % {"most": LONGEST_NAME}, field=field)
        if len(names) > MOST_A_CASE:
            raise CaseError(
                _("一个案件最多 %(most)d 个标签。") % {"most": MOST_A_CASE}, field=field
            )
    both = {name.casefold() for name in add} & {name.casefold() for name in remove}
    if both:
        words = _("「%(name)s」不能又加又去。") % {"name": sorted(both)[0]}
        raise CaseError(words, field="remove_tags")


@transaction.atomic
def save_macro(
    macro: Macro | None,
    *,
    name: str,
    position: int,
    template: ReplyTemplate | None,
    acts: dict[str, Any],
    by: Actor,
    seen: int = 0,
) -> Macro:
    """Add a macro, or change one. Raises CaseError; DraftChanged when somebody changed it since."""
    _require(by)
    acts = {key: value for key, value in acts.items() if value not in ("", None, False, [])}
    check_acts(acts, template)
    if macro is not None:
        macro = Macro.objects.select_for_update(of=("self",)).get(pk=macro.pk)
        if macro.version != seen:
            raise DraftChanged(_("这个快捷操作刚刚改过。看看现在的内容，再决定怎么改。"))
    macro = macro or Macro(version=0)
    macro.name, macro.position, macro.template = name, position, template
    macro.acts = acts
    macro.version += 1
    try:
        with transaction.atomic():
            macro.save()
    except IntegrityError as error:
        raise CaseError(_("这个名称已经有了。"), field="name") from error
    return macro


def retire_macro(macro: Macro, *, by: Actor) -> None:
    """Offer a macro no more."""
    _require(by)
    Macro.objects.filter(pk=macro.pk, retired_at=None).update(retired_at=now())


def restore_macro(macro: Macro, *, by: Actor) -> None:
    """Offer a retired macro again."""
    _require(by)
    Macro.objects.filter(pk=macro.pk).update(retired_at=None)

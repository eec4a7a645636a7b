"""What each kind of bulk work does to one case, and its exact inverse; by the ordinary services."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from accounts.models import Team, User
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case, CaseTag, Tag
from complaints.services.bulk_done import Done, Params
from complaints.services.bulk_macros import run_in_bulk, take_back
from complaints.services.merging import merge_cases, unmerge_case
from complaints.services.tagging import tag_case
from complaints.services.triage import assign, classify, clear_severity, unassign
from complaints.states import BulkKind

Step = Callable[[Case, Params, Actor, int], Done]
Inverse = Callable[[Case, Params, Params, Actor, int], Case | Done]


def _assign(case: Case, params: Params, by: Actor, seen: int) -> Done:
    before = {"owner": case.owner_id, "team": case.team_id}
    if case.owner_id == params["owner"]:
        return Done(case.version, before, changed=False)
    if not case.is_open:
        raise CaseError(_("案件已经结束，不用再转交。"))
    owner = User.objects.get(pk=params["owner"])
    return Done(assign(case, owner=owner, by=by, seen=seen).version, before)


def _assign_back(case: Case, _params: Params, before: Params, by: Actor, seen: int) -> Case:
    owner = User.objects.filter(pk=before["owner"]).first()
    if owner is None:
        return unassign(case, by=by, team=before["team"], seen=seen)
    team = Team.objects.filter(pk=before["team"]).first()
    return assign(case, owner=owner, by=by, seen=seen, team=team)


def _carries(case: Case, tag: int) -> bool:
    return CaseTag.objects.filter(case=case, tag=tag).exists()


def _tag(case: Case, params: Params, by: Actor, seen: int) -> Done:
    if _carries(case, params["tag"]):
        return Done(case.version, {}, changed=False)
    tag = Tag.objects.get(pk=params["tag"])
    return Done(tag_case(case, add=[tag], by=by, seen=seen).version, {})


def _untag(case: Case, params: Params, by: Actor, seen: int) -> Done:
    if not _carries(case, params["tag"]):
        return Done(case.version, {}, changed=False)
    tag = Tag.objects.get(pk=params["tag"])
    return Done(tag_case(case, remove=[tag], by=by, seen=seen).version, {})


def _tag_back(case: Case, params: Params, _before: Params, by: Actor, seen: int) -> Case:
    return tag_case(case, remove=[Tag.objects.get(pk=params["tag"])], by=by, seen=seen)


def _untag_back(case: Case, params: Params, _before: Params, by: Actor, seen: int) -> Case:
    return tag_case(case, add=[Tag.objects.get(pk=params["tag"])], by=by, seen=seen)


def _severity(case: Case, params: Params, by: Actor, seen: int) -> Done:
    before = {"severity": case.severity}
    if case.severity == params["severity"]:
        return Done(case.version, before, changed=False)
    if not case.is_open:
        raise CaseError(_("案件已经结束。"))
    case = classify(case, by=by, seen=seen, severity=params["severity"])
    return Done(case.version, before)


def _severity_back(case: Case, _params: Params, before: Params, by: Actor, seen: int) -> Case:
    if not before["severity"]:
        return clear_severity(case, by=by, seen=seen)
    return classify(case, by=by, seen=seen, severity=before["severity"])


def _merge(case: Case, params: Params, by: Actor, seen: int) -> Done:
    into = Case.objects.get(pk=params["into"])
    merge_cases([case], into=into, cause=params["cause"], by=by, seen={case.pk: seen})
    case.refresh_from_db(fields=["version"])
    return Done(case.version, {})


def _merge_back(case: Case, _params: Params, _before: Params, by: Actor, seen: int) -> Case:
    return unmerge_case(case, by=by, seen=seen)


STEPS: dict[str, Step] = {
    BulkKind.ASSIGN: _assign,
    BulkKind.TAG: _tag,
    BulkKind.UNTAG: _untag,
    BulkKind.SEVERITY: _severity,
    BulkKind.MERGE: _merge,
    BulkKind.MACRO: run_in_bulk,
}
INVERSES: dict[str, Inverse] = {
    BulkKind.ASSIGN: _assign_back,
    BulkKind.TAG: _tag_back,
    BulkKind.UNTAG: _untag_back,
    BulkKind.SEVERITY: _severity_back,
    BulkKind.MERGE: _merge_back,
    BulkKind.MACRO: take_back,
}

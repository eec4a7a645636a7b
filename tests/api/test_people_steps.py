"""Owning, merging and linking through the API: the same services, the same refusals."""

from __future__ import annotations

import pytest

from accounts.models import User
from complaints.models import Case, CaseLink
from complaints.states import Stage
from tests.factories import make_case

pytestmark = pytest.mark.django_db


def take(client, case: Case, step: str, **facts):
    address = f"/api/v1/cases/{case.reference}/steps/"
    return client.post(address, {"step": step, **facts}, format="json")


def version(case: Case) -> int:
    return Case.objects.values_list("version", flat=True).get(pk=case.pk)


def codes(response):
    return {(error["field"], error["code"]) for error in response.json()["errors"]}


def test_second_claim_answers_409_and_names_the_owner(login):
    first, second, case = login("agent"), login("agent"), make_case()
    assert take(first, case, "claim").status_code == 200
    refused = take(second, case, "claim")
    assert refused.status_code == 409
    assert codes(refused) == {("", "already_taken")}
    owner = User.objects.get(owned_cases=case)
    assert owner.display_name in refused.json()["errors"][0]["message"]
    assert take(second, case, "claim", held_by=owner.username).status_code == 200


def test_released_case_is_somebody_elses(login):
    first, _second, case = login("agent"), login("agent"), make_case()
    take(first, case, "claim")
    owner = Case.objects.get(pk=case.pk).owner_id
    done = take(first, case, "release", version=version(case), reason="不熟悉")
    assert done.status_code == 200
    assert Case.objects.get(pk=case.pk).owner_id not in (None, owner)


def test_several_cases_are_merged_in_one_call_or_none(login):
    agent, case, others = login("agent"), make_case(), [make_case(), make_case()]
    facts = {"cause": "same_event", "version": version(case)}
    references = [each.reference for each in others]
    refused = take(agent, case, "merge_here", cases=[*references, "RD-2020-999999"], **facts)
    assert refused.status_code == 400
    assert codes(refused) == {("cases", "refused")}
    stale = take(agent, case, "merge_here", cases=references, **{**facts, "version": 99})
    assert stale.status_code == 409
    assert take(agent, case, "merge_here", cases=references, **facts).status_code == 200
    stages = Case.objects.filter(reference__in=references).values_list("stage", flat=True)
    assert set(stages) == {Stage.MERGED}


def test_cases_are_linked_and_unlinked(login):
    agent, case, other = login("agent"), make_case(), make_case()
    linked = take(agent, case, "link", other=other.reference, kind="follow_up")
    assert linked.status_code == 200
    assert CaseLink.objects.get().ended_at is None
    assert take(agent, case, "unlink", other=other.reference).status_code == 200
    assert CaseLink.objects.get().ended_at is not None
    assert take(agent, case, "link", other="RD-1", kind="related").status_code == 400
    refused = take(login("finance"), case, "link", other=other.reference, kind="related")
    assert refused.status_code in (403, 404)

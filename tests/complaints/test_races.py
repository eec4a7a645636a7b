"""Two cases merged into each other at once: nobody waits for ever, and one carries the other on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case
from complaints.services.events import broken_link
from complaints.services.triage import merge
from complaints.states import MergeCause, Stage
from tests.compensation.test_races import race
from tests.factories import make_case, staff

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3


def merging(case: Case, into: Case, *, by: Actor) -> Callable[[], Case]:
    return lambda: merge(case, into=into, cause=MergeCause.SAME_EVENT, by=by)


@pytest.mark.parametrize("round_of", range(ROUNDS))
def test_two_cases_merged_into_each_other_at_once_leave_one_open(round_of: int) -> None:
    first, second, agent = make_case(), make_case(), staff(Role.AGENT)

    results = race(merging(first, second, by=agent), merging(second, first, by=agent))

    assert sum(isinstance(result, CaseError) for result in results) == 1
    assert sum(isinstance(result, Case) for result in results) == 1
    cases = Case.objects.order_by("pk")
    assert sorted(case.stage for case in cases) == sorted([Stage.MERGED, Stage.RECEIVED])
    assert [broken_link(case) for case in cases] == [None, None]


@pytest.mark.parametrize("downwards", [False, True])
def test_locks_are_taken_in_the_order_of_keys(downwards: bool) -> None:
    first, second, agent = make_case(), make_case(), staff(Role.AGENT)
    case, into = (second, first) if downwards else (first, second)

    with CaptureQueriesContext(connection) as queries:
        merging(case, into, by=agent)()

    locks = [row["sql"] for row in queries if "FOR NO KEY UPDATE" in row["sql"]]
    assert f'"complaints_case"."id" = {first.pk} ' in locks[0]
    assert f'"complaints_case"."id" = {second.pk} ' in locks[1]

"""Rows of several tables in one statement."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from complaints.models import CaseLink, Clock, ClockEntry, Notification, TextMark, Timer
from complaints.moments import now
from complaints.services.together import insert_together
from complaints.states import LedgerAction, LinkKind
from tests.factories import make_case, make_user

pytestmark = pytest.mark.django_db


def rows_of(clock: Clock) -> list[Timer | ClockEntry]:
    timer = Timer(
        clock=clock, case_id=clock.case_id, generation=9, rung="warn_50", due_at=now(),
        armed_at=now(),
    )  # fmt: skip
    entry = ClockEntry(
        clock=clock,
        action=LedgerAction.START,
        at=now(),
        cause="received",
        detail={"why": "100% 'quoted'"},
        policy_id=clock.policy_id,
        calendar_version=clock.calendar_version,
    )
    return [timer, entry]


def test_rows_of_several_tables_take_one_statement() -> None:
    case, user = make_case(), make_user()
    clock = Clock.objects.filter(case=case)[0]
    notices = [Notification(user=user, case=case, kind="message", at=now()) for _number in range(2)]

    with CaptureQueriesContext(connection) as captured:
        insert_together([*rows_of(clock), *notices])

    assert len(captured) == 1
    assert Timer.objects.filter(clock=clock, generation=9).count() == 1
    entry = ClockEntry.objects.get(clock=clock, detail__why="100% 'quoted'")
    assert (entry.action, entry.actor) == (LedgerAction.START, None)
    assert Notification.objects.filter(case=case).count() == 2


def test_one_that_is_refused_takes_the_others_with_it() -> None:
    case, other = make_case(), make_case()
    clock = Clock.objects.filter(case=case)[0]
    timer, entry = rows_of(clock)
    link = CaseLink(case=case, other=other, kind=LinkKind.FOLLOW_UP, made_by=None, made_at=now())

    with pytest.raises(IntegrityError), transaction.atomic():
        insert_together([timer, entry, link])

    assert not Timer.objects.filter(clock=clock, generation=9).exists()


def test_nothing_takes_no_statement() -> None:
    with CaptureQueriesContext(connection) as captured:
        insert_together([])
    assert len(captured) == 0


def test_a_row_whose_key_is_its_case_keeps_it() -> None:
    case = make_case()
    TextMark.objects.filter(case=case).delete()

    insert_together([TextMark(case=case, bands=[1, 2])])

    assert TextMark.objects.get(pk=case.pk).bands == [1, 2]

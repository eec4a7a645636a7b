"""The demonstration's batch incident: raised by the alarm, half carried through."""

from __future__ import annotations

import io
import random
from collections import Counter

import pytest
from django.core.management import call_command

from compensation.selectors.remedies import progress_of
from complaints.actors import Actor
from complaints.moments import now
from config.demo.incident import FOUND_CASES, LATELY, live_incident
from config.demo.loader import make_goods, make_staff
from config.demo.story import Staff
from liability.models import Incident, PublicStatement
from liability.services.incidents import watch_batches
from liability.states import IncidentState

pytestmark = pytest.mark.django_db


def test_incident_is_raised_decided_and_offered_half_way():
    call_command("load_calendar", stdout=io.StringIO())
    password = "a-password-for-tests"
    users = make_staff(password)
    present = now()
    live_incident(Staff(users, password), make_goods(), present=present, chance=random.Random(1))
    incident = Incident.objects.get()
    assert incident.state == IncidentState.CONFIRMED
    assert incident.count >= 5 > incident.expected
    done = Counter(task.done_at is not None for task in incident.tasks.all())
    assert (done[True], done[False]) == (2, 2)
    rows = progress_of(incident, Actor.staff(users["manager"]))
    states = Counter(row.state for row in rows)
    assert states["accepted"] == 3
    assert states["other_idea"] == 1
    assert states["offered"] == FOUND_CASES - 4
    assert states["early"] == len(LATELY) - FOUND_CASES
    assert PublicStatement.objects.get().published_by != PublicStatement.objects.get().written_by
    assert all(row.member.case.received_at <= present for row in rows)
    assert watch_batches() == 0

"""Things that were given before things counted are counted once, at what the plan says."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps

from agreements.models import Obligation
from agreements.services import performing
from complaints.actors import Actor
from liability.models import RecourseBasis
from liability.selectors.recourse import paid_for
from tests.agreements.makers import fulfilling_case, perform_all

pytestmark = pytest.mark.django_db


def count_worths() -> None:
    module = import_module("liability.migrations.0051_worths_of_earlier_duties")
    module.count_worths(apps, None)


def test_a_thing_given_before_counts_now_and_once(monkeypatch) -> None:
    case = fulfilling_case(position=2)
    with monkeypatch.context() as before:
        before.setattr(performing, "_count_worth", lambda *args, **kwargs: None)
        perform_all(case)
    assert not RecourseBasis.objects.filter(in_kind=True).exists()

    for _time in range(2):
        count_worths()

    basis = RecourseBasis.objects.get(in_kind=True)
    assert (basis.amount, basis.currency) == (Decimal("299.00"), "CNY")
    assert paid_for(case) == Decimal("337.00")
    duty = Obligation.objects.get(kind="replacement")
    assert basis.paid_at == duty.performed_at
    performing.deny_arrival(duty, by=Actor.consumer(), note="没有收到")
    assert paid_for(case) == Decimal("38.00")


def test_what_counts_already_and_what_is_still_owed_stay_as_they_are() -> None:
    given, owed = fulfilling_case(position=2), fulfilling_case(position=2)
    perform_all(given)
    before = list(RecourseBasis.objects.order_by("pk").values())

    count_worths()

    assert list(RecourseBasis.objects.order_by("pk").values()) == before
    assert paid_for(owed) == 0

"""What the database itself refuses: signed by one side alone, breaches and lapses unmade."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from agreements.models import Agreement, Breach, ConsumerLapse
from agreements.services.pursuing import pursue
from complaints.models import AccountabilityItem
from complaints.moments import now, shift_to
from complaints.services.sweeping import sweep
from tests.agreements.makers import consumer_signs, fulfilling_case, offered, only_obligation

pytestmark = pytest.mark.django_db


def refused(statement: str, *given: object) -> bool:
    """Whether the database refuses a statement of the application's own role."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, given)
            return cursor.rowcount == 0
    except DatabaseError:
        return True


def test_one_signature_makes_no_agreement() -> None:
    agreement = consumer_signs(offered())
    assert refused(
        "UPDATE agreements_agreement SET status = 'signed', signed_at = now() WHERE id = %s",
        agreement.pk,
    )
    agreement.refresh_from_db()
    assert agreement.status == "offered"


def test_agreement_begins_as_a_draft() -> None:
    agreement = offered()
    row = {
        field.attname: getattr(agreement, field.attname)
        for field in Agreement._meta.concrete_fields
        if field.name not in ("id", "number")
    }
    with pytest.raises(DatabaseError, match="begins as a draft"), transaction.atomic():
        Agreement.objects.create(**{**row, "version": 9, "status": "superseded"})


def lapsed() -> Breach:
    """A payment that was let lapse, noticed by the task."""
    case = fulfilling_case()
    duty = only_obligation(case)
    shift_to(duty.due_at + timedelta(hours=1))
    sweep()
    assert pursue()["breached"] == 1
    return duty.breaches.get()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM agreements_breach WHERE id = %s",
        "UPDATE agreements_breach SET declared_at = now() WHERE id = %s",
        "UPDATE agreements_breach SET due_was = due_was + 9 WHERE id = %s",
        "UPDATE agreements_breach SET reason = 'x' WHERE id = %s",
    ],
)
def test_breach_stays_on_record(statement: str) -> None:
    breach = lapsed()
    assert refused(statement, breach.pk)
    assert Breach.objects.filter(pk=breach.pk, due_was=breach.due_was, reason="").exists()


def test_mended_breach_is_closed_for_good() -> None:
    breach = lapsed()
    Breach.objects.filter(pk=breach.pk).update(remedied_at=now())
    assert refused("UPDATE agreements_breach SET remedied_at = NULL WHERE id = %s", breach.pk)
    assert refused("TRUNCATE agreements_breach CASCADE")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM complaints_accountabilityitem",
        "TRUNCATE complaints_accountabilityitem CASCADE",
    ],
)
def test_who_answers_for_a_breach_can_not_be_removed(statement: str) -> None:
    breach = lapsed()
    items = AccountabilityItem.objects.filter(clock__subject=breach.obligation.subject)
    assert items.count() == 1
    assert refused(statement)
    assert items.count() == 1


def test_lapse_of_the_consumer_stays_on_record() -> None:
    duty = only_obligation(fulfilling_case())
    lapse = ConsumerLapse.objects.create(
        obligation=duty, opened_at=now(), due_was=duty.due_on, grace_until=duty.due_on
    )
    assert refused("DELETE FROM agreements_consumerlapse WHERE id = %s", lapse.pk)
    assert refused("UPDATE agreements_consumerlapse SET grace_until = '2020-01-01'")
    ConsumerLapse.objects.filter(pk=lapse.pk).update(outcome="waived", closed_at=now())
    assert refused("UPDATE agreements_consumerlapse SET outcome = 'pursued'")
    assert refused("TRUNCATE agreements_consumerlapse CASCADE")

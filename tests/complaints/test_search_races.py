"""What two write at once about a case is found, both of it."""

import threading
import time

import pytest
from django.db import connection, transaction

from accounts.states import Role
from complaints.models import Case
from complaints.selectors.matching import matching
from complaints.services.conversation import write_note
from tests.factories import make_case, make_product, staff

pytestmark = pytest.mark.django_db(transaction=True)


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock')"
        )
        return bool(cursor.fetchone()[0])


def test_a_note_written_while_its_product_is_renamed_is_found() -> None:
    product, agent = make_product(), staff(Role.AGENT)
    case = make_case(product_id=product.pk)

    def rename() -> None:
        product.name = "静音破壁机"
        product.save()
        connection.close()

    renaming = threading.Thread(target=rename)
    with transaction.atomic():
        write_note(case, by=agent, body="底座编号磨掉了")
        renaming.start()
        until = time.monotonic() + 20
        while not waits_for_a_lock() and time.monotonic() < until:
            time.sleep(0.02)
    renaming.join()

    found = Case.objects.all()
    assert list(matching(found, "磨掉", actor=agent)) == [case]
    assert list(matching(found, "破壁", actor=agent)) == [case]

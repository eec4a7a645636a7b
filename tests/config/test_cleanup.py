"""The clean-up after transactional tests: everything goes, reference rows and triggers stay."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from complaints.models import Case, CaseEvent, StageEdge
from tests.database import reference_rows
from tests.factories import make_case, make_team

CHANGES = [
    "UPDATE complaints_caseevent SET sequence = sequence",
    "DELETE FROM complaints_caseevent",
    "TRUNCATE complaints_caseevent CASCADE",
    "DELETE FROM complaints_case",
]


def count(model: type[Model]) -> int:
    return model._default_manager.count()


@pytest.mark.django_db(transaction=True)
def test_cleanup_empties_append_only_tables_and_keeps_reference_rows() -> None:
    edges = count(StageEdge)
    make_team(is_default=True)
    make_case()
    StageEdge.objects.filter(pk=StageEdge.objects.values("pk")[:1]).delete()
    assert count(CaseEvent) > 0

    reference_rows.restore()

    assert count(Case) == count(CaseEvent) == 0
    assert count(StageEdge) == edges > 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sql", CHANGES)
def test_triggers_refuse_after_a_cleanup_as_before(sql: str) -> None:
    reference_rows.restore()
    make_team(is_default=True)
    make_case()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert count(CaseEvent) > 0

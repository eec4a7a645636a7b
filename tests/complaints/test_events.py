"""The event log: only added to, chained by hash, with personal text sealed beside it."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, connection, transaction

from complaints.actors import Actor
from complaints.models import Case, CaseEvent, EventPayload
from complaints.presenters import EVENT_TEXTS
from complaints.services.cases import move, touch
from complaints.services.events import append_event, broken_link, event_hash
from complaints.services.intake import submit_complaint
from complaints.services.triage import withdraw
from config.presenters import EVENT_TEXTS as ALL_TEXTS
from tests.complaints.walking import ANYONE, check_at_commit, take
from tests.factories import complaint, make_case, staff

pytestmark = pytest.mark.django_db


def tampered(sql: str, *params: object) -> None:
    """Change history as only somebody with all rights over the database could."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET session_replication_role = origin")


def long_case() -> Case:
    case = make_case()
    for number in range(4):
        case = touch(case, "note", by=staff("agent"), data={"number": number})
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE complaints_caseevent SET kind = 'x'",
        "UPDATE complaints_caseevent SET data = '{}'",
        "DELETE FROM complaints_caseevent",
        "TRUNCATE complaints_caseevent CASCADE",
    ],
)
def test_database_refuses_to_change_history(sql):
    case = long_case()
    check_at_commit()
    before = list(CaseEvent.objects.values())
    with (
        pytest.raises(IntegrityError, match="only added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert list(CaseEvent.objects.values()) == before
    assert broken_link(case) is None


def test_orm_cannot_change_history_either():
    event = make_case().events.get()
    event.kind = "x"
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        event.delete()


@pytest.mark.parametrize(
    "changes",
    [{"sequence": 9}, {"sequence": 5}, {"previous_hash": "0" * 64}, {"previous_hash": "f" * 64}],
)
def test_database_refuses_an_event_that_follows_nothing(changes):
    case = long_case()
    last = CaseEvent.objects.filter(case=case).latest("sequence")
    fields = {"sequence": last.sequence + 1, "previous_hash": last.hash, **changes}
    event = CaseEvent(case=case, kind="x", actor_kind="system", at=last.at, hash="a" * 64, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save(force_insert=True)
    assert broken_link(case) is None


def test_each_event_carries_the_hash_of_the_one_before():
    case = long_case()
    events = list(CaseEvent.objects.filter(case=case).order_by("sequence"))
    assert [event.sequence for event in events] == [1, 2, 3, 4, 5]
    assert [event.previous_hash for event in events] == ["0" * 64] + [e.hash for e in events[:-1]]
    assert (case.event_count, case.last_event_hash) == (5, events[-1].hash)


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE complaints_caseevent SET kind = 'x' WHERE sequence = 3", 3),
        ("UPDATE complaints_caseevent SET at = at + interval '1 s' WHERE sequence = 2", 2),
        ("UPDATE complaints_caseevent SET actor_id = NULL WHERE sequence = 4", 4),
        ("UPDATE complaints_caseevent SET data = '{\"number\": 7}' WHERE sequence = 5", 5),
        ("UPDATE complaints_caseevent SET payload_digest = 'x' WHERE sequence = 1", 1),
        ("DELETE FROM complaints_caseevent WHERE sequence = 3", 4),
        ("DELETE FROM complaints_caseevent WHERE sequence = 5", 5),
        ("UPDATE complaints_case SET last_event_hash = repeat('0', 64)", 6),
        ("UPDATE complaints_case SET event_count = 4", 6),
    ],
)
def test_break_of_the_chain_is_found(sql, found):
    case = long_case()
    if "actor_id" in sql:
        sql = sql.replace("SET", "SET actor_kind = 'system',")
    tampered(sql)
    assert broken_link(case) == found


def test_rewriting_one_event_with_a_fresh_hash_breaks_the_next():
    case = long_case()
    event = CaseEvent.objects.get(case=case, sequence=2)
    event.kind = "forged"
    tampered(
        "UPDATE complaints_caseevent SET kind = 'forged', hash = %s WHERE id = %s",
        event_hash(event),
        event.pk,
    )
    assert broken_link(case) == 3


def test_hash_is_the_same_for_an_event_read_back():
    case = take(make_case(danger=True), "withdraw")
    for event in CaseEvent.objects.filter(case=case):
        assert event_hash(event) == event.hash


def test_chains_of_two_cases_do_not_touch():
    one, other = long_case(), long_case()
    tampered("UPDATE complaints_caseevent SET kind = 'x' WHERE case_id = %s", one.pk)
    assert (broken_link(one), broken_link(other)) == (1, None)


def test_personal_text_is_sealed_under_the_persons_key():
    case = withdraw(make_case(), by=staff("agent"), reason="周小华来电说已自行解决")
    event = CaseEvent.objects.get(case=case, kind="withdraw")
    assert event.payload.text == {"reason": "周小华来电说已自行解决"}
    assert "周小华" not in json.dumps(event.data, ensure_ascii=False)
    assert "周小华".encode() not in bytes(event.payload.sealed)


def test_erasing_the_persons_key_leaves_the_log_whole():
    case = withdraw(make_case(), by=staff("agent"), reason="周小华来电")
    type(case.consumer).objects.filter(pk=case.consumer_id).update(key_sealed=b"")
    assert EventPayload.objects.get(event__case=case).text is None
    assert broken_link(case) is None


def test_events_hold_no_contact_of_the_consumer():
    case = submit_complaint(complaint(), by=Actor.consumer()).case
    take(touch(case, "x", by=ANYONE, data={"code": 1}), "withdraw")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(e::text, ' ') FROM complaints_caseevent e")
        (raw,) = cursor.fetchone()
    for secret in ("13812345678", "zhou@example.test", "周小华", "白烟"):
        assert secret not in raw


def test_staff_event_names_who_and_others_name_nobody():
    case = make_case()
    with pytest.raises(IntegrityError), transaction.atomic():
        append_event(case, "x", by=Actor(kind="staff"))
    agent = staff("agent")
    case = move(case, "accept", by=agent)
    assert CaseEvent.objects.get(case=case, kind="accept").actor == agent.user
    assert CaseEvent.objects.get(case=case, kind="received").actor is None


def test_change_of_a_field_records_old_and_new():
    case = touch(make_case(), "classified", by=staff("agent"), changes={"category": "PRICE"})
    event = CaseEvent.objects.get(case=case, kind="classified")
    assert event.data["changes"] == {"category": ["", "PRICE"]}


def test_every_kind_that_this_app_writes_has_words():
    case = long_case()
    assert {event.kind for event in CaseEvent.objects.filter(case=case)} <= set(EVENT_TEXTS)
    assert set(EVENT_TEXTS) <= set(ALL_TEXTS)
    for text in ALL_TEXTS.values():
        assert str(text.staff)


def test_receiving_a_complaint_costs_seven_statements(django_assert_num_queries):
    make_case()
    with django_assert_num_queries(7 + 2):  # and the transaction's own BEGIN and COMMIT
        submit_complaint(complaint(), by=Actor.consumer())

"""Filling the benchmark's database: many cases with a running clock, one with a long history."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Department, Team, User
from accounts.states import Role
from benchmarks.database import Filled
from complaints import sealing
from complaints.actors import Actor
from complaints.models import Case, Clock, Consumer
from complaints.moments import now
from complaints.selectors.policies import policy_in_force, working_calendar
from complaints.services.conversation import write_message
from complaints.services.intake import ComplaintData, ContactData, submit_complaint
from complaints.states import Channel, ClockKind, Stage

STORY = "水壶底座不加热，拔了插头再试也一样，台面上留下一块水渍印。"
BATCH = 2000


def fill(count: int) -> None:
    """Make `count` open cases, due one after the other."""
    agent = make_agent()
    key = sealing.new_person_key()
    sealed = sealing.seal(key, {"name": "周小华", "phone": "+8613812345678", "email": ""})
    calendar, moment = working_calendar(), now()
    policy = policy_in_force(ClockKind.ACKNOWLEDGEMENT, on=calendar.local_date(moment))
    for first in range(0, count, BATCH):
        size = min(BATCH, count - first)
        with transaction.atomic():
            consumers = Consumer.objects.bulk_create(
                Consumer(key_sealed=key, contact_sealed=sealed, created_at=moment)
                for _ in range(size)
            )
            cases = Case.objects.bulk_create(
                Case(
                    consumer=consumer,
                    title=f"电热水壶底座冒烟 {first + number}",
                    description=STORY,
                    channel=Channel.WEB_FORM,
                    stage=Stage.RECEIVED,
                    owner=agent if number % 5 == 0 else None,
                    received_at=moment,
                    created_at=moment,
                    stage_since=moment,
                    next_due_at=moment + timedelta(minutes=first + number),
                    next_due_kind=ClockKind.ACKNOWLEDGEMENT,
                )
                for number, consumer in enumerate(consumers)
            )
            Clock.objects.bulk_create(
                Clock(
                    case=case,
                    kind=ClockKind.ACKNOWLEDGEMENT,
                    policy=policy,
                    calendar_version=calendar.version,
                    started_at=moment,
                    due_at=case.next_due_at,
                )
                for case in cases
            )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def make_agent() -> User:
    """Return the agent who opens the pages."""
    agent = User.objects.filter(username="bench").first()
    return agent or User.objects.create_user(
        "bench", password=None, display_name="压测专员", roles=[Role.AGENT, Role.MANAGER]
    )


def talk(case: Case, *, entries: int) -> Case:
    """Give a case a conversation of `entries` messages, each with its event."""
    by = Actor.staff(make_agent())
    for number in range(entries):
        case = write_message(case, by=by, body=f"第 {number + 1} 次答复：{STORY}", tell=False)
    return case


def fill_all(count: int, *, row_table: str) -> Filled:
    """Fill the queue, talk in one case, log the agent in."""
    with connection.cursor() as cursor:
        cursor.execute(row_table)
    fill(count)
    case = talk(Case.objects.order_by("pk").first(), entries=30)
    session = SessionStore()
    agent = make_agent()
    session[SESSION_KEY] = str(agent.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = agent.get_session_auth_hash()
    session.create()
    cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    return Filled(cookie=cookie, reference=case.reference, case_id=case.pk)


def count_cases() -> int:
    """Return how many cases there are."""
    return Case.objects.count()


def statements(path: str) -> int:
    """Return how many SQL statements a page of the desk asks for, once warm."""
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(make_agent(), backend=settings.AUTHENTICATION_BACKENDS[0])
    browser.get(path)
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return len(asked)


def make_clock_template() -> None:
    """Make one case with a clock and its timers, owned and managed, to be multiplied."""
    manager = User.objects.create_user(
        "bench-manager", email="m@example.test", roles=[Role.MANAGER]
    )
    department = Department.objects.create(name="压测")
    team = Team.objects.create(name="压测", department=department, manager=manager)
    agent = User.objects.create_user("bench-owner", email="o@example.test", roles=[Role.AGENT])
    contact = ContactData(name="周小华", phone="13812345678")
    case = submit_complaint(ComplaintData(STORY, contact), by=Actor.consumer()).case
    Case.objects.filter(pk=case.pk).update(owner=agent, team=team)


_SAME = {
    "complaints_case": ("id", "reference", "search", "event_count", "last_event_hash"),
    "complaints_clock": ("id", "case_id"),
    "complaints_timer": ("id", "case_id", "clock_id", "due_at"),
}
_MULTIPLY = {
    "complaints_case": """INSERT INTO complaints_case (event_count, last_event_hash, {columns})
        SELECT 0, repeat('0', 64), {columns} FROM complaints_case, generate_series(1, %(count)s)
        WHERE id = (SELECT min(id) FROM complaints_case)""",
    "complaints_clock": """INSERT INTO complaints_clock (case_id, {columns})
        SELECT c.id, {prefixed} FROM complaints_case c, complaints_clock t
        WHERE t.id = (SELECT min(id) FROM complaints_clock)
        AND NOT EXISTS (SELECT FROM complaints_clock k WHERE k.case_id = c.id)""",
    "complaints_timer": """INSERT INTO complaints_timer (case_id, clock_id, due_at, {columns})
        SELECT k.case_id, k.id, t.due_at + k.id * interval '1 second' + interval '1 day',
        {prefixed} FROM complaints_clock k, complaints_timer t
        WHERE t.clock_id = (SELECT min(id) FROM complaints_clock)
        AND NOT EXISTS (SELECT FROM complaints_timer o WHERE o.clock_id = k.id)""",
}


def multiply_clocks(count: int) -> None:
    """Write `count` more cases like the template, each with its clock and timers, due later on."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Half a million checks of what was just written would take longer than all else.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, statement in _MULTIPLY.items():
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
            )
            names = [f'"{name}"' for (name,) in cursor.fetchall() if name not in _SAME[table]]
            words = {"columns": ", ".join(names), "prefixed": ", ".join(f"t.{n}" for n in names)}
            cursor.execute(statement.format(**words), {"count": count})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")

"""The Case's machine: its table as rows, the database's guards, detours, races, random walks."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django_fsm import TransitionNotAllowed

from complaints.errors import CaseError, StaleCase, StepNotAllowed
from complaints.models import Case, CaseEvent, Clock, StageEdge
from complaints.models.machine import declared_edges
from complaints.moments import now, shift_to
from complaints.services.cases import move, touch
from complaints.services.clocks import stop_clocks
from complaints.services.events import broken_link
from complaints.states import (
    RETURNING_STAGES,
    ClockState,
    Severity,
    Stage,
    Urgency,
)
from tests.complaints.walking import (
    ANYONE,
    ROADS,
    actor_of,
    case_at,
    case_in,
    check_at_commit,
    follow,
    minor_case,
    take,
    traces,
)
from tests.factories import make_case

pytestmark = pytest.mark.django_db


def edge_rows() -> set[tuple[str, str, str, str]]:
    return set(StageEdge.objects.values_list("verb", "source", "target", "kind"))


def refusal_of(sql: str, params: list[object]) -> str:
    """Return why the database refuses a statement, at once or at commit, or "" if it does not."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
            check_at_commit()
            transaction.set_rollback(True)
    except IntegrityError as refusal:
        return str(refusal)
    return ""


def set_stage(case: Case, stage: str, origins: list[str], *, version: int | None = None) -> str:
    """Change the stage by SQL, with everything else as it should be; return why that is refused."""
    sql = (
        "UPDATE complaints_case SET stage = %s, origins = %s, version = %s, "
        "merged_into_id = %s, decline_ground = %s WHERE id = %s"
    )
    merged = case.pk if stage == Stage.MERGED else None
    ground = "out_of_remit" if stage == Stage.DECLINED else ""
    number = case.version + 1 if version is None else version
    return refusal_of(sql, [stage, origins, number, merged, ground, case.pk])


def insert_copy(case: Case, **changes: object) -> str:
    """Insert a copy of a case by SQL, with other values; return why that is refused."""
    left_out = {"id", "search", "reference", "intake_key", "access_digest"}
    fields = [field for field in Case._meta.concrete_fields if field.name not in left_out]
    sql = (
        f"INSERT INTO complaints_case (access_digest, {', '.join(f.column for f in fields)}) "
        f"VALUES ('', {', '.join(['%s'] * len(fields))})"
    )
    values = {field: changes.get(field.name, getattr(case, field.attname)) for field in fields}
    return refusal_of(sql, [f.get_db_prep_save(v, connection) for f, v in values.items()])


def test_rows_of_edges_are_those_that_the_case_declares():
    assert edge_rows() == declared_edges()


def test_stage_cannot_be_assigned():
    case = make_case()
    with pytest.raises(AttributeError):
        case.stage = Stage.CLOSED


def test_transition_outside_its_source_raises():
    with pytest.raises(TransitionNotAllowed):
        make_case().sign()


@pytest.mark.parametrize("place", list(ROADS), ids="<".join)
def test_database_refuses_every_change_of_stage_that_is_no_edge(place):
    case = case_at(*place)
    kinds: dict[str, set[str]] = {}
    for _verb, source, target, kind in declared_edges():
        if source == case.stage:
            kinds.setdefault(target, set()).add(kind)
    ways = {
        "aside": [*case.origins, case.stage],
        "back": case.origins[:-1],
        "onward": [],
        "kept": case.origins,
        "forged": [*case.origins, Stage.CLOSED, Stage.NEGOTIATING],
    }
    for target in set(Stage.values) - {case.stage}:
        fitting = [ways[kind] for kind in kinds.get(target, ()) if kind != "back"]
        if "back" in kinds.get(target, ()) and case.origin == target:
            fitting.append(ways["back"])
        for origins in ways.values():
            reason = set_stage(case, target, list(origins))
            assert ("no step leads from" in reason) == (origins not in fitting), (target, origins)


def test_database_refuses_a_case_that_begins_elsewhere():
    case = make_case()
    for stage in set(Stage.values) - {Stage.RECEIVED}:
        assert "a case begins as received" in insert_copy(case, stage=stage)
    assert "a case begins as received" in insert_copy(case, origins=[Stage.CLOSED])
    assert "no clock of it runs" in insert_copy(case)


def test_database_refuses_tampering_with_the_way_back():
    case = case_at(Stage.MEDIATING, Stage.NEGOTIATING)
    for origins in ([], [Stage.CLOSED], [Stage.BREACHED], [Stage.NEGOTIATING, Stage.NEGOTIATING]):
        assert "the way back" in set_stage(case, case.stage, origins)
    assert "no step leads" in set_stage(case, Stage.BREACHED, [])
    assert "no step leads" in set_stage(case, Stage.EXTERNAL, [Stage.MEDIATING])
    assert not set_stage(case, case.stage, [Stage.NEGOTIATING])


def test_database_refuses_a_change_of_stage_that_keeps_the_version():
    case = make_case()
    reason = set_stage(case, Stage.WITHDRAWN, [Stage.RECEIVED], version=case.version)
    assert "must raise the version" in reason
    assert not set_stage(case, Stage.WITHDRAWN, [Stage.RECEIVED])


def test_database_refuses_losing_a_case():
    case = make_case()
    check_at_commit()
    for sql, params in (
        ("DELETE FROM complaints_case WHERE id = %s", [case.pk]),
        ("TRUNCATE complaints_case CASCADE", []),
    ):
        assert "never deleted" in refusal_of(sql, params)


def test_database_refuses_an_open_case_without_a_running_clock():
    case = make_case()
    with pytest.raises(IntegrityError, match="no clock of it runs"), transaction.atomic():
        stop_clocks(case, list(case.clocks.all()), by=ANYONE, cause="test")
        check_at_commit()


def test_database_refuses_entering_fulfilment_without_an_obligations_clock():
    case = case_in(Stage.AGREED)
    with pytest.raises(IntegrityError, match="no clock of it runs"), transaction.atomic():
        move(case, "start_fulfilment", by=ANYONE)
        check_at_commit()


def test_detours_inside_detours_return_exactly():
    case = case_in(Stage.NEGOTIATING)
    rested = set(Clock.objects.filter(case=case, state="running").values_list("pk", flat=True))
    case = follow(case, "refer_to_mediation suspend_for_external withdraw")
    assert case.origins == [Stage.NEGOTIATING, Stage.MEDIATING, Stage.EXTERNAL]
    case = take(case, "reopen")
    assert (case.stage, case.origins[-1]) == (Stage.EXTERNAL, Stage.MEDIATING)
    case = take(case, "return_from_external")
    assert (case.stage, case.origins) == (Stage.MEDIATING, [Stage.NEGOTIATING])
    case = take(case, "end_mediation")
    assert (case.stage, case.origins) == (Stage.NEGOTIATING, [])
    running = set(Clock.objects.filter(case=case, state="running").values_list("pk", flat=True))
    assert running == rested


def test_step_onward_out_of_a_detour_forgets_the_way_back():
    case = follow(case_in(Stage.NEGOTIATING), "refer_to_mediation sign")
    assert (case.stage, case.origins) == (Stage.AGREED, [])
    assert not Clock.objects.filter(case=case, state=ClockState.PAUSED).exists()


def test_only_a_minor_single_case_is_settled_directly():
    case = take(make_case(), "accept")
    with pytest.raises(StepNotAllowed, match="轻微"):
        take(case, "settle_directly")
    case = touch(case, "classified", by=ANYONE, changes={"severity": Severity.MINOR})
    case = touch(case, "classified", by=ANYONE, changes={"scope": "batch"})
    with pytest.raises(StepNotAllowed):
        take(case, "settle_directly")
    case = touch(case, "classified", by=ANYONE, changes={"scope": "single"})
    assert take(case, "settle_directly").stage == Stage.NEGOTIATING


@pytest.mark.parametrize(
    ("stage", "verb"),
    [
        (Stage.RECEIVED, "decline"),
        (Stage.RECEIVED, "merge"),
        (Stage.ACCEPTED, "settle_directly"),
        (Stage.LIABILITY_DETERMINED, "close_without_liability"),
        (Stage.NEGOTIATING, "close_unanswered"),
        (Stage.FOLLOWING_UP, "close"),
    ],
)
def test_emergency_that_nobody_answered_cannot_be_ended(stage, verb):
    case = touch(case_in(stage), "x", by=ANYONE, changes={"urgency": Urgency.EMERGENCY})
    before, other = traces(case), make_case()
    with pytest.raises(StepNotAllowed, match="安全处置"):
        take(case, verb, other=other)
    assert traces(case)[0] == before[0]
    case = touch(case, "safety_action", by=ANYONE, changes={"safety_action_at": now()})
    assert take(case, verb, other=other).stage != stage


def test_stale_view_is_refused_and_named():
    case = make_case()
    moved = take(case, "accept")
    with pytest.raises(StaleCase) as refusal:
        move(moved, "open_investigation", by=ANYONE, seen=case.version)
    assert (refusal.value.seen, refusal.value.current) == (case.version, moved.version)
    assert move(moved, "open_investigation", by=ANYONE, seen=moved.version).stage == "investigating"


def test_touch_cannot_change_the_stage():
    case = make_case()
    with pytest.raises(AttributeError):
        touch(case, "x", by=ANYONE, changes={"stage": Stage.CLOSED})


@pytest.mark.parametrize("seed", range(12))
def test_random_walk_never_strands(seed):
    """Whatever is done in whatever order, a case has a way on and a clock that watches over it."""
    choose = random.Random(seed)
    case, other = minor_case(), make_case()
    for _step in range(30):
        shift_to(now() + timedelta(hours=choose.choice([0, 1, 30, 200])))
        case = random_step(case, other, choose)
        check_walk(case)
    check_at_commit()
    assert broken_link(case) is None


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_two_hundred_long_walks_never_strand(seed):
    choose = random.Random(seed)
    case, other = minor_case(), make_case()
    for _step in range(60):
        shift_to(now() + timedelta(hours=choose.choice([0, 1, 30, 200])))
        case = random_step(case, other, choose)
        check_walk(case)
    check_at_commit()
    assert broken_link(case) is None


def random_step(case: Case, other: Case, choose: random.Random) -> Case:
    """Take any step that the table offers; at least one must be taken."""
    verbs = sorted({verb for verb, source, *_rest in declared_edges() if source == case.stage})
    choose.shuffle(verbs)
    for verb in verbs:
        try:
            return take(case, verb, other=other)
        except StepNotAllowed:
            continue
    raise AssertionError(f"no way out of {case.stage} (origins {case.origins})")


def check_walk(case: Case) -> None:
    running = Clock.objects.filter(case=case, state=ClockState.RUNNING)
    first = running.order_by("due_at").values_list("due_at", flat=True).first()
    assert (first is not None) == case.is_open
    assert case.next_due_at == first
    assert bool(case.origins) == (
        case.stage in RETURNING_STAGES or set(case.origins) & set(RETURNING_STAGES) != set()
    )
    if not case.is_open and case.stage not in (Stage.MERGED, Stage.WITHDRAWN):
        assert case.closed_at is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sees_version", [True, False])
def test_of_a_hundred_racing_moves_one_wins(sees_version):
    case, agent = make_case(), actor_of("agent")
    seen = case.version if sees_version else None

    def race(_number: int) -> type[Exception] | None:
        try:
            move(case, "accept", by=agent, seen=seen)
        except CaseError as refusal:
            return type(refusal)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(max_workers=16) as pool:
        outcomes = list(pool.map(race, range(100)))
    refusal = StaleCase if sees_version else StepNotAllowed
    assert sorted(map(str, outcomes)) == sorted(map(str, [None] + [refusal] * 99))
    fresh = Case.objects.get(pk=case.pk)
    assert (fresh.stage, fresh.version) == (Stage.ACCEPTED, case.version + 1)
    assert CaseEvent.objects.filter(case=case, kind="accept").count() == 1
    assert broken_link(fresh) is None

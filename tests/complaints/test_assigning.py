"""Every open case has an owner who may have it: by rule, by claim, handed over; one at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.errors import StaffError
from accounts.models import Skill, Team, User
from accounts.services import cancel_absence, plan_absence
from accounts.states import AbsenceReason, Role
from complaints.actors import Actor
from complaints.errors import AlreadyTaken, CaseError, StepForbidden
from complaints.models import Case, CaseEvent, Notification, OutboxMessage, SkillNeed
from complaints.moments import now, shift_to
from complaints.selectors.owners import holdings_of, today, unowned_cases
from complaints.services import assigning
from complaints.services.assigning import (
    claim,
    lift_conflict,
    record_conflict,
    release,
    tend_owners,
)
from complaints.services.events import broken_link
from complaints.services.intake import ContactData
from complaints.services.triage import accept, assign, classify
from complaints.states import Category, ConflictGround
from tests.compensation.test_races import race
from tests.factories import make_case, make_team, make_user, staff

STRANGERS = iter(range(10_000, 99_999))


def stranger() -> ContactData:
    number = next(STRANGERS)
    return ContactData(name="钱多", phone=f"137000{number}", email=f"q{number}@example.test")


@pytest.fixture
def team(db: None) -> Team:
    return make_team(manager=make_user(Role.MANAGER, display_name="周经理"), is_default=True)


@pytest.fixture
def agents(team: Team) -> list[User]:
    return [make_user(Role.AGENT, team=team, display_name=f"客服{n}") for n in "甲乙丙"]


def new_case(**fields: object) -> Case:
    return make_case(**{"contact": stranger(), **fields})


def owner_of(case: Case) -> User | None:
    return Case.objects.select_related("owner").get(pk=case.pk).owner


def last_event(case: Case) -> CaseEvent:
    return CaseEvent.objects.filter(case=case).latest("sequence")


def away(person: User, *, days: int = 3, stand_in: User | None = None, since: int = 0) -> None:
    plan_absence(
        person,
        starts_on=today() + timedelta(days=since),
        ends_on=today() + timedelta(days=since + days),
        reason=AbsenceReason.LEAVE,
        by=person,
        stand_in=stand_in,
    )


def test_every_case_gets_an_owner_and_load_is_even(agents: list[User]) -> None:
    cases = [new_case() for _number in range(6)]

    assert tend_owners() == 6
    assert tend_owners() == 0

    owners = [owner_of(case) for case in cases]
    assert all(owners.count(agent) == 2 for agent in agents)
    assert not unowned_cases().exists()
    event = last_event(cases[0])
    assert event.kind == "auto_assigned"
    assert event.data["cause"] == "intake"
    assert event.data["why"][0] == "team"
    assert Notification.objects.filter(kind="assigned").count() == 6
    assert [broken_link(case) for case in cases] == [None] * 6


def test_emergencies_go_first_and_their_owner_hears_by_mail(agents: list[User]) -> None:
    for agent in agents[1:]:
        away(agent)
    User.objects.filter(pk=agents[0].pk).update(most_open_cases=1)
    calm, danger = new_case(), new_case(danger=True)

    tend_owners()

    assert owner_of(danger) == agents[0]
    manager = owner_of(calm)
    assert manager is not None and manager.has_role(Role.MANAGER)
    mailed = OutboxMessage.objects.filter(kind="assigned")
    assert [mail.case for mail in mailed] == [danger]


def test_nobody_free_means_the_teams_manager(agents: list[User], team: Team) -> None:
    User.objects.filter(pk__in=[agent.pk for agent in agents]).update(takes_cases=False)
    case = new_case()
    tend_owners()
    assert owner_of(case) == team.manager
    assert last_event(case).data["why"] == ["nobody_free"]


def test_without_anybody_the_case_waits_and_says_so(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    case = new_case()
    assert tend_owners() == 0
    assert owner_of(case) is None
    assert "nobody_to_assign" in caplog.text


def test_skill_and_absence_decide_and_are_told(agents: list[User]) -> None:
    skill = Skill.objects.create(name="空调")
    SkillNeed.objects.create(skill=skill, category=Category.QUALITY)
    agents[1].skills.add(skill)
    agents[2].skills.add(skill)
    away(agents[2])
    case = classify(new_case(), by=staff(Role.AGENT), category=Category.QUALITY, issue="DEFECT")

    tend_owners()

    assert owner_of(case) == agents[1]
    [holding] = holdings_of(case)
    assert holding.owner == agents[1]
    assert "skills" in holding.why
    assert [(each["why"], each["people"]) for each in holding.passed] == [("away", [agents[2]])]


def test_named_in_the_complaint_or_complaining_themselves_never_get_it(agents: list[User]) -> None:
    User.objects.filter(pk=agents[0].pk).update(display_name="林晓东")
    User.objects.filter(pk=agents[1].pk).update(email="me@example.test")
    contact = ContactData(name="本人", email="ME@example.test")
    case = make_case(description="客服林晓东态度很差，一直不回电话。", contact=contact)

    tend_owners()

    assert owner_of(case) == agents[2]
    assert last_event(case).data["passed"] == {"barred": sorted([agents[0].pk, agents[1].pk])}
    for person in agents[:2]:
        person.refresh_from_db()
        with pytest.raises(CaseError):
            claim(case, by=Actor.staff(person), held_by=agents[2].pk)
        with pytest.raises(CaseError):
            assign(case, owner=person, by=staff(Role.MANAGER))
    assert owner_of(case) == agents[2]


def test_manager_says_that_somebody_only_bears_the_name(agents: list[User]) -> None:
    User.objects.filter(pk=agents[0].pk).update(display_name="林晓东")
    case = new_case(description="邻居林晓东家里也买了这一款水壶，同样冒烟。")
    agents[0].refresh_from_db()
    with pytest.raises(StepForbidden):
        record_conflict(case, user=agents[0], ground=ConflictGround.NONE, by=staff(Role.AGENT))
    record_conflict(case, user=agents[0], ground=ConflictGround.NONE, by=staff(Role.MANAGER))
    assert claim(case, by=Actor.staff(agents[0]), held_by=None).owner == agents[0]


def test_recorded_conflict_takes_the_case_away_at_once(agents: list[User]) -> None:
    case = assign(new_case(), owner=agents[0], by=staff(Role.MANAGER))

    conflict = record_conflict(
        case, user=agents[0], ground=ConflictGround.FAMILY, by=Actor.staff(agents[0])
    )

    assert owner_of(case) in agents[1:]
    assert last_event(case).data["cause"] == "conflict"
    with pytest.raises(CaseError):
        claim(case, by=Actor.staff(agents[0]), held_by=case.owner_id)
    lift_conflict(conflict, case=case, by=staff(Role.MANAGER))
    held_by = Case.objects.get(pk=case.pk).owner_id
    assert claim(case, by=Actor.staff(agents[0]), held_by=held_by).owner == agents[0]


def test_conflict_with_a_customer_holds_for_all_their_cases(agents: list[User]) -> None:
    contact = stranger()
    first = assign(make_case(contact=contact), owner=agents[0], by=staff(Role.MANAGER))
    second = assign(make_case(contact=contact), owner=agents[0], by=staff(Role.MANAGER))
    other = assign(new_case(), owner=agents[0], by=staff(Role.MANAGER))

    record_conflict(
        first,
        user=agents[0],
        ground=ConflictGround.BUSINESS,
        by=staff(Role.AGENT),
        with_customer=True,
    )
    later = make_case(contact=contact)
    tend_owners()

    assert agents[0] not in (owner_of(first), owner_of(second), owner_of(later))
    assert owner_of(other) == agents[0]


def test_claim_says_who_was_faster_and_refuses_ended_cases(agents: list[User]) -> None:
    case, first, second = new_case(), Actor.staff(agents[0]), Actor.staff(agents[1])
    claim(case, by=first, held_by=None)
    with pytest.raises(AlreadyTaken, match="客服甲"):
        claim(case, by=second, held_by=None)
    assert claim(case, by=first, held_by=None).owner == agents[0]
    assert CaseEvent.objects.filter(case=case, kind="claimed").count() == 1
    taken = claim(case, by=second, held_by=agents[0].pk)
    assert taken.owner == agents[1]
    assert Notification.objects.filter(user=agents[0], kind="taken_over").count() == 1
    with pytest.raises(StepForbidden):
        claim(case, by=staff(Role.REVIEWER), held_by=agents[1].pk)


def test_released_case_goes_to_somebody_else_in_the_same_moment(agents: list[User]) -> None:
    case = assign(new_case(), owner=agents[0], by=staff(Role.MANAGER))
    with pytest.raises(CaseError):
        release(case, by=Actor.staff(agents[0]), reason=" ")
    with pytest.raises(StepForbidden):
        release(case, by=Actor.staff(agents[1]), reason="不熟悉")

    given = release(case, by=Actor.staff(agents[0]), reason="不熟悉空调")

    assert given.owner in agents[1:]
    assert last_event(case).data["passed"]["gave_back"] == [agents[0].pk]
    kinds = CaseEvent.objects.filter(case=case).order_by("sequence").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["released", "auto_assigned"]


def test_release_leaves_everything_where_nobody_else_is_there(db: None) -> None:
    only = make_user(Role.AGENT)
    case = assign(new_case(), owner=only, by=Actor.staff(only))
    with pytest.raises(CaseError, match="主管"):
        release(case, by=Actor.staff(only), reason="太忙")
    assert owner_of(case) == only
    assert last_event(case).kind == "assigned"


def test_absence_hands_over_what_cannot_wait_and_nothing_else(agents: list[User]) -> None:
    lead = staff(Role.MANAGER)
    urgent = assign(new_case(danger=True), owner=agents[0], by=lead)
    soon = assign(new_case(), owner=agents[0], by=lead)
    waits = assign(new_case(), owner=agents[0], by=lead)
    Case.objects.filter(pk=waits.pk).update(next_due_at=now() + timedelta(days=30))
    away(agents[0], since=1, days=2)

    assert tend_owners() == 0
    shift_to(now() + timedelta(days=1))
    assert tend_owners() == 2
    assert tend_owners() == 0

    assert owner_of(urgent) in agents[1:]
    assert owner_of(soon) in agents[1:]
    assert owner_of(waits) == agents[0]
    assert last_event(urgent).data["cause"] == "absence"


def test_stand_in_gets_what_cannot_wait_unless_barred(agents: list[User]) -> None:
    lead = staff(Role.MANAGER)
    case = assign(new_case(danger=True), owner=agents[0], by=lead)
    barred = assign(new_case(danger=True), owner=agents[0], by=lead)
    record_conflict(barred, user=agents[2], ground=ConflictGround.FAMILY, by=lead)
    away(agents[0], stand_in=agents[2])
    tend_owners()
    assert owner_of(case) == agents[2]
    assert owner_of(barred) == agents[1]


def test_owner_whose_account_is_closed_loses_all_cases(agents: list[User]) -> None:
    case = assign(new_case(), owner=agents[0], by=staff(Role.MANAGER))
    User.objects.filter(pk=agents[0].pk).update(is_active=False)
    assert tend_owners() == 1
    assert owner_of(case) in agents[1:]
    assert last_event(case).data["cause"] == "owner_left"


def test_nobody_hands_a_case_to_somebody_who_is_away(agents: list[User]) -> None:
    case = new_case()
    away(agents[0])
    with pytest.raises(CaseError, match="不在岗"):
        assign(case, owner=agents[0], by=staff(Role.MANAGER))
    assert claim(case, by=Actor.staff(agents[0]), held_by=None).owner == agents[0]


def test_absences_do_not_overlap_and_can_be_taken_back(agents: list[User]) -> None:
    away(agents[0], days=3)
    with pytest.raises(StaffError):
        away(agents[0], since=2)
    with pytest.raises(StaffError):
        away(agents[1], stand_in=agents[0])
    cancel_absence(agents[0].absences.get(), by=agents[1])
    away(agents[0], since=2)


def test_taken_over_history_waits_until_somebody_takes_it_up(agents: list[User]) -> None:
    case = new_case()
    Case.objects.filter(pk=case.pk).update(imported_at=now(), next_due_at=None)
    assert tend_owners() == 0
    assert owner_of(case) is None


def test_one_case_that_raises_holds_up_no_other(
    agents: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = new_case(), new_case()
    real = assigning.candidates

    def candidates(case: Case) -> list:
        if case.pk == bad.pk:
            raise ValueError("broken")
        return real(case)

    monkeypatch.setattr(assigning, "candidates", candidates)
    assert tend_owners() == 1
    assert owner_of(bad) is None
    assert owner_of(good) is not None


def test_same_person_keeps_a_customer(agents: list[User]) -> None:
    contact = stranger()
    first = assign(make_case(contact=contact), owner=agents[2], by=staff(Role.MANAGER))
    second = make_case(contact=contact)
    tend_owners()
    assert owner_of(second) == owner_of(first) == agents[2]
    assert "familiar" in last_event(second).data["why"]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Several people and workers at the same time, on a real PostgreSQL."""

    @pytest.mark.parametrize("round_of", range(4))
    def test_two_claims_give_one_owner(self, round_of: int) -> None:
        case = new_case()
        actors = [staff(Role.AGENT) for _number in range(4)]

        results = race(*(lambda by=by: claim(case, by=by, held_by=None) for by in actors))

        assert sum(isinstance(each, Case) for each in results) == 1
        assert sum(isinstance(each, AlreadyTaken) for each in results) == 3
        assert CaseEvent.objects.filter(case=case, kind="claimed").count() == 1
        winner = next(each for each in results if isinstance(each, Case))
        assert owner_of(case) == winner.owner
        assert broken_link(case) is None

    def test_several_workers_give_each_case_once_and_keep_the_limits(self) -> None:
        team = make_team(manager=make_user(Role.MANAGER), is_default=True)
        agents = [make_user(Role.AGENT, team=team, most_open_cases=3) for _n in range(4)]
        cases = [new_case() for _number in range(14)]

        results = race(*([tend_owners] * 4))

        assert sum(results) == 14 or tend_owners() + sum(results) == 14
        assert not unowned_cases().exists()
        given = CaseEvent.objects.filter(kind="auto_assigned")
        assert given.count() == 14
        assert all(agent.owned_cases.count() == 3 for agent in agents)
        assert team.manager is not None and team.manager.owned_cases.count() == 2
        assert [broken_link(case) for case in cases] == [None] * 14

    def test_claim_and_automatic_assignment_leave_one_owner(self) -> None:
        make_team(manager=make_user(Role.MANAGER), is_default=True)
        case, agent = new_case(), staff(Role.AGENT)

        results = race(lambda: claim(case, by=agent, held_by=None), tend_owners)

        kinds = ("claimed", "auto_assigned")
        changes = CaseEvent.objects.filter(case=case, kind__in=kinds)
        assert owner_of(case) is not None
        assert changes.count() == 1
        assert isinstance(results[0], Case | AlreadyTaken)

    def test_step_and_automatic_assignment_both_happen(self) -> None:
        team = make_team(manager=make_user(Role.MANAGER), is_default=True)
        agent = make_user(Role.AGENT, team=team)
        by = Actor.staff(agent)
        case = classify(new_case(), by=by, severity="minor", category="QUALITY", issue="DEFECT")

        race(
            lambda: accept(case, by=by, next_steps="明天取件", expected_on=today()),
            tend_owners,
        )
        tend_owners()

        assert owner_of(case) is not None
        assert broken_link(case) is None


def test_nobody_passes_an_emergency_round_among_those_who_are_away(team: Team) -> None:
    """With nobody there it stays with its owner, and managers are told once a day."""
    other = make_user(Role.MANAGER)
    for manager in (team.manager, other):
        away(manager)
    case = new_case(danger=True)
    assert tend_owners() == 1
    owner = owner_of(case)

    assert [tend_owners() for _tick in range(5)] == [0] * 5

    assert owner_of(case) == owner
    told = Notification.objects.filter(case=case, kind="nobody_there")
    assert {notice.user for notice in told} == {team.manager, other} and told.count() == 2


def test_a_stand_in_who_is_away_too_gets_nothing(agents: list[User]) -> None:
    case = new_case(danger=True)
    tend_owners()
    owner = owner_of(case)
    stand_in = next(agent for agent in agents if agent != owner)
    away(owner, stand_in=stand_in)
    away(stand_in)

    assert tend_owners() == 1

    assert owner_of(case) not in (owner, stand_in)


def test_whoever_has_a_conflict_takes_no_step(agents: list[User]) -> None:
    barred, other, _third = agents
    case = assign(new_case(), owner=other, by=staff(Role.MANAGER))
    case = classify(case, by=Actor.staff(other), severity="minor")
    record_conflict(case, user=barred, ground=ConflictGround.FAMILY, by=staff(Role.MANAGER))
    said = {"next_steps": "我们会查", "expected_on": today() + timedelta(days=3)}

    with pytest.raises(StepForbidden, match="不能处理"):
        accept(case, by=Actor.staff(barred), **said)

    assert accept(case, by=Actor.staff(other), **said).stage == "accepted"

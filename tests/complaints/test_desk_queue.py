"""The queue: views, order, pages by key, counts in one statement, search."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case, Timer
from complaints.moments import now, shifted_to
from complaints.selectors.counting import capped_counts
from complaints.selectors.filters import Filters
from complaints.selectors.matching import matching
from complaints.selectors.paging import Place, queue_page
from complaints.selectors.queue import VIEWS, listed_cases, view_lists
from complaints.selectors.search import case_called, found_cases
from complaints.services.conversation import write_message
from complaints.services.intake import ContactData
from complaints.services.stage_clocks import ClockStart, hand_turn
from complaints.services.triage import assign, record_safety_action, withdraw
from complaints.states import ClockKind, TimerStatus
from tests.complaints.imported import imported_case
from tests.factories import make_case, make_user, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def steady_clock(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the database's clock before statements are counted, not once a minute among them."""
    monkeypatch.setattr("complaints.moments._REFRESH_SECONDS", float("inf"))
    now()


def imported(number: int) -> Case:
    return imported_case(external_ref=str(number), received_at=now() - timedelta(days=400))


def keys_in(actor: Actor) -> dict[str, set[str]]:
    """Name the views that hold any case, with the references in each."""
    return {
        key: {case.reference for case in cases}
        for key, cases in view_lists(actor, moment=now()).items()
        if cases
    }


def pages(view: str, size: int, actor: Actor) -> list[str]:
    """Walk a view page by page, and back again; both ways must show the same."""
    cases = listed_cases(actor, view=VIEWS[view], moment=now())
    newest = view == "ended"
    seen, after, last = [], None, None
    while True:
        page = queue_page(cases, size=size, after=after, newest_first=newest)
        seen += [row["reference"] for row in page.rows]
        assert page.has_earlier is (after is not None)
        if not page.has_later:
            break
        last = page.rows[-1]
        after = Place(last["next_due_at"], last["pk"])
    back, before = [row["reference"] for row in page.rows], page.rows[0]
    while True:
        place = Place(before["next_due_at"], before["pk"])
        page = queue_page(cases, size=size, before=place, newest_first=newest)
        back = [row["reference"] for row in page.rows] + back
        if not page.has_earlier:
            break
        before = page.rows[0]
    assert back == seen
    return seen


def test_views_hold_the_cases_they_name() -> None:
    agent = staff(Role.AGENT)
    plain, danger = make_case(), make_case(danger=True)
    assign(plain, owner=agent.user, by=agent)
    write_message(plain, by=Actor.consumer(), body="有进展吗")
    assert keys_in(agent) == {
        "urgent": {danger.reference},
        "mine": {plain.reference},
        "soon": {danger.reference},
        "replied": {plain.reference},
        "unassigned": {danger.reference},
        "all": {plain.reference, danger.reference},
    }
    write_message(plain, by=agent, body="今天下午给你答复")
    withdraw(danger, by=Actor.consumer(), reason="不追究了")
    assert keys_in(agent)["urgent"] == {danger.reference}
    record_safety_action(danger, by=agent, action="电话提醒断电", consumer_reached=True)
    assert keys_in(agent) == {
        "mine": {plain.reference},
        "all": {plain.reference},
        "ended": {danger.reference},
    }


def test_late_and_soon_are_told_apart() -> None:
    agent, start = staff(Role.AGENT), now()
    case = make_case()
    for hours, views in ((19, set()), (21, {"soon"}), (25, {"late"})):
        with shifted_to(start + timedelta(hours=hours)):
            found = keys_in(agent)
        assert {"late", "soon"} & found.keys() == views, hours
    danger = make_case(danger=True)
    with shifted_to(start + timedelta(hours=21)):
        assert keys_in(agent)["late"] == {danger.reference}
        assert keys_in(agent)["soon"] == {case.reference, danger.reference}


def test_the_consumers_turn_is_no_breach_of_ours() -> None:
    agent, case = staff(Role.AGENT), make_case()
    hand_turn(
        case,
        ClockStart(ClockKind.OFFER_REPLY, until=now() + timedelta(hours=1)),
        by=agent,
        cause="offer_sent",
    )
    assert "soon" not in keys_in(agent)
    with shifted_to(now() + timedelta(hours=2)):
        assert "late" not in keys_in(agent)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_by_key_show_every_case_once_in_the_order_of_time_left(size: int) -> None:
    start = now()
    for hours in (5, 1, 3):
        with shifted_to(start - timedelta(hours=hours)):
            make_case()
    for number in range(3):
        imported(number)
    agent = staff(Role.AGENT)
    dated = list(
        Case.objects.filter(imported_at=None)
        .order_by("next_due_at")
        .values_list("reference", flat=True)
    )
    undated = list(
        Case.objects.exclude(imported_at=None).order_by("pk").values_list("reference", flat=True)
    )
    assert pages("all", size, agent) == dated + undated


def test_same_deadline_is_no_trap_for_pages() -> None:
    moment = now()
    cases = [make_case() for _ in range(5)]
    Case.objects.update(next_due_at=moment)
    assert pages("all", 2, staff(Role.AGENT)) == [case.reference for case in cases]


def test_ended_cases_come_newest_first() -> None:
    agent = staff(Role.AGENT)
    cases = [make_case() for _ in range(5)]
    for case in cases:
        withdraw(case, by=agent, reason="不追究了")
    assert pages("ended", 2, agent) == [case.reference for case in reversed(cases)]


def test_counts_of_all_views_are_one_statement() -> None:
    agent = staff(Role.AGENT)
    make_case()
    with CaptureQueriesContext(
        connection,
    ) as statements:
        counts = capped_counts(agent.user, view_lists(agent, moment=now()))
    assert len(statements) == 1
    assert (counts["all"], counts["unassigned"], counts["mine"]) == (1, 1, 0)


def test_counts_stop_where_nobody_counts_on() -> None:
    agent = staff(Role.AGENT)
    for _ in range(4):
        make_case()
    counts = capped_counts(agent.user, view_lists(agent, moment=now()), most=2)
    assert counts["all"] == 3


def test_finance_sees_nothing_before_there_is_something_to_pay() -> None:
    make_case()
    assert keys_in(staff(Role.FINANCE)) == {}


def test_filters_narrow_a_list() -> None:
    agent = staff(Role.AGENT)
    wanted = make_case(category="QUALITY")
    make_case(category="PRICE")
    filters = Filters(equal={"category": "QUALITY"}, received_from=now() - timedelta(days=1))
    found = listed_cases(agent, view=VIEWS["all"], moment=now(), filters=filters)
    assert [case.pk for case in found] == [wanted.pk]
    past = Filters(received_before=now() - timedelta(days=1))
    assert not listed_cases(agent, view=VIEWS["all"], moment=now(), filters=past)


@pytest.mark.parametrize("text", ["白烟", "冒出白烟", "底座", "水壶 焦糊味", "DD-2026-77"])
def test_two_characters_find_a_case(text: str) -> None:
    case = make_case(order_number="DD-2026-77")
    make_case(description="快递破损，花瓶碎了一地。")
    assert [found.pk for found in matching(Case.objects.all(), text)] == [case.pk]


@pytest.mark.parametrize("text", ["漏水", "白烟漏水", "'); DROP TABLE", "。，"])
def test_other_words_find_nothing(text: str) -> None:
    make_case()
    assert not matching(Case.objects.all(), text)


@pytest.mark.parametrize("text", ["138 1234 5678", "+8613812345678", "ZHOU@example.test "])
def test_phone_and_mail_are_found_through_the_blind_index(text: str) -> None:
    case = make_case()
    make_case(contact=ContactData(name="李雷", phone="13900000000", email="li@example.test"))
    assert [found.pk for found in found_cases(staff(Role.AGENT), text)] == [case.pk]


def test_reference_finds_its_case() -> None:
    case, agent = make_case(), staff(Role.AGENT)
    assert case_called(agent, f" {case.reference.lower()} ") == case
    number = case.reference.rpartition("-")[2]
    assert case in found_cases(agent, number)


def test_search_shows_nobody_what_they_may_not_see() -> None:
    case, finance = make_case(), staff(Role.FINANCE)
    assert case_called(finance, case.reference) is None
    assert not found_cases(finance, "白烟")
    assert not found_cases(finance, "13812345678")


def test_deactivated_people_see_no_queue() -> None:
    make_case()
    assert keys_in(Actor.staff(make_user(Role.AGENT, is_active=False))) == {}


@pytest.mark.parametrize("rung", ["breach", "escalation_1", "escalation_3", "escalation_12"])
def test_a_case_that_went_up_says_so_however_far(rung: str) -> None:
    case = make_case()
    Timer.objects.filter(case=case, rung=rung).exclude(rung="breach").delete()
    breach = Timer.objects.filter(case=case, rung="breach")
    breach.update(rung=rung, status=TimerStatus.FIRED)

    [row] = queue_page(Case.objects.filter(pk=case.pk), size=5).rows

    assert row["escalated"] is (rung != "breach")

"""Filters of the queue: every field, all in the address; pages by key in every order."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case, Consumer
from complaints.moments import now, shifted_to
from complaints.selectors.filters import filters_of, narrowed, query_of
from complaints.selectors.paging import SORTS, Place, queue_page
from complaints.services.conversation import write_message
from complaints.services.intake import ContactData
from complaints.services.tagging import tag_called, tag_case
from complaints.services.triage import assign, classify
from complaints.states import Channel, CustomerTier, Severity
from tests.factories import make_case, make_product, make_team, make_user, staff


def found(actor: Actor, query: str) -> set[int]:
    filters = filters_of(QueryDict(query))
    cases = narrowed(Case.objects.all(), filters, actor=actor, moment=now())
    return set(cases.values_list("pk", flat=True))


@pytest.fixture
def agent(db: None) -> Actor:
    return staff(Role.AGENT)


def special_case(agent: Actor) -> Case:
    """A case that differs from a plain one in every field that can be asked for."""
    product = make_product(name="九阳豆浆机", category="厨房小家电")
    batch = product.batches.create(code="2609B")
    contact = ContactData(name="王芳", phone="13900000000")
    case = make_case(
        category="QUALITY",
        issue="DEFECT",
        channel=Channel.PHONE,
        language="en",
        market="EU",
        product_id=product.pk,
        batch_code=batch.code,
        danger=True,
        contact=contact,
        tier=CustomerTier.BUSINESS,
        needs_care=True,
        title="豆浆机漏水",
    )
    case = classify(case, by=agent, severity=Severity.SEVERE)
    case = tag_case(case, add=[tag_called("质检跟进", by=agent)], by=agent)
    case = write_message(case, by=Actor.consumer(), body="有进展吗")
    person = make_user(Role.AGENT, team=make_team())
    return assign(case, owner=person, by=agent)


@pytest.mark.django_db
def test_every_field_finds_the_case_that_has_it_and_no_other(agent: Actor) -> None:
    plain, special = make_case(), special_case(agent)
    Case.objects.filter(pk=special.pk).update(is_late=True, source_system="heimao")
    special.refresh_from_db()
    tag = special.case_tags.get().tag_id
    queries = [
        "stage=received&urgency=emergency",
        "severity=severe",
        "category=QUALITY",
        "issue=DEFECT",
        "line=厨房小家电",
        "product=九阳",
        f"product={special.product.model}",
        "batch=2609b",
        "channel=phone",
        "market=EU",
        "language=en",
        "source=heimao",
        "tier=business",
        "tier=vulnerable",
        f"tag={tag}",
        f"team={special.team_id}",
        f"owner={special.owner_id}",
        "late=1",
        "unread=1",
        "left=4",
        "q=豆浆机漏水",
        f"tag={tag}&left=4&unread=1&line=厨房小家电&q=豆浆&owner={special.owner_id}",
    ]
    assert {query: found(agent, query) for query in queries} == {q: {special.pk} for q in queries}
    others = ["owner=none", "tag=none", "team=none", "urgency=normal", "channel=web_form"]
    assert {query: found(agent, query) for query in others} == {q: {plain.pk} for q in others}


@pytest.mark.django_db
def test_several_values_mean_any_of_them(agent: Actor) -> None:
    mine, other, free = make_case(), make_case(), make_case()
    assign(mine, owner=agent.person, by=agent)
    assign(other, owner=make_user(Role.AGENT), by=agent)
    assert found(agent, "owner=me") == {mine.pk}
    assert found(agent, "owner=me&owner=none") == {mine.pk, free.pk}
    assert found(agent, "stage=received&stage=closed") == {mine.pk, other.pk, free.pk}


@pytest.mark.django_db
def test_days_of_receipt_are_both_included(agent: Actor) -> None:
    start = now()
    with shifted_to(start - timedelta(days=10)):
        early = make_case()
    late = make_case()
    day = early.received_at.astimezone().date()
    assert found(agent, f"received_from={day}&received_to={day + timedelta(days=1)}") == {early.pk}
    assert found(agent, f"received_from={day + timedelta(days=2)}") == {late.pk}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "stage=nothing&received_from=never&left=x",
        "owner=%00&tag=99999999999999999999&team=-1",
        "q=%00&product=%00&batch=%00",
        "category=%00&left=99999",
    ],
)
def test_what_cannot_be_read_is_left_out_or_finds_nothing(agent: Actor, query: str) -> None:
    case = make_case()
    assert found(agent, query) in ({case.pk}, set())


@given(
    st.lists(
        st.tuples(st.sampled_from(["stage", "q", "tag", "sort", "after", "late"]), st.text()),
        max_size=8,
    )
)
def test_the_query_of_a_list_says_the_same_however_it_was_written(
    pairs: list[tuple[str, str]],
) -> None:
    params = QueryDict(mutable=True)
    for name, value in pairs:
        params.appendlist(name, value)
    once = query_of(params)
    assert query_of(QueryDict(once)) == once
    assert "after=" not in once


# --- Pages --------------------------------------------------------------------------------------
def many_cases() -> list[Case]:
    """Cases of which some share a value and some have none."""
    moment = now()
    cases = [make_case() for _ in range(9)]
    for number, case in enumerate(cases):
        Case.objects.filter(pk=case.pk).update(
            next_due_at=None if number % 3 == 0 else moment + timedelta(hours=number // 3),
            wished_amount=None if number % 4 == 0 else Decimal(100 * (number % 2)),
            consumer_wrote_at=None if number % 2 else moment - timedelta(hours=number),
            stage_since=moment - timedelta(hours=number % 2),
        )
    return cases


def walk(sort: str, size: int) -> list[int]:
    """Walk on to the end and back to the start; both must show the same rows."""
    order, cases = SORTS[sort], Case.objects.all()
    page = queue_page(cases, size=size, sort=order)
    seen = [row["pk"] for row in page.rows]
    while page.has_later:
        last = page.rows[-1]
        page = queue_page(cases, size=size, sort=order, after=Place(order.key_of(last), last["pk"]))
        seen += [row["pk"] for row in page.rows]
    back = [row["pk"] for row in page.rows]
    while page.has_earlier:
        first = page.rows[0]
        place = Place(order.key_of(first), first["pk"])
        page = queue_page(cases, size=size, sort=order, before=place)
        back = [row["pk"] for row in page.rows] + back
    assert back == seen
    return seen


@pytest.mark.django_db
@pytest.mark.parametrize("sort", list(SORTS))
def test_pages_in_every_order_show_each_case_once(sort: str) -> None:
    cases = many_cases()
    walks = [walk(sort, size) for size in (1, 2, 4, 20)]
    assert all(walked == walks[0] for walked in walks)
    assert sorted(walks[0]) == sorted(case.pk for case in cases)


@pytest.mark.django_db
def test_rows_that_move_while_one_reads_hide_and_double_no_other() -> None:
    cases, order = many_cases(), SORTS["received"]
    first = queue_page(Case.objects.all(), size=4, sort=order)
    last = first.rows[-1]
    moved = cases[1]
    Case.objects.filter(pk=moved.pk).update(received_at=now() + timedelta(hours=1))
    gone, fresh = cases[2], make_case()
    Case.objects.filter(pk=gone.pk).update(received_at=now() - timedelta(days=9))
    place = Place(order.key_of(last), last["pk"])
    second = queue_page(Case.objects.all(), size=20, sort=order, after=place)
    shown = [row["pk"] for row in (*first.rows, *second.rows)]
    still = {case.pk for case in cases} - {moved.pk, gone.pk}
    assert [pk for pk in shown if pk in still] == sorted(still)
    assert fresh.pk in shown


@pytest.mark.django_db
def test_tagging_twice_is_one_event_and_takes_off_what_is_there(agent: Actor) -> None:
    case, tag = make_case(), tag_called(" 质检  跟进 ", by=agent)
    assert tag_called("质检 跟进", by=agent) == tag
    tagged = tag_case(case, add=[tag], by=agent)
    again = tag_case(tagged, add=[tag], by=agent)
    assert again.version == tagged.version == case.version + 1
    bare = tag_case(again, remove=[tag], by=agent)
    assert not bare.case_tags.exists() and bare.version == again.version + 1


@pytest.mark.django_db
def test_consumers_contact_is_no_filter() -> None:
    make_case()
    assert Consumer.objects.count() == 1
    assert filters_of(QueryDict("consumer__phone_index=x&pk=1")).any is False

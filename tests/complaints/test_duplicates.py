"""Likely duplicates are proposed with their reasons; links show from both sides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.states import Role
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, CaseEvent, CaseLink, TextMark
from complaints.moments import now, shift_to
from complaints.selectors.duplicates import (
    Signs,
    likely_duplicates,
    likely_known,
    linked_cases,
)
from complaints.services.events import broken_link
from complaints.services.intake import ContactData
from complaints.services.linking import link_cases, unlink_cases
from complaints.services.triage import merge
from complaints.states import LinkKind, MergeCause
from tests.factories import make_case, make_product, staff

pytestmark = pytest.mark.django_db

KETTLE = "11 月 19 日晚上烧水时，水壶底座一直漏水，桌面都泡坏了，客服没回音，要求退款并赔偿损失。"
SAME = "11月19日晚上烧水时水壶底座一直漏水，桌面泡坏了，客服没回音。要求退款，赔偿损失！"
OTHER = "空调买来三天就不制冷，客服一直不回复，我要求换货，再不处理就去投诉。"
MORE = "洗衣机漏水把地板泡坏了，维修师傅来过两次都没修好，要求退货。"
NUMBERS = iter(range(1000, 9999))


def person() -> ContactData:
    number = next(NUMBERS)
    return ContactData(name="某人", phone=f"1390000{number}", email=f"p{number}@example.test")


def case_of(text: str = OTHER, contact: ContactData | None = None, **fields: object) -> Case:
    return make_case(description=text, contact=contact or person(), **fields)


def found(case: Case) -> dict[str, tuple[str, ...]]:
    likely = likely_duplicates(case, staff(Role.AGENT))
    return {each.case.reference: each.signs for each in likely}


def test_same_order_or_serial_number_is_proposed_with_the_number() -> None:
    case = case_of(order_number="A-77", serial_number="SN1")
    order, serial = case_of(MORE, order_number="A-77"), case_of(MORE, serial_number="SN1")
    case_of(KETTLE, order_number="A-78")
    assert found(case) == {serial.reference: ("serial", "near"), order.reference: ("order", "near")}
    likely = likely_duplicates(case, staff(Role.AGENT))
    assert {reason for each in likely for reason in each.reasons} >= {
        "订单号相同：A-77",
        "序列号相同：SN1",
    }


def test_like_text_of_a_stranger_is_proposed_with_the_share() -> None:
    case, same = case_of(KETTLE), case_of(SAME)
    case_of(OTHER)
    assert found(case) == {same.reference: ("text", "near")}
    [likely] = likely_duplicates(case, staff(Role.AGENT))
    assert likely.alike > 0.6
    assert f"{round(100 * likely.alike)}%" in likely.reasons[0]


def test_same_person_alone_is_no_duplicate_but_with_more_it_is() -> None:
    who, product = person(), make_product()
    case = case_of(KETTLE, who, product_id=product.pk)
    about_it = case_of(MORE, who, product_id=product.pk)
    case_of(OTHER, who)
    assert found(case) == {about_it.reference: ("phone", "product", "near")}
    shift_to(now() + timedelta(days=400))
    late = case_of(KETTLE, who, product_id=product.pk)
    assert "phone" in found(late)[case.reference]


def test_merged_linked_and_dismissed_cases_are_not_proposed_again() -> None:
    by = staff(Role.AGENT)
    case, merged, linked, dismissed, left = (case_of(KETTLE) for _number in range(5))
    merge(merged, into=case, cause=MergeCause.SAME_COMPLAINT, by=by)
    link_cases(linked, case, kind=LinkKind.RELATED, by=by)
    link_cases(case, dismissed, kind=LinkKind.NOT_DUPLICATE, by=by)
    assert list(found(case)) == [left.reference]


def test_what_is_being_written_down_finds_what_is_there() -> None:
    who = person()
    case = case_of(KETTLE, who, order_number="B-1")
    typed = Signs.typed(description=SAME, order_number=" B-1 ", phone=who.phone, email="")
    [likely] = likely_known(typed, staff(Role.AGENT))
    assert likely.case == case
    assert likely.signs == ("order", "phone", "text", "near")
    nothing = Signs.typed(description="", order_number="", phone="", email="")
    assert likely_known(nothing, staff(Role.AGENT)) == []


def test_one_statement_however_many_cases() -> None:
    case = case_of(KETTLE, order_number="A-1", serial_number="S-1")
    agent = staff(Role.AGENT)
    for size in (3, 60):
        for _number in range(size):
            case_of(SAME, order_number="A-1")
        with CaptureQueriesContext(connection) as captured:
            likely = likely_duplicates(case, agent)
        assert len(captured) == 1
        assert len(likely) == min(10, size)


def test_who_may_not_see_a_case_is_not_told_of_it() -> None:
    case, _same = case_of(KETTLE), case_of(SAME)
    assert likely_duplicates(case, staff(Role.FINANCE)) == []


def test_each_case_with_a_telling_text_has_its_marks() -> None:
    case, short = case_of(KETTLE), case_of("坏了")
    assert TextMark.objects.filter(case=case).exists()
    assert not TextMark.objects.filter(case=short).exists()


def test_links_are_read_from_both_sides() -> None:
    by, early, late = staff(Role.AGENT), case_of(), case_of(MORE)
    link_cases(late, early, kind=LinkKind.FOLLOW_UP, by=by)
    [forwards], [backwards] = linked_cases(late, by), linked_cases(early, by)
    assert (forwards.case, forwards.words) == (early, "本案是它的后续")
    assert (backwards.case, backwards.words) == (late, "它是本案的后续")
    kinds = CaseEvent.objects.filter(kind="linked").values_list("case", flat=True)
    assert set(kinds) == {early.pk, late.pk}
    assert [broken_link(case) for case in (early, late)] == [None, None]


def test_link_replaces_link_and_is_ended_once() -> None:
    by, one, two = staff(Role.AGENT), case_of(), case_of(MORE)
    first = link_cases(one, two, kind=LinkKind.RELATED, by=by)
    assert link_cases(one, two, kind=LinkKind.RELATED, by=by) == first
    link_cases(two, one, kind=LinkKind.SAME_EVENT, by=by)
    assert CaseLink.objects.filter(ended_at=None).count() == 1
    assert unlink_cases(one, two, by=by)
    assert not unlink_cases(one, two, by=by)
    assert linked_cases(one, by) == []


def test_link_refusals() -> None:
    one, two = case_of(), case_of(MORE)
    with pytest.raises(CaseError):
        link_cases(one, one, kind=LinkKind.RELATED, by=staff(Role.AGENT))
    with pytest.raises(CaseError):
        link_cases(one, two, kind="cousins", by=staff(Role.AGENT))
    with pytest.raises(StepForbidden):
        link_cases(one, two, kind=LinkKind.RELATED, by=staff(Role.FINANCE))
    assert not CaseLink.objects.exists()

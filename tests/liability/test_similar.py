"""Decided cases beside the finding: the like ones first, only those that a person may see."""

import pytest

from accounts.states import Role
from complaints.models import Case
from liability.selectors.similar import similar_cases
from liability.services.investigating import reinvestigate
from tests.factories import make_case, make_product, staff
from tests.liability.makers import determined_case

pytestmark = pytest.mark.django_db

SCREEN = "手机屏幕触摸没有反应，重启以后还是不灵，右边一条完全点不动。"


def named(case: Case, **facts) -> Case:
    Case.objects.filter(pk=case.pk).update(**facts)
    case.refresh_from_db()
    return case


def decided(text: str = SCREEN, **facts) -> Case:
    return named(determined_case(description=text), **facts)


def asked(**facts) -> Case:
    return named(make_case(description="屏幕触摸不灵，右边点不动，重启没有用。"), **facts)


def test_the_like_case_comes_first_with_its_outcome_and_money() -> None:
    phone = make_product()
    like = decided(product=phone, category="QUALITY", issue="DEFECT", amount_agreed=200)
    decided("送货的人态度不好，约好的时间没有来。", category="QUALITY", issue="ATTITUDE")
    decided("送货的人态度不好，约好的时间没有来。", category="SERVICE")

    found = similar_cases(
        asked(product=phone, category="QUALITY", issue="DEFECT"), staff(Role.AGENT)
    )

    assert [each.case for each in found] == [like]
    assert (found[0].amount, found[0].finding.outcome) == (200, "liable")
    assert (found[0].same_product, found[0].same_issue) == (True, True)
    assert 50 < found[0].percent <= 100


def test_more_in_common_ranks_higher() -> None:
    phone = make_product()
    other = decided(category="QUALITY", issue="DEFECT")
    same = decided(category="QUALITY", issue="DEFECT", product=phone)

    found = similar_cases(
        asked(product=phone, category="QUALITY", issue="DEFECT"), staff(Role.AGENT)
    )

    assert [each.case for each in found] == [same, other]


def test_only_what_the_person_may_see_is_shown() -> None:
    decided(category="QUALITY", issue="DEFECT")
    case = asked(category="QUALITY", issue="DEFECT")

    assert similar_cases(case, staff(Role.INVESTIGATOR))
    assert similar_cases(case, staff(Role.FINANCE)) == []
    assert similar_cases(case, staff(Role.MEDIATOR)) == []


def test_a_case_is_not_its_own_precedent_nor_is_a_finding_that_was_superseded() -> None:
    case = decided(category="QUALITY", issue="DEFECT")
    assert similar_cases(case, staff(Role.AGENT)) == []

    reinvestigate(case, by=staff(Role.AGENT), reason="新证据")
    found = similar_cases(asked(category="QUALITY", issue="DEFECT"), staff(Role.AGENT))

    assert [each.case for each in found] == [case]


def test_the_number_of_statements_does_not_grow(django_assert_max_num_queries) -> None:
    for _each in range(3):
        decided(category="QUALITY", issue="DEFECT")
    case, actor = asked(category="QUALITY", issue="DEFECT"), staff(Role.AGENT)

    with django_assert_max_num_queries(2):
        assert len(similar_cases(case, actor)) == 3

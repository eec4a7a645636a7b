"""Similar facts, similar money: spreads, differences beyond the facts, outliers, a what-if."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.states import Role
from compensation.consistency import (
    Settled,
    Standard,
    differences,
    outliers,
    spreads,
    tried,
)
from compensation.selectors.settled import SettledCases, explanations
from compensation.services.consistency import consistency_csv, standard_csv
from complaints.models import Case
from tests.compensation.makers import chosen_case
from tests.factories import make_case, make_team
from tests.liability.doors import staff_client

FACTS = ("QUALITY", "DEFECT", "minor", "CNY")


def settled(number: int = 1, agreed: str = "100", **fields: Any) -> Settled:
    return Settled(
        **{
            "pk": number,
            "reference": f"RD-{number}",
            "facts": FACTS,
            "price": Decimal(100),
            "agreed": Decimal(agreed),
            "month": "2026-10",
            "team": "一组",
            "region": "上海",
            **fields,
        }
    )


def test_spread_of_known_shares() -> None:
    group = spreads([settled(n, str(10 * n)) for n in range(11)])[FACTS]

    assert (group.count, group.p10, group.p50, group.p90) == pytest.approx((11, 0.1, 0.5, 0.9))


def test_a_difference_that_the_facts_explain_is_not_notable() -> None:
    dear = ("QUALITY", "SAFETY", "severe", "CNY")
    rows = [settled(n, "100", team="甲") for n in range(6)]
    rows += [settled(n, "300", facts=dear, team="乙") for n in range(6, 12)]

    by_team = differences(rows, spreads(rows), {"team": lambda row: row.team})["team"]

    assert {row.name: round(row.whole, 2) for row in by_team} == {"甲": -1.0, "乙": 1.0}
    assert not any(row.is_notable for row in by_team)
    assert all(row.explained == pytest.approx(row.whole) for row in by_team)


def test_a_team_that_gives_less_for_the_same_is_notable() -> None:
    rows = [settled(n, "100", team="甲") for n in range(10)]
    rows += [settled(n, "50", team="乙") for n in range(10, 20)]

    by_team = differences(rows, spreads(rows), {"team": lambda row: row.team})["team"]

    assert [row.is_notable for row in by_team] == [True, True]
    assert {row.name: round(row.remaining, 2) for row in by_team} == {"甲": 0.25, "乙": -0.25}


def test_outliers_are_outside_and_small_groups_are_left_alone() -> None:
    rows = [settled(n, "100") for n in range(20)] + [settled(20, "10"), settled(21, "900")]
    lone = settled(22, "5000", facts=("PRICE", "", "", "CNY"))

    found = [row.pk for row, _group in outliers([*rows, lone], spreads([*rows, lone]))]

    assert found == [20, 21]


def test_a_standard_never_goes_below_the_law_and_adds_nothing_up_across_currencies() -> None:
    rows = [
        settled(1, "100"),
        settled(2, "30", floor=Decimal("80")),
        settled(3, "10", facts=("QUALITY", "DEFECT", "minor", "USD")),
        settled(4, "0", facts=("PRICE", "", "severe", "CNY")),
    ]

    found = tried(rows, Standard(Decimal(50), Decimal("5.00"), severity="minor"))

    assert (found["CNY"].covered, found["CNY"].below, found["CNY"].more) == (2, 1, Decimal("50.00"))
    assert found["USD"].more == Decimal("45.00")


amounts = st.decimals(min_value=0, max_value=10_000, places=2)


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=40), amounts, amounts)
def test_a_higher_standard_never_costs_less(
    pairs: list[tuple[Decimal, Decimal]], low: Decimal, more: Decimal
) -> None:
    rows = [settled(n, str(agreed), floor=floor) for n, (agreed, floor) in enumerate(pairs)]

    less = tried(rows, Standard(min(low, Decimal(1000))))["CNY"]
    higher = tried(rows, Standard(min(low, Decimal(1000)), more))["CNY"]

    assert higher.more >= less.more and higher.below >= less.below
    assert less.more >= sum(max(floor - agreed, Decimal(0)) for agreed, floor in pairs)


@given(st.lists(st.tuples(amounts, st.sampled_from("甲乙丙")), min_size=1, max_size=60))
def test_what_remains_adds_up_to_nothing(pairs: list[tuple[Decimal, str]]) -> None:
    rows = [settled(n, str(agreed), team=team) for n, (agreed, team) in enumerate(pairs)]

    by_team = differences(rows, spreads(rows), {"team": lambda row: row.team})["team"]

    assert sum(row.remaining * row.count for row in by_team) == pytest.approx(0, abs=1e-6)
    assert sum(row.count for row in by_team) == len(rows)


def agreed_case(amount: str = "299.00", **fields: Any) -> Case:
    case = chosen_case(**fields)
    Case.objects.filter(pk=case.pk).update(
        amount_agreed=Decimal(amount), amount_paid=Decimal("299.00"), region="=1+1"
    )
    return case


@pytest.mark.django_db
def test_cases_are_read_with_their_floor_and_explained() -> None:
    make_team(is_default=True)
    case = agreed_case()
    make_case()

    rows = list(SettledCases.of_last_year())

    assert [row.reference for row in rows] == [case.reference]
    assert (rows[0].floor, rows[0].share) == (Decimal("299.00"), 1.0)
    assert explanations([case.pk])[case.pk]


@pytest.mark.django_db
def test_tables_hold_no_formula() -> None:
    make_team(is_default=True)
    agreed_case("100.00")

    table = b"".join(consistency_csv(SettledCases.of_last_year())).decode()
    lacking = b"".join(standard_csv(SettledCases.of_last_year(), Standard(Decimal(50)))).decode()

    assert "'=1+1" in table and ",=1+1" not in table
    assert lacking.splitlines()[1].endswith("299.00,299.00,199.00")


@pytest.mark.django_db
def test_the_page_shows_tries_and_exports() -> None:
    make_team(is_default=True)
    agreed_case("100.00")
    client = staff_client(Role.MANAGER)
    url = reverse("compensation:consistency")

    page = client.get(url, {"percent": "50", "extra": "", "severity": "", "category": ""})

    assert "199.00" in page.content.decode()
    assert client.get(url, {"percent": "-1"}).status_code == 422
    answer: Any = client.get(reverse("compensation:consistency_export"), {"percent": "50"})
    assert answer.status_code == 200 and b"lacking" in b"".join(answer.streaming_content)
    assert staff_client(Role.AGENT).get(url).status_code == 403


@pytest.mark.django_db
def test_what_stands_beside_a_case_is_for_those_who_may() -> None:
    make_team(is_default=True)
    url = reverse("compensation:beside", args=[make_case().reference])

    manager = staff_client(Role.MANAGER).get(url, headers={"HX-Request": "true"}).content.decode()
    agent = staff_client(Role.AGENT).get(url).content.decode()

    assert "索赔筛查" in manager and "<html" not in manager
    assert "索赔筛查" not in agent.split("<main")[1] and "关怀" in agent

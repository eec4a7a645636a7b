"""Similar facts, similar money: spreads, differences beyond the facts, outliers, a what-if."""

from __future__ import annotations

from dataclasses import astuple
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
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
from compensation.selectors.consistency import SettledSince
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


SHARES = (
    ("QUALITY", "minor", "100.00", "7.77", "华东", "2026-03-31T23:30:00+08:00"),
    ("QUALITY", "minor", "299.00", "299.00", "华北", "2026-04-01T00:30:00+08:00"),
    ("QUALITY", "minor", "299.00", "20.00", "", "2026-05-05T12:00:00+08:00"),
    ("QUALITY", "minor", "80.00", "60.00", "华东", "2026-05-06T12:00:00+08:00"),
    ("QUALITY", "minor", "0.03", "0.01", "华东", "2026-06-06T12:00:00+08:00"),
    ("QUALITY", "minor", "50.00", "500.00", "华南", "2026-06-07T12:00:00+08:00"),
    ("QUALITY", "severe", "1000.00", "0.00", "华南", "2026-07-07T12:00:00+08:00"),
    ("SERVICE", "minor", "10.01", "5.00", "", "2026-08-08T12:00:00+08:00"),
)


def several_settled() -> None:
    teams = [make_team(is_default=True), make_team(), None]
    for number, (category, severity, price, agreed, region, at) in enumerate(SHARES):
        case = make_case()
        Case.objects.filter(pk=case.pk).update(
            category=category,
            severity=severity,
            amount_paid=Decimal(price),
            amount_agreed=Decimal(agreed),
            region=region,
            team=teams[number % 3],
            received_at=datetime.fromisoformat(at),
            currency="USD" if category == "SERVICE" else "CNY",
        )


@pytest.mark.django_db
def test_the_database_reckons_as_the_rules_do() -> None:
    several_settled()
    cases = SettledCases.of_last_year()
    found = SettledSince(cases.since)
    groups = spreads(cases)

    assert [row.month for row in cases][:2] == ["2026-03", "2026-04"]
    assert found.spreads().keys() == groups.keys()
    for facts, group in found.spreads().items():
        assert astuple(group) == pytest.approx(astuple(groups[facts]))
    ways: Any = {"month": lambda r: r.month, "team": lambda r: r.team, "region": lambda r: r.region}
    expected = differences(cases, groups, ways)
    for name, parts in found.differences().items():
        assert [part.name for part in parts] == [part.name for part in expected[name]]
        for part, other in zip(parts, expected[name], strict=True):
            assert astuple(part)[1:] == pytest.approx(astuple(other)[1:], abs=1e-9)
    far = sorted(outliers(cases, groups), key=lambda one: -abs(one[0].share - one[1].p50))
    assert [row for row, _group in found.outliers(99)] == [row for row, _group in far]
    assert [row for row, _group in found.outliers(1)] == [far[0][0]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "standard",
    [
        Standard(Decimal(0)),
        Standard(Decimal("33.33"), Decimal("0.05")),
        Standard(Decimal("12.5"), severity="minor"),
        Standard(Decimal(50), Decimal(100), category="QUALITY"),
        Standard(Decimal(1000), severity="moderate"),
    ],
)
def test_the_database_tries_a_standard_to_the_fen(standard: Standard) -> None:
    several_settled()
    cases = SettledCases.of_last_year()

    assert SettledSince(cases.since).tried(standard) == tried(cases, standard)


@pytest.mark.django_db
def test_a_replacement_is_held_against_its_own_floor_and_says_so() -> None:
    make_team(is_default=True)
    case = agreed_case("38.00", position=2)

    row = next(iter(SettledCases.of_last_year()))

    assert row.floor == Decimal("38.00")
    assert "换货" in explanations([case.pk])[case.pk]


@pytest.mark.django_db
def test_the_report_asks_once_a_table() -> None:
    several_settled()
    with CaptureQueriesContext(connection) as asked:
        found = SettledSince(SettledCases.of_last_year().since)
        found.spreads(), found.differences(), found.outliers(5), found.tried(Standard(Decimal(5)))
    assert len(asked) == 4

"""Figures by region: sourced, never changed, checked by another; injuries are reckoned by them."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.states import Role
from compensation.models import EntitlementSheet, RegionalStatistic
from compensation.regions import Region, chain, region_told
from compensation.selectors.proposals import proposal_for
from compensation.selectors.rules import reckoned_again, sheet_of_kind
from compensation.selectors.statistics import daily_wage, figure_of, statistic_of
from compensation.services.losses import LossData, enter_loss, verify_loss
from compensation.services.statistics import (
    StatisticData,
    check_statistic,
    enter_statistic,
    withdraw_statistic,
)
from complaints.errors import CaseError, StepForbidden
from complaints.moments import now
from tests.compensation.rules.generated import reckoned
from tests.factories import make_user, staff
from tests.liability.doors import staff_client
from tests.liability.makers import determined_case

DAY = date(2026, 11, 22)


def figure(**fields) -> StatisticData:
    begun = {
        "region": Region.SHANGHAI,
        "kind": "income",
        "year": 2025,
        "value": Decimal(95000),
        "source": "上海市统计局年度公报",
        "seen_on": date(2026, 3, 1),
    }
    return StatisticData(**{**begun, **fields})


def kept(**fields) -> RegionalStatistic:
    return enter_statistic(figure(**fields), by=staff(Role.MANAGER))


@pytest.mark.django_db
def test_what_ships_names_its_source_and_was_checked_by_nobody() -> None:
    rows = list(RegionalStatistic.objects.all())

    assert {row.kind for row in rows} == {
        *("income", "consumption", "average_wage", "meals", "coefficient")
    }
    assert all(row.source and not row.is_checked and row.region == Region.NATION for row in rows)
    degrees = {row.detail: row.value for row in rows if row.kind == "coefficient"}
    assert (degrees["1"], degrees["10"], len(degrees)) == (1, Decimal("0.1"), 10)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"source": " "}, "source"),
        ({"region": "999999"}, "region"),
        ({"kind": "rain"}, "kind"),
        ({"year": 2026}, "year"),
        ({"year": 1800}, "year"),
        ({"value": Decimal(0)}, "value"),
        ({"value": Decimal("-1")}, "value"),
        ({"value": Decimal("NaN")}, "value"),
        ({"value": Decimal("1e12")}, "value"),
        ({"value": Decimal("1.001")}, "value"),
        ({"seen_on": date(2999, 1, 1)}, "seen_on"),
        ({"detail": "制造业"}, "detail"),
        ({"kind": "sector_wage"}, "detail"),
        ({"kind": "coefficient", "detail": "11", "value": Decimal("0.1")}, "detail"),
        ({"kind": "coefficient", "detail": "3", "value": Decimal(8)}, "value"),
    ],
)
def test_a_figure_that_cannot_be_names_its_field(fields, field: str) -> None:
    before = RegionalStatistic.objects.count()

    with pytest.raises(CaseError) as refusal:
        kept(**fields)

    assert refusal.value.field == field
    assert RegionalStatistic.objects.count() == before


@pytest.mark.django_db
def test_another_person_checks_and_what_was_wrong_is_withdrawn() -> None:
    maker, other = staff(Role.MANAGER), staff(Role.MANAGER)
    row = enter_statistic(figure(), by=maker)
    with pytest.raises(CaseError):
        enter_statistic(figure(value=Decimal(1)), by=maker)
    with pytest.raises(StepForbidden):
        check_statistic(row, by=maker)
    with pytest.raises(StepForbidden):
        enter_statistic(figure(year=2024), by=staff(Role.AGENT))
    assert check_statistic(row, by=other).is_checked
    with pytest.raises(CaseError):
        withdraw_statistic(row, by=maker, reason=" ")

    withdraw_statistic(row, by=maker, reason="抄错了")
    again = enter_statistic(figure(value=Decimal(96000)), by=maker)

    assert statistic_of("income", region=Region.SHANGHAI, day=DAY) == again
    assert not again.is_checked
    with pytest.raises(CaseError):
        check_statistic(withdrawn(), by=other)


def withdrawn() -> RegionalStatistic:
    row = kept(year=2020)
    return withdraw_statistic(row, by=staff(Role.MANAGER), reason="抄错了")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE compensation_regionalstatistic SET value = 1",
        "UPDATE compensation_regionalstatistic SET source = 'x'",
        "UPDATE compensation_regionalstatistic SET year = 2020",
        "DELETE FROM compensation_regionalstatistic",
        "UPDATE compensation_regionalstatistic SET checked_at = now()",
        "UPDATE compensation_regionalstatistic SET withdrawn_at = now()",
    ],
)
def test_the_database_keeps_every_figure(sql: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
def test_the_region_s_last_year_counts_else_the_country_s() -> None:
    old, last = kept(year=2023, value=Decimal(80000)), kept()
    poorer = kept(region=Region.GANSU, value=Decimal(40000))

    assert statistic_of("income", region=Region.SHANGHAI, day=DAY) == last
    assert statistic_of("income", region=Region.SHANGHAI, day=date(2025, 12, 31)) == old
    assert statistic_of("income", region=Region.GANSU, day=DAY) == poorer
    nation = statistic_of("income", region=Region.HENAN, day=DAY)
    assert (nation.region, nation.year, nation.value) == (Region.NATION, 2024, 54188)
    assert statistic_of("income", region=Region.HENAN, day=date(2024, 6, 1)) is None
    assert statistic_of("nursing", region=Region.HENAN, day=DAY) is None
    city = kept(region=Region.SHENZHEN, value=Decimal(99000))
    kept(region=Region.GUANGDONG, value=Decimal(70000))
    assert statistic_of("income", region=Region.SHENZHEN, day=DAY) == city
    assert statistic_of("income", region=Region.ZHUHAI, day=DAY).value == 70000


@pytest.mark.django_db
def test_home_counts_where_it_gives_more_and_a_standard_is_never_below_the_country_s() -> None:
    kept()
    kept(kind="meals", year=2020, value=Decimal(50))
    kept(region=Region.TIBET, kind="meals", year=2020, value=Decimal(120))

    def income(region: str, home: str) -> Decimal:
        found = figure_of("urban_disposable_income", region=region, home=home, day=DAY)
        return found.value

    assert income(Region.HENAN, Region.SHANGHAI) == 95000
    assert income(Region.SHANGHAI, Region.HENAN) == 95000
    assert figure_of("meal_rate", region=Region.SHANGHAI, day=DAY).value == 100
    assert figure_of("meal_rate", region=Region.TIBET, day=DAY).value == 120
    month = figure_of("monthly_wage", region=Region.SHANGHAI, home=Region.TIBET, day=DAY)
    assert month.value == Decimal("10342.50")
    assert daily_wage("", region=Region.SHANGHAI, day=DAY).value == Decimal("340.03")
    assert daily_wage("制造业", region=Region.SHANGHAI, day=DAY) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("上海市徐汇区漕溪北路 18 号", Region.SHANGHAI),
        ("广东省深圳市南山区", Region.SHENZHEN),
        ("广东省广州市", Region.GUANGDONG),
        ("深圳", Region.SHENZHEN),
        ("内蒙古呼和浩特", Region.INNER_MONGOLIA),
        ("CA 94103", ""),
        ("", ""),
    ],
)
def test_the_beginning_of_an_address_names_its_region(text: str, code: str) -> None:
    assert region_told(text) == code
    assert region_told("CA", text) == code


@given(code=st.sampled_from(Region.values))
def test_every_region_ends_in_the_country(code: str) -> None:
    assert chain(code)[0] == code and chain(code)[-1] == Region.NATION
    assert set(chain(code)) <= set(Region.values)


FACTS = {"medical": "1000.00", "hospital_days": 5, "meal_rate": "100.00"}
SHIPPED = {
    "fact": "meal_rate", "region": "310000", "year": 2014, "figure": "100",
    "source": "差旅费管理办法", "checked": False,
}  # fmt: skip


@given(fault=st.sampled_from(["0", "0.3", "1"]), checked=st.booleans())
def test_a_source_explains_a_line_and_changes_no_amount(fault: str, checked: bool) -> None:
    facts = {**FACTS, "claimant_fault": fault}
    plain = reckoned("injury", facts)
    told = reckoned("injury", facts | {"statistics": [{**SHIPPED, "checked": checked}]})

    assert told.total == plain.total
    assert [line.amount for line in told.lines] == [line.amount for line in plain.lines]
    used = [line for line in told.lines if "source_meal_rate" in line.inputs]
    assert len(used) == (fault != "1")
    assert bool(told.unchecked) == (bool(used) and not checked)
    assert not plain.unchecked


def injured(**fields):
    return determined_case(region="上海市", **fields)


def page_of(case) -> str:
    return reverse("compensation:injury_edit", args=[case.reference])


@pytest.mark.django_db
def test_the_form_reckons_a_disability_by_degree_age_and_region() -> None:
    case, agent, row = injured(), staff_client(Role.AGENT), kept()
    check_statistic(row, by=staff(Role.MANAGER))
    page = agent.get(page_of(case))
    assert page.context["form"].initial["region"] == Region.SHANGHAI
    assert "95000.00" in page.content.decode() and "来源未核对" in page.content.decode()
    entered = {
        "region": Region.SHANGHAI, "medical": "12000.00", "hospital_days": "10",
        "lost_days": "30", "wage_basis": "average", "outcome": "disability", "age": "61",
        "grade": "10", "dependants": "10/2", "distress_approved": "",
    }  # fmt: skip

    assert agent.post(page_of(case), entered).status_code == 303

    sheet = sheet_of_kind(case, "injury")
    result = sheet.result
    assert result["years"] == 19
    assert result["disability"] == "180500.00"  # 95000 × 19 × 0.1
    assert result["hospital_meals"] == "1000.00"
    assert result["lost_earnings"] == "10200.90"  # 124110 ÷ 365 = 340.03 a day
    assert result["dependants_living"] == "13822.80"  # 34557 × 8 ÷ 2 × 0.1
    assert sheet.total == Decimal("217523.70")
    assert result["source_not_checked"] == ["R17"]
    lines = {line["formula"]: line for line in sheet.lines}
    assert lines["medical"]["source"] == "text"
    assert "source_coefficient" in lines["disability"]["inputs"]
    assert lines["disability"]["inputs"]["source_urban_disposable_income"].startswith("310000 2025")
    assert reckoned_again(sheet).as_data() == result
    shown = agent.get(page_of(case)).content.decode()
    assert "残疾赔偿金" in shown and "上海市 2025 95000" in shown
    assert 'value="95000' not in shown  # a figure of the table is chosen anew, not typed


@pytest.mark.django_db
def test_a_checked_figure_is_not_told_as_unchecked() -> None:
    case, other = injured(), staff(Role.MANAGER)
    for row in RegionalStatistic.objects.all():
        check_statistic(row, by=other)

    posted = {"region": Region.NATION, "hospital_days": "3"}
    assert staff_client(Role.AGENT).post(page_of(case), posted).status_code == 303

    sheet = sheet_of_kind(case, "injury")
    assert sheet.total == 300 and "source_not_checked" not in sheet.result


@pytest.mark.django_db
def test_a_death_is_reckoned_with_the_funeral_and_the_options_tell_each_item() -> None:
    case, agent = injured(), staff_client(Role.AGENT)
    entered = {"region": Region.HENAN, "outcome": "death", "age": "62", "medical": "500.00"}

    assert agent.post(page_of(case), entered).status_code == 303

    sheet = sheet_of_kind(case, "injury")
    assert sheet.result["death"] == "975384.00"  # 54188 × 18
    assert sheet.result["funeral"] == "62055.00"  # 124110 ÷ 12 × 6
    told = [line.description for line in proposal_for(case, sheet).options[0].lines]
    assert {"医疗费", "死亡赔偿金", "丧葬费"} <= set(told)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"medical": "1", "age": "40"}, "outcome"),
        ({"medical": "1", "grade": "3"}, "outcome"),
        ({"outcome": "disability", "age": "40"}, "grade"),
        ({"outcome": "disability", "age": "40", "grade": "3", "coefficient": "0.8"}, "grade"),
        ({"outcome": "disability", "grade": "3"}, "age"),
        ({"outcome": "death", "age": "40", "grade": "3"}, "outcome"),
        ({"outcome": "death", "age": "40", "monthly_wage": "9000"}, "own_source"),
        ({"outcome": "death", "age": "131"}, "age"),
        ({"lost_days": "3", "wage_basis": "sector"}, "sector"),
        ({"lost_days": "3"}, "daily_income_lost"),
        ({"nursing_days": "3"}, "nursing_rate"),
        ({"medical": "-1"}, "medical"),
        ({"medical": "1", "region": "999999"}, "region"),
    ],
)
def test_facts_of_an_injury_that_cannot_be_name_their_field(entered, field: str) -> None:
    case = injured()

    answer = staff_client(Role.AGENT).post(page_of(case), entered)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not EntitlementSheet.objects.exists()


@pytest.mark.django_db
def test_what_a_person_types_goes_first_and_says_where_it_is_from() -> None:
    case, agent = injured(), staff_client(Role.AGENT)
    entered = {
        "region": Region.SHANGHAI, "outcome": "death", "age": "40", "own_source": "法院的通知",
        "urban_disposable_income": "60000.00", "monthly_wage": "9000.00",
    }  # fmt: skip

    assert agent.post(page_of(case), entered).status_code == 303

    sheet = sheet_of_kind(case, "injury")
    assert sheet.result["death"] == "1200000.00" and sheet.result["funeral"] == "54000.00"
    assert sheet.result["source_not_checked"] == ["R17"]
    assert 'value="法院的通知"' in agent.get(page_of(case)).content.decode()


@pytest.mark.django_db
def test_no_figure_is_converted_into_another_currency() -> None:
    case, agent = injured(currency="USD"), staff_client(Role.AGENT)

    refused = agent.post(page_of(case), {"hospital_days": "3"})

    assert refused.status_code == 422 and "meal_rate" in refused.context["form"].errors
    assert "不会折算" in refused.content.decode()


@pytest.mark.django_db
def test_verified_losses_of_an_injury_go_into_its_form() -> None:
    case, agent = injured(), staff(Role.AGENT)
    for kind, amount in (("medical", "300.00"), ("nursing", "200.00")):
        loss = LossData(kind, "票据", now().date(), claimed=Decimal(amount))
        verify_loss(enter_loss(case, by=agent, loss=loss), by=agent, amount=Decimal(amount))
    client = staff_client(Role.AGENT)

    begun = client.get(page_of(case)).context["form"].initial

    assert (begun["medical"], begun["losses"]) == (300, 200)
    losses = client.get(reverse("compensation:losses", args=[case.reference])).content.decode()
    assert page_of(case) in losses


@pytest.mark.django_db
def test_the_table_is_kept_by_two_people_on_its_page() -> None:
    url = reverse("compensation:statistics")
    one, two = staff_client(Role.MANAGER), staff_client(Role.MANAGER)
    data = {
        "region": "310000", "kind": "sector_wage", "detail": "制造业", "year": "2025",
        "value": "130000", "source": "上海市统计局", "link": "https://tjj.sh.gov.cn/x",
        "seen_on": "2026-03-01",
    }  # fmt: skip
    assert one.post(url, {**data, "source": ""}).status_code == 422
    assert one.post(url, data).status_code == 303
    assert one.post(url, data).status_code == 422
    row = RegionalStatistic.objects.get(detail="制造业")
    each = reverse("compensation:statistic", args=[row.pk])

    one.post(each, {"check": "1"})
    assert not RegionalStatistic.objects.get(pk=row.pk).is_checked
    two.post(each, {"check": "1"})
    assert RegionalStatistic.objects.get(pk=row.pk).is_checked
    shown = two.get(url, {"region": "310000"}).content.decode()
    assert "制造业" in shown and "https://tjj.sh.gov.cn/x" in shown and "54188" not in shown
    two.post(each, {"reason": "口径不对"})
    assert "口径不对" in two.get(url).content.decode()
    assert staff_client(Role.AGENT).get(url).status_code == 403
    assert make_user(Role.AGENT) and staff_client(Role.AGENT).post(each, {}).status_code == 403

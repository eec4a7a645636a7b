"""Facts of other kinds entered at the desk: the form, its errors, and what the floor becomes."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.states import Role
from compensation.forms.fact_words import CHOICES, KIND_WORDS, LABELS, SECTIONS
from compensation.forms.facts import FactsForm, facts_initial
from compensation.models import EntitlementSheet
from compensation.rules import KINDS, FactError
from compensation.rules.facts import shape_of
from compensation.selectors.rules import current_sheet, reckoned_again, sheet_of_kind
from compensation.services.sheets import record_sheet
from complaints.errors import CaseError
from tests.factories import staff
from tests.liability.doors import staff_client
from tests.liability.makers import determined_case

ENTERED = {
    "return": (
        {
            "channel": "online",
            "received_date": "2026-11-02",
            "request_date": "2026-11-05",
            "price_paid": "299",
            "reason": "no_reason",
        },
        "299.00",
    ),
    "warranty": (
        {
            "regime": "CN-ZJ",
            "failed_repairs": "2",
            "price_paid": "3000",
            "consumer_wants": "return",
        },
        "3000.00",
    ),
    "car": ({"days": "30", "km": "100", "failure": "steering", "price": "150000"}, "150000.00"),
    "injury": ({"medical": "1000", "claimant_fault": "0.3"}, "700.00"),
    "prepaid": ({"paid": "1000", "used": "4", "discounted_unit": "100"}, "600.00"),
    "contract": (
        {"contract": "10000", "deposit_paid": "3000", "breaching_party": "payee"},
        "5000.00",
    ),
}


def page_of(case, kind: str) -> str:
    return reverse("compensation:facts_edit", args=[case.reference, kind])


@pytest.mark.parametrize("kind", KIND_WORDS)
def test_every_fact_that_is_asked_for_is_one_of_the_rules(kind):
    form, schema = FactsForm(kind=kind), KINDS[kind][0]
    assert set(form.names) <= set(schema)
    assert len(form.names) == len(set(form.names))
    assert set(LABELS) >= set(form.names)
    for name in form.names:
        for value, _label in CHOICES.get((kind, name), []):
            schema[name](name, value)
        if (kind, name) not in CHOICES and name != "dependants":
            assert shape_of(schema[name]) is not None


def test_no_label_and_no_choice_is_left_over():
    asked = {
        name for parts in SECTIONS.values() for _title, names in parts for name in names.split()
    }
    assert set(LABELS) == asked
    assert {name for _kind, name in CHOICES} <= asked


@pytest.mark.parametrize("kind", ENTERED)
def test_what_was_entered_comes_back_as_it_was(kind):
    form = FactsForm(ENTERED[kind][0], kind=kind)
    assert form.is_valid(), form.errors
    again = FactsForm(kind=kind, initial=facts_initial(kind, form.facts()))
    assert set(again.initial) == set(ENTERED[kind][0])


def test_people_who_are_supported_are_read_and_written():
    form = FactsForm({"dependants": "10/2；14 ; 70/3"}, kind="injury")
    assert form.is_valid()
    told = form.facts()["dependants"]
    assert told == [
        {"age": 10, "supporters": 2},
        {"age": 14, "supporters": 1},
        {"age": 70, "supporters": 3},
    ]
    assert facts_initial("injury", {"dependants": told})["dependants"] == "10/2; 14/1; 70/3"
    for bad in ("x", "10/2/3", "-1/2", "10/", "1000/2", "１０/2"):
        assert not FactsForm({"dependants": bad}, kind="injury").is_valid(), bad


def test_what_is_not_known_is_no_fact_and_a_no_is_one():
    form = FactsForm({"quality_ok": "no", "goods_intact": "", "state_rule": "yes"}, kind="return")
    assert form.is_valid()
    assert form.facts() == {"quality_ok": False, "state_rule": True}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ENTERED)
def test_the_page_reckons_a_sheet_of_its_kind(kind):
    case, agent = determined_case(), staff_client(Role.AGENT)
    entered, total = ENTERED[kind]
    assert agent.get(page_of(case, kind)).status_code == 200
    answer = agent.post(page_of(case, kind), entered)
    assert answer.status_code == 303
    sheet = current_sheet(case)
    assert (sheet.kind, sheet.total) == (kind, Decimal(total))
    assert reckoned_again(sheet).as_data() == sheet.result
    shown = agent.get(page_of(case, kind)).content.decode()
    assert "现在的核算" in shown
    panel = agent.get(reverse("desk:case_tab", args=[case.reference, "compensation"]))
    assert f"¥{Decimal(total):,.2f}" in panel.content.decode()


@pytest.mark.django_db
def test_the_floor_is_the_kind_that_gives_most_and_no_kind_takes_from_it():
    case, agent = determined_case(), staff(Role.AGENT)
    bought = {"price_paid": "900.00", "return_and_refund": True}
    record_sheet(case, by=agent, facts=bought)
    only_repair = {"failed_repairs": 1, "price_paid": "900.00"}
    record_sheet(case, by=agent, facts=only_repair, kind="warranty")
    assert current_sheet(case).total == Decimal("900.00")
    record_sheet(case, by=agent, facts={"medical": "2000.00"}, kind="injury")
    assert (current_sheet(case).kind, current_sheet(case).number) == ("injury", 3)
    record_sheet(case, by=agent, facts={"medical": "20.00"}, kind="injury")
    assert current_sheet(case).total == Decimal("900.00")
    assert sheet_of_kind(case, "injury").number == 4


@pytest.mark.django_db
def test_a_fact_that_is_missing_or_odd_is_named_at_its_field_in_words():
    case, agent = determined_case(), staff_client(Role.AGENT)
    answer = agent.post(page_of(case, "injury"), {"lost_days": "3"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["daily_income_lost"] == ["还要填这一项，才能算。"]
    odd = {"paid": "10", "total_days": "3", "elapsed_days": "4"}
    answer = agent.post(page_of(case, "prepaid"), odd)
    assert answer.status_code == 422 and "elapsed_days" in answer.context["form"].errors
    for bad in ({"paid": "-1"}, {"paid": "abc"}, {"used": "1.5"}, {"annual_rate": "2"}):
        assert agent.post(page_of(case, "prepaid"), bad).status_code == 422
    assert not EntitlementSheet.objects.exists()


@pytest.mark.django_db
def test_findings_of_other_kinds_are_confirmed_too():
    case, agent = determined_case(), staff_client(Role.AGENT)
    facts = {"paid": "1000", "absconded": "yes", "fraud_found": "yes"}
    facts |= {"consumer_requests_extra": "yes"}
    assert agent.post(page_of(case, "prepaid"), facts).status_code == 422
    assert agent.post(page_of(case, "prepaid"), facts | {"confirmed": "on"}).status_code == 303
    assert current_sheet(case).findings == ["fraud_found"]
    assert current_sheet(case).result["punitive_route"] == "R01"


@pytest.mark.django_db
def test_only_kinds_with_a_form_have_a_page():
    case, agent = determined_case(), staff_client(Role.AGENT)
    for kind in ("screening", "policy", "compensation", "nothing"):
        assert agent.get(page_of(case, kind)).status_code == 404
    with pytest.raises((CaseError, FactError)):
        record_sheet(case, by=staff(Role.AGENT), facts={}, kind="nothing")
    assert not EntitlementSheet.objects.exists()

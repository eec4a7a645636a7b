"""Categories and issues as data: added, renamed, retired; what is used is never deleted."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from accounts.states import Role
from complaints.errors import CaseError, StepForbidden
from complaints.forms.desk import ClassifyForm
from complaints.forms.intake import ProblemForm
from complaints.models import ComplaintCategory, ComplaintIssue
from complaints.selectors.taxonomy import category_choices, category_name, issue_codes, issue_name
from complaints.services.taxonomy import (
    add_category,
    add_issue,
    delete_term,
    rename_term,
    restore_term,
    retire_term,
)
from complaints.services.triage import classify
from complaints.states import ISSUES_BY_CATEGORY, Category, Issue
from tests.factories import make_case, make_user, staff

pytestmark = pytest.mark.django_db


def category(code="QUALITY"):
    return ComplaintCategory.objects.get(code=code)


def issue(code):
    return ComplaintIssue.objects.get(code=code)


def test_the_shipped_taxonomy_is_there_with_both_names():
    for code in Category:
        assert category_name(code) == str(code.label)
        assert issue_codes(code) == {*ISSUES_BY_CATEGORY[code], Issue.OTHER}
    with translation.override("en"):
        names = (category_name("QUALITY"), issue_name("SAFETY"))
    assert names == ("Product quality", "Safety hazard")


def test_a_term_added_is_on_every_form_and_can_be_given_to_a_case():
    manager = staff(Role.MANAGER)
    rent = add_category(code="RENT", name_zh="租赁", name_en="Rental", by=manager)
    add_issue(category=rent, code="DEPOSIT", name_zh="押金不退", name_en="Deposit kept", by=manager)

    assert ("RENT", "租赁") in category_choices()
    assert "issue_rent" in ProblemForm().fields
    form = ClassifyForm(
        {"category": "RENT", "issue": "DEPOSIT", "severity": "minor", "scope": "single"}
    )
    assert form.is_valid(), form.errors
    case = classify(make_case(), by=manager, category="RENT", issue="DEPOSIT")
    assert (case.category, issue_name(case.issue)) == ("RENT", "押金不退")


def test_a_new_name_shows_at_once():
    rename_term(category(), name_zh="质量", name_en="Quality", position=3, by=staff(Role.MANAGER))

    assert category_name("QUALITY") == "质量"


def test_a_retired_term_is_offered_no_more_but_its_cases_keep_it():
    manager = staff(Role.MANAGER)
    case = classify(make_case(), by=manager, category="PRICE", issue="OVERPRICED")

    retire_term(category("PRICE"), by=manager)

    assert "PRICE" not in dict(category_choices())
    assert category_name(case.category) == "价格"
    keeping = ClassifyForm(initial={"category": "PRICE", "issue": "OVERPRICED"})
    assert "PRICE" in dict(keeping.fields["category"].choices)
    restore_term(category("PRICE"), by=manager)
    assert "PRICE" in dict(category_choices())


def test_a_used_term_is_not_deleted_not_even_in_the_database():
    manager = staff(Role.MANAGER)
    classify(make_case(), by=manager, category="PRICE", issue="OVERPRICED")

    with pytest.raises(CaseError, match="停用"):
        delete_term(issue("OVERPRICED"), by=manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        ComplaintIssue.objects.filter(code="OVERPRICED").delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        ComplaintIssue.objects.filter(code="OVERPRICED").update(code="CHEAP")


def test_an_unused_term_is_deleted():
    delete_term(issue("HIDDEN_FEE"), by=staff(Role.MANAGER))

    assert not ComplaintIssue.objects.filter(code="HIDDEN_FEE").exists()


@pytest.mark.parametrize("code", ["SAFETY", "OTHER"])
def test_what_the_rules_rely_on_stays(code):
    manager = staff(Role.MANAGER)

    with pytest.raises(CaseError):
        retire_term(issue(code), by=manager)
    with pytest.raises(CaseError):
        delete_term(issue(code), by=manager)


@pytest.mark.parametrize(
    ("code", "name_zh", "name_en", "field"),
    [
        ("quality", "质量", "Quality", "code"),
        ("QUALITY", "质量", "Quality", "code"),
        ("TOO_LONG_A_CODE", "长", "Long", "code"),
        ("RENT", " ", "Rental", "name_zh"),
        ("RENT", "租赁", "", "name_en"),
    ],
)
def test_a_bad_term_is_refused(code, name_zh, name_en, field):
    with pytest.raises(CaseError) as refused:
        add_category(code=code, name_zh=name_zh, name_en=name_en, by=staff(Role.MANAGER))

    assert refused.value.field == field


def test_an_unknown_term_is_refused_for_a_case():
    with pytest.raises(CaseError, match="分类"):
        classify(make_case(), by=staff(Role.AGENT), category="NOTHING")


def test_agents_do_not_change_the_taxonomy(client):
    with pytest.raises(StepForbidden):
        retire_term(category("PRICE"), by=staff(Role.AGENT))
    client.force_login(make_user(Role.AGENT))
    assert client.get(reverse("complaints:taxonomy")).status_code == 403


def test_a_manager_adds_renames_retires_and_deletes_on_the_pages(client):
    client.force_login(make_user(Role.MANAGER))
    new = reverse("complaints:term_new")
    names = {"name_zh": "租赁", "name_en": "Rental", "position": "5"}

    assert client.get(new).status_code == 200
    assert client.post(new, names | {"code": "rent"}).status_code == 422
    assert client.post(new, names | {"code": "RENT"}).status_code == 303
    edit = reverse("complaints:term_edit", args=["category", "RENT"])
    assert client.post(edit, names | {"act": "rename", "name_zh": "出租"}).status_code == 303
    assert "出租" in client.get(reverse("complaints:taxonomy")).content.decode()
    assert client.post(edit, {"act": "retire"}).status_code == 303
    assert category("RENT").retired_at is not None
    assert client.post(edit, {"act": "delete"}).status_code == 303
    assert not ComplaintCategory.objects.filter(code="RENT").exists()
    kept = reverse("complaints:term_edit", args=["issue", "SAFETY"])
    assert client.post(kept, {"act": "retire"}).status_code == 422

"""Two people change the same facts: a choice for each field, and nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.states import Role
from complaints.comparing import compared
from complaints.models import Case
from complaints.services.triage import assign, classify
from tests.factories import make_case, make_user, staff

VALUES = st.sampled_from(["", "a", "b", "c"])
FACTS = st.fixed_dictionaries({"x": VALUES, "y": VALUES})


@given(FACTS, FACTS, FACTS)
def test_what_is_proposed_is_somebodys_and_keeps_the_only_change(
    before: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    for row in compared(before, theirs, mine):
        assert row.proposed in (row.theirs, row.mine)
        if row.mine == row.before:
            assert row.proposed == row.theirs
        if row.theirs == row.before:
            assert row.proposed == row.mine
        both = row.theirs != row.before and row.mine != row.before
        assert row.is_conflict == (both and row.theirs != row.mine)


@pytest.fixture
def agent(client: Client, db: None) -> User:
    user = make_user(Role.AGENT)
    client.force_login(user)
    return user


def opened(client: Client, case: Case, name: str = "classify") -> tuple[str, dict[str, Any]]:
    """Open a page; return its address and the hidden fields it carries."""
    address = reverse(f"complaints:{name}", args=[case.reference])
    page = client.get(address)
    was = {each["name"]: each["value"] for each in page.context["was"]}
    return address, {"seen": page.context["seen"], **was}


FILED = {"category": "QUALITY", "issue": "DEFECT", "severity": "minor", "scope": "single"}


def test_late_save_shows_both_and_saves_what_is_chosen(client: Client, agent: User) -> None:
    case = classify(make_case(), by=staff(Role.MANAGER), **FILED)
    address, hidden = opened(client, case)
    classify(case, by=staff(Role.MANAGER), severity="moderate", issue="COSMETIC")
    mine = {**FILED, "severity": "severe", **hidden}
    answer = client.post(address, mine)
    assert answer.status_code == 409
    rows = {row["name"]: row for row in answer.context["compared"]}
    assert rows.keys() == {"severity", "issue"}
    assert (rows["severity"]["conflict"], rows["issue"]["conflict"]) == (True, False)
    checked = {
        name: next(each["value"] for each in row["choices"] if each["checked"])
        for name, row in rows.items()
    }
    assert checked == {"severity": "severe", "issue": "COSMETIC"}
    assert Case.objects.get().severity == "moderate"
    html = answer.content.decode()
    names = re.findall(r'<(?:input|select)[^>]* name="(severity|issue|category)"', html)
    assert set(names) == {"severity", "issue", "category"}
    was = {each["name"]: each["value"] for each in answer.context["was"]}
    chosen = {**mine, **was, **checked, "seen": answer.context["seen"]}
    assert client.post(address, chosen).status_code == 303
    saved = Case.objects.get()
    assert (saved.severity, saved.issue) == ("severe", "COSMETIC")


def test_change_of_something_else_compares_nothing_and_keeps_what_was_typed(
    client: Client, agent: User
) -> None:
    case = classify(make_case(), by=staff(Role.MANAGER), **FILED)
    address, hidden = opened(client, case)
    assign(case, owner=make_user(Role.AGENT), by=staff(Role.MANAGER))
    answer = client.post(address, {**FILED, "severity": "severe", **hidden})
    assert (answer.status_code, answer.context["compared"]) == (409, [])
    assert answer.context["form"]["severity"].value() == "severe"


def test_two_who_hand_a_case_over_choose_between_the_names(client: Client, agent: User) -> None:
    case = make_case()
    wang, zhao = (make_user(Role.AGENT, display_name=name) for name in ("王敏", "赵启"))
    address, hidden = opened(client, case, "assign")
    assign(case, owner=wang, by=staff(Role.MANAGER))
    answer = client.post(address, {"owner": zhao.pk, **hidden})
    [row] = answer.context["compared"]
    assert [each["label"] for each in row["choices"]] == ["王敏", "赵启"]


def test_refused_form_keeps_what_was_seen(client: Client, agent: User) -> None:
    case = classify(make_case(), by=staff(Role.MANAGER), **FILED)
    address, hidden = opened(client, case)
    classify(case, by=staff(Role.MANAGER), severity="moderate")
    answer = client.post(address, {**FILED, "severity": "", **hidden})
    assert answer.status_code == 422
    was = {each["name"]: each["value"] for each in answer.context["was"]}
    assert was["was-severity"] == "minor"

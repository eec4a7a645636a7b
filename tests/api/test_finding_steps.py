"""A finding over the limits through the API: it waits, and another person's step issues it."""

from __future__ import annotations

import pytest

from complaints.models import Case
from tests.liability.makers import hear_respondent, investigating_case

pytestmark = pytest.mark.django_db

SHARES = [
    {"table": "outward", "party": "seller", "share": "100", "kind": "several", "ground": "x"},
    {
        "table": "inward",
        "party": "supplier",
        "share": "100",
        "name": "恒泰电子",
        "ground": "供货合同第 9 条",
        "ground_kind": "contract",
    },
]


def waiting_case() -> Case:
    case = investigating_case(severity="severe")
    hear_respondent(case, "恒泰电子")
    return case


def take(client, case: Case, step: str, **facts):
    seen = Case.objects.values_list("version", flat=True).get(pk=case.pk)
    url = f"/api/v1/cases/{case.reference}/steps/"
    return client.post(url, {"step": step, "version": seen, **facts}, format="json")


def decide(client, case: Case, **changes):
    facts = {"outcome": "liable", "reasons_consumer": "部件缺陷。", "shares": SHARES, **changes}
    return take(client, case, "determine_liability", **facts)


def test_a_finding_over_the_limits_waits_for_another_person(login) -> None:
    case, investigator = waiting_case(), login("investigator")

    answer = decide(investigator, case, dissenter="王工", dissent="样本太少")

    assert answer.status_code == 200, answer.json()
    assert answer.json()["stage"]["code"] == "investigating"
    assert take(investigator, case, "approve_finding").status_code == 403
    assert take(login("approver"), case, "return_finding", reason="写明批次").status_code == 200
    decide(investigator, case)
    done = take(login("approver"), case, "approve_finding", note="同意")

    assert done.json()["stage"]["code"] == "liability_determined"
    share = case.findings.get().shares.get(table="inward")
    assert (share.ground_kind, share.name) == ("contract", "恒泰电子")


def test_nothing_waits_nothing_is_approved(login) -> None:
    answer = take(login("approver"), waiting_case(), "approve_finding")

    assert answer.status_code == 400, answer.json()


def test_evidence_of_another_case_is_refused(login) -> None:
    case = waiting_case()
    shares = [{**SHARES[0], "evidence": [987654]}]

    answer = decide(login("investigator"), case, shares=shares)

    assert answer.status_code == 400, answer.json()
    assert not case.finding_drafts.exists()

"""The pages of a finding: rows, weights, drafts, approval; refusals stand where they belong."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.states import Role
from complaints.models import Evidence
from complaints.states import Stage
from liability.models import FindingDraft, LiabilityFinding
from liability.selectors import current_finding
from liability.selectors.approval import open_draft
from tests.complaints.vault_makers import add, drawing, encoded
from tests.factories import make_case, make_user
from tests.liability.doors import staff_client
from tests.liability.makers import hear_respondent, investigating_case
from tests.process.pages import Page

pytestmark = pytest.mark.django_db


def heard(**fields):
    case = investigating_case(**fields)
    hear_respondent(case)
    return case


def handed_in(case) -> Evidence:
    """A photo in the vault of a case."""
    return add(case, encoded(drawing(case.pk)))


def url(name: str, case) -> str:
    return reverse(f"liability:{name}", args=[case.reference])


def row(table: str, number: int, party: str, share: str, **fields: object) -> dict[str, object]:
    said = {"party": party, "share": share, "ground": "供货合同第 9 条", **fields}
    return {f"{table}-{number}-{name}": value for name, value in said.items()}


def posted(*rows: dict[str, object], **fields: object) -> dict[str, object]:
    management = {
        f"{table}-{name}": value
        for table in ("outward", "inward")
        for name, value in (("TOTAL_FORMS", 4), ("INITIAL_FORMS", 0))
    }
    said: dict[str, object] = {"outcome": "liable", "reasons_consumer": "检测确认是部件缺陷。"}
    defaults = {
        f"{table}-{number}-ground_kind": "article"
        for table in ("outward", "inward")
        for number in range(4)
    } | {f"outward-{number}-kind": "several" for number in range(4)}
    for each in rows:
        said |= each
    return {**management, **defaults, **said, **fields}


def test_shares_with_their_grounds_and_evidence_are_issued() -> None:
    case = heard()
    hear_respondent(case, "恒泰电子", "快运")
    proof = handed_in(case)
    rows = [
        row("outward", 0, "seller", "100"),
        row(
            "inward",
            0,
            "supplier",
            "60",
            name="恒泰电子",
            ground_kind="contract",
            evidence=[proof.pk],
        ),
        row("inward", 1, "production_dept", "30", ground_kind="batch"),
        row("inward", 2, "logistics", "10", name="快运"),
    ]

    answer = staff_client(Role.INVESTIGATOR).post(url("finding_new", case), posted(*rows))

    finding = current_finding(case)
    inward = [share for share in finding.shares.all() if share.table == "inward"]
    assert answer.status_code == 303
    assert [share.share for share in inward] == [Decimal(60), Decimal(30), Decimal(10)]
    assert [share.ground_kind for share in inward] == ["contract", "batch", "article"]
    assert inward[0].evidence.get() == proof


def test_evidence_of_another_case_is_refused_at_its_row() -> None:
    case, other = heard(), handed_in(make_case())
    handed_in(case)
    rows = [row("outward", 0, "seller", "100", evidence=[other.pk])]

    answer = staff_client(Role.INVESTIGATOR).post(url("finding_new", case), posted(*rows))

    assert answer.status_code == 422
    assert "证据只能从本案的材料里选" in answer.content.decode()
    assert Evidence.objects.filter(shares__isnull=False).count() == 0


def test_a_party_twice_is_refused_at_its_second_row() -> None:
    case = heard()
    rows = [row("outward", 0, "seller", "50"), row("outward", 1, "seller", "50")]

    answer = staff_client(Role.INVESTIGATOR).post(url("finding_new", case), posted(*rows))

    page = Page("/", answer.status_code, answer.content.decode())
    assert answer.status_code == 422
    assert "在同一张表里写了两次" in answer.content.decode()
    assert 'href="#id_outward-1-party"' in answer.content.decode()
    assert page.form_with("提交责任认定").fields["reasons_consumer"].value
    assert not LiabilityFinding.objects.exists()


@pytest.mark.parametrize(
    ("weights", "shares"),
    [(("", "", ""), ("33.34", "33.33", "33.33")), (("3", "2", "1"), ("50.00", "33.33", "16.67"))],
)
def test_weights_are_worked_out_without_scripts(weights: tuple, shares: tuple) -> None:
    case, parties = heard(), ("supplier", "production_dept", "logistics")
    rows = [
        row("inward", number, party, weight)
        for number, (party, weight) in enumerate(zip(parties, weights, strict=True))
    ]

    answer = staff_client(Role.INVESTIGATOR).post(
        url("finding_new", case), posted(*rows, apportion_inward="1")
    )

    fields = Page("/", 200, answer.content.decode()).form_with("提交责任认定").fields
    assert answer.status_code == 200
    assert [fields[f"inward-{number}-share"].value for number in range(3)] == list(shares)
    assert fields["reasons_consumer"].value == "检测确认是部件缺陷。"
    assert not LiabilityFinding.objects.exists()


def test_a_draft_comes_back_to_its_page() -> None:
    case, client = heard(), staff_client(Role.INVESTIGATOR)
    rows = [row("outward", 0, "seller", "100"), row("inward", 0, "supplier", "100", name="恒泰")]

    answer = client.post(
        url("finding_new", case), posted(*rows, draft="1", dissenter="王工", dissent="样本少")
    )

    assert answer.status_code == 303
    page = Page("/", 200, client.get(url("finding_new", case)).content.decode())
    fields = page.form_with("提交责任认定").fields
    assert (fields["inward-0-name"].value, fields["dissenter"].value) == ("恒泰", "王工")
    assert Decimal(fields["inward-0-share"].value) == 100
    case.refresh_from_db()
    assert case.stage == Stage.INVESTIGATING


def test_a_severe_case_goes_by_way_of_an_approver() -> None:
    case, investigator = heard(severity="severe"), staff_client(Role.INVESTIGATOR)
    answer = investigator.post(url("finding_new", case), posted(row("outward", 0, "seller", "100")))
    assert answer.status_code == 303
    assert "等待批准" in investigator.get(url("finding_new", case)).content.decode()
    own = investigator.get(url("finding_approve", case)).content.decode()
    assert "要由另一位同事批准" in own

    approver = staff_client(Role.APPROVER)
    assert case.reference in approver.get(reverse("liability:finding_approvals")).content.decode()
    assert "检测确认是部件缺陷" in approver.get(url("finding_approve", case)).content.decode()
    refused = approver.post(url("finding_approve", case), {"return": "1", "reason": ""})
    assert refused.status_code == 422
    assert approver.post(url("finding_approve", case), {"approve": "1"}).status_code == 303

    case.refresh_from_db()
    assert case.stage == Stage.LIABILITY_DETERMINED
    tab = approver.get(reverse("desk:case_tab", args=[case.reference, "liability"]))
    assert "批准" in tab.content.decode()


def test_the_next_step_of_a_waiting_finding_is_to_approve_it() -> None:
    case = heard(severity="severe")
    staff_client(Role.INVESTIGATOR).post(
        url("finding_new", case), posted(row("outward", 0, "seller", "100"))
    )

    page = staff_client(Role.APPROVER).get(reverse("desk:case", args=[case.reference]))

    assert url("finding_approve", case) in page.content.decode()
    assert open_draft(case) is not None


def test_what_nobody_submitted_is_not_approved(client) -> None:
    case = heard()
    page = staff_client(Role.APPROVER).get(url("finding_approve", case))

    assert "不在等待批准" in page.content.decode()
    client.force_login(make_user(Role.APPROVER))
    assert client.post(url("finding_approve", case), {"approve": "1"}).status_code == 422
    assert not FindingDraft.objects.exists()


@pytest.mark.parametrize("weight", ["1e999999", "-1", "NaN", "9" * 40, "1e-999999"])
def test_weights_that_are_none_leave_the_row_as_it_is(weight: str) -> None:
    case = heard()
    rows = {"outward-0-party": "seller", "outward-0-share": weight, "outward-1-name": "恒泰电子"}
    answer = staff_client(Role.INVESTIGATOR).post(
        url("finding_new", case), {**rows, "apportion_outward": "1"}
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "恒泰电子" in page

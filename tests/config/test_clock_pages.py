"""The page of a case's clocks, and the certificate that is issued there."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import StepForbidden
from complaints.models import Case, CaseEvent
from complaints.selectors.certificate import fingerprint
from complaints.selectors.certificates import ISSUED, issues_of
from complaints.services.certificates import issue_certificate
from complaints.services.events import broken_link
from config.desk.clocks import CAUSE_TEXTS, cause_texts
from config.presenters import EVENT_TEXTS
from documents.models import Document
from documents.services.rendering import document_html
from tests.complaints.certified import verified
from tests.complaints.test_certificates import emergency_case, paused_case
from tests.factories import make_case, make_team, make_user
from tests.liability.doors import staff_client

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def case():
    make_team(manager=make_user(Role.MANAGER), is_default=True)
    return Case.objects.get(pk=paused_case().pk)


@pytest.fixture
def agent():
    return staff_client(Role.AGENT)


def issue_at(client: Client, case: Case, *, after: int | None = None):
    data = {"after": case.event_count if after is None else after}
    return client.post(reverse("desk:clocks_issue", args=[case.reference]), data)


def test_the_page_tells_every_clock_in_words(case, agent):
    answer = agent.get(reverse("desk:clocks", args=[case.reference]))
    page = answer.content.decode()
    assert page.count("项的流水：") == 2 * case.clocks.count()
    for words in ("检测鉴定，最晚到", "暂停的时间到了", "有人让它继续计时", "内部规定", "待触发"):
        assert words in page, words
    assert "还没有出具过" in page


def test_a_breach_and_its_effect_are_told():
    make_team(manager=make_user(Role.MANAGER), is_default=True)
    case = emergency_case()
    page = staff_client(Role.AGENT).get(reverse("desk:clocks", args=[case.reference]))
    assert "完成时超时 1 小时" in page.content.decode()


def test_issuing_freezes_prints_and_logs(case, agent, tmp_path):
    answer = issue_at(agent, case)
    assert answer.status_code == 303
    event = CaseEvent.objects.get(case=case, kind=ISSUED)
    [issue] = issues_of(case)
    assert (issue.sequence, issue.sha256) == (case.event_count, event.data["sha256"])
    assert (issue.chinese.language, issue.english.language) == ("zh-hans", "en")
    data = agent.get(reverse("desk:clocks_json", args=[case.reference, issue.sequence]))
    assert data["Content-Disposition"].startswith("attachment")
    document = json.loads(data.content)
    assert document["sha256"] == fingerprint(document) == event.data["sha256"]
    assert document["chain"] == {"sequence": event.sequence - 1, "hash": event.previous_hash}
    end, said = verified(document, tmp_path)
    assert end == 0, said
    assert broken_link(Case.objects.get(pk=case.pk)) is None


def test_both_prints_hold_what_the_data_say(case, agent):
    issue_at(agent, case)
    [issue] = issues_of(case)
    for document in (issue.chinese, issue.english):
        html = document_html(document)
        assert issue.sha256 in html
        assert html.count("Internal rule") + html.count("内部规定")
        assert all(clock["verdict"] in html for clock in document.context["clocks"])
    assert "时限证书" in document_html(issue.chinese)
    assert "Clock certificate" in document_html(issue.english)


def test_sent_twice_it_is_issued_once(case, agent):
    for _again in range(2):
        assert issue_at(agent, case, after=case.event_count).status_code == 303
    assert CaseEvent.objects.filter(case=case, kind=ISSUED).count() == 1
    assert Document.objects.filter(key__startswith=f"clocks:{case.pk}:").count() == 2
    fresh = Case.objects.get(pk=case.pk)
    issue_at(agent, fresh)
    assert [issue.sequence for issue in issues_of(fresh)] == [fresh.event_count, case.event_count]


def test_a_print_that_is_not_ready_is_not_found(case, agent):
    issue_at(agent, case)
    [issue] = issues_of(case)
    for language, kind in (("zh-hans", 404), ("de", 404)):
        address = reverse("desk:clocks_pdf", args=[case.reference, issue.sequence, language])
        assert agent.get(address).status_code == kind
    address = reverse("desk:clocks_json", args=[case.reference, issue.sequence + 7])
    assert agent.get(address).status_code == 404


def test_certificates_of_other_cases_stay_there(case, agent):
    issue_at(agent, case)
    [issue] = issues_of(case)
    other = make_case()
    address = reverse("desk:clocks_json", args=[other.reference, issue.sequence])
    assert agent.get(address).status_code == 404


@pytest.mark.parametrize("role", [Role.FINANCE, Role.MEDIATOR])
def test_who_may_not_see_the_case_sees_no_clocks(case, role):
    client = staff_client(role)
    assert client.get(reverse("desk:clocks", args=[case.reference])).status_code == 404
    assert issue_at(client, case).status_code == 404
    assert not CaseEvent.objects.filter(case=case, kind=ISSUED).exists()


def test_nobody_but_staff_can_issue(case):
    with pytest.raises(StepForbidden):
        issue_certificate(case, by=Actor.consumer(), after=0, cause_text=cause_texts)


def spelled(node: ast.expr) -> set[str]:
    """Causes that an argument spells out; a name in brackets is looked up."""
    if isinstance(node, ast.IfExp):
        return spelled(node.body) | spelled(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def test_every_cause_has_words():
    causes = set()
    for path in (ROOT / "complaints" / "services").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "cause":
                causes |= spelled(node.value)
    assert {"cap_reached", "policy_published"} <= causes
    assert causes - set(EVENT_TEXTS) - set(CAUSE_TEXTS) == set()

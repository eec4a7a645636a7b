"""Proposals at intake, their confirmation, and the two people whom lowering takes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase, StepForbidden
from complaints.models import Batch, LoweringRequest
from complaints.moments import now, shifted_to
from complaints.selectors.triage import floor_of, marked_text, proposal_of, reason_rows
from complaints.services.desk import accept_classified
from complaints.services.lowering import decide_lowering, request_lowering
from complaints.services.triage import accept, classify, raise_emergency, record_safety_action
from complaints.services.triage_decisions import decide_triage
from complaints.states import Channel, ClockKind, Severity, Urgency
from tests.factories import complaint, make_case, make_product, make_user, staff

pytestmark = pytest.mark.django_db
BURNT = "热水壶漏电，孩子被烫伤了。"


def emergency_clocks(case):
    return case.clocks.filter(kind=ClockKind.EMERGENCY)


def test_an_emergency_proposed_starts_the_two_hour_clock_at_receipt():
    """应急: 紧急程度「紧急」由系统建议或由人设定, 都从收到时起算 2 小时."""
    case = make_case(description=BURNT)

    clock = emergency_clocks(case).get()
    assert case.urgency == Urgency.EMERGENCY
    assert clock.due_at - case.received_at == timedelta(hours=2)
    assert case.triage_proposal.safety


def test_what_is_stored_holds_places_and_no_words():
    case = make_case(description=BURNT, wished_detail="请赔偿医药费，已经打12315投诉")
    proposal = case.triage_proposal

    assert "烫" not in str(proposal.findings)
    words = {row["name"]: row["words"] for row in reason_rows(case, proposal)}
    assert words["漏电、触电或短路"] == ["漏电"]
    assert any("12315" in word for word in words["已经或准备向监管部门反映"])
    assert "".join(piece for piece, _told in marked_text(case, proposal)).startswith(BURNT)
    assert ("漏电", True) in marked_text(case, proposal)


def test_an_ordinary_complaint_stays_normal_and_its_severity_is_for_a_person():
    case = make_case()

    assert (case.urgency, case.severity) == (Urgency.NORMAL, "")
    assert not emergency_clocks(case).exists()
    assert case.triage_proposal.urgency == Urgency.NORMAL


def test_the_third_case_on_a_batch_within_a_week_is_an_emergency():
    product = make_product()
    Batch.objects.create(product=product, code="B1")
    on_batch = {"product_id": product.pk, "batch_code": "B1"}

    make_case(**on_batch)
    with shifted_to(now() + timedelta(days=8)):
        make_case(**on_batch)
        second = make_case(**on_batch)
        third = make_case(**on_batch)

    assert second.urgency == Urgency.NORMAL
    assert third.urgency == Urgency.EMERGENCY
    assert [row["kind"] for row in reason_rows(third, third.triage_proposal)] == ["harm", "fault"]


@pytest.mark.parametrize(
    ("before", "now_told", "urgency"),
    [
        pytest.param({"issue": "COSMETIC"}, {"issue": "COSMETIC"}, "emergency", id="same issue"),
        pytest.param({"issue": "COSMETIC"}, {"issue": "DEFECT"}, "normal", id="other issue"),
        pytest.param(
            {"issue": "DEFECT", "danger": True}, {"issue": "COSMETIC"}, "emergency", id="dangers"
        ),
        pytest.param(
            {"issue": "DEFECT", "description": "水壶漏电。"},
            {"issue": "COSMETIC"},
            "emergency",
            id="dangers in the text",
        ),
        pytest.param(
            {"category": "PRIVACY", "issue": "PRIVACY"},
            {"category": "PRIVACY", "issue": "PRIVACY"},
            "normal",
            id="personal data",
        ),
        pytest.param(
            {"issue": "DEFECT", "danger": True},
            {"category": "PRIVACY", "issue": "PRIVACY"},
            "normal",
            id="personal data beside dangers",
        ),
    ],
)
def test_only_what_tells_of_the_same_counts_on_a_batch(before, now_told, urgency):
    product = make_product()
    Batch.objects.create(product=product, code="B1")
    common = {"product_id": product.pk, "batch_code": "B1", "category": "QUALITY"}

    for _ in range(2):
        make_case(**common | before)
    third = make_case(**common | now_told)

    assert third.urgency == urgency
    assert third.triage_proposal.safety == (urgency == "emergency")


def test_what_the_regulator_refers_has_the_regulators_clock_and_no_emergency():
    case = make_case(channel=Channel.REGULATOR_12315)

    assert (case.urgency, case.triage_proposal.severity) == (Urgency.NORMAL, Severity.MODERATE)
    assert "由监管部门或消协转来" in [
        row["name"] for row in reason_rows(case, case.triage_proposal)
    ]


def test_a_consumer_who_went_to_the_regulator_is_an_emergency_but_no_safety_case():
    case = make_case(description="不给退款，我已经打12315投诉了")

    assert case.urgency == Urgency.EMERGENCY
    assert not case.triage_proposal.safety


def test_words_are_not_shown_of_a_text_that_changed():
    case = make_case(description=BURNT)
    case.description = "已删除"

    assert all(not row["words"] for row in reason_rows(case, case.triage_proposal))


def test_a_person_confirms_a_proposal():
    case, agent = make_case(description=BURNT), staff(Role.AGENT)

    case = decide_triage(case, by=agent, urgency="emergency", severity="severe")

    proposal = case.triage_proposal
    assert (case.severity, proposal.decision, proposal.decided_by) == (
        Severity.SEVERE,
        "confirmed",
        agent.user,
    )
    assert emergency_clocks(case).count() == 1


def test_a_person_raises_what_was_proposed_with_a_reason():
    case, agent = make_case(), staff(Role.AGENT)

    with pytest.raises(CaseError, match="理由"):
        decide_triage(case, by=agent, urgency="emergency", severity="severe")
    case = decide_triage(
        case, by=agent, urgency="emergency", severity="severe", reason="电话里说冒烟了"
    )

    assert (case.urgency, case.severity) == (Urgency.EMERGENCY, Severity.SEVERE)
    assert emergency_clocks(case).filter(stopped_at=None).count() == 1
    assert case.triage_proposal.decision == "changed"


def test_one_person_alone_cannot_lower_a_safety_case_by_any_service():
    case, agent = make_case(description=BURNT), staff(Role.AGENT)
    before = case.event_count

    with pytest.raises(CaseError, match="另一位同事"):
        decide_triage(case, by=agent, urgency="normal", severity="severe", reason="误报")
    with pytest.raises(CaseError, match="另一位同事"):
        classify(case, by=agent, severity="minor")
    with pytest.raises(CaseError, match="另一位同事"):
        accept_classified(
            case,
            by=agent,
            category="QUALITY",
            issue="SAFETY",
            severity="moderate",
            next_steps="我们会联系你",
            expected_on=now().date() + timedelta(days=7),
        )

    case.refresh_from_db()
    assert (case.urgency, case.severity, case.event_count) == (Urgency.EMERGENCY, "", before)


def test_two_people_lower_a_safety_case_and_its_clock_stops():
    case, agent, other = make_case(description=BURNT), staff(Role.AGENT), staff(Role.MANAGER)

    case = request_lowering(case, by=agent, urgency="normal", severity="minor", reason="是玩笑")
    assert case.urgency == Urgency.EMERGENCY
    case = decide_lowering(case, by=other, approve=True, reason="已电话核实")

    assert (case.urgency, case.severity) == (Urgency.NORMAL, Severity.MINOR)
    assert not emergency_clocks(case).filter(stopped_at=None).exists()
    assert floor_of(case).severity == Severity.MINOR
    assert classify(case, by=agent, severity="minor").severity == Severity.MINOR


def test_a_lowered_case_can_be_raised_again():
    case, agent, other = make_case(description=BURNT), staff(Role.AGENT), staff(Role.MANAGER)
    request_lowering(case, by=agent, urgency="normal", severity="minor", reason="是玩笑")
    case = decide_lowering(case, by=other, approve=True, reason="已电话核实")

    case = raise_emergency(case, by=agent, reason="又来电，确实烫伤")

    assert emergency_clocks(case).filter(stopped_at=None).count() == 1


def test_what_was_raised_anew_takes_two_again():
    case, agent, other = make_case(description=BURNT), staff(Role.AGENT), staff(Role.MANAGER)
    request_lowering(case, by=agent, urgency="normal", severity="minor", reason="是玩笑")
    case = decide_lowering(case, by=other, approve=True, reason="已电话核实")
    case = classify(case, by=other, severity="severe")

    with pytest.raises(CaseError, match="另一位同事"):
        classify(case, by=agent, severity="minor")


@pytest.mark.parametrize(("severity", "decision"), [("minor", "confirmed"), ("severe", "changed")])
def test_who_accepts_has_decided_on_the_proposal(severity: str, decision: str):
    agent = staff(Role.AGENT)
    case = make_case(description="退货寄回去两周了，还没有退款。")
    assert proposal_of(case).severity == "minor"
    case = classify(case, by=agent, severity=severity)
    accept(case, by=agent, next_steps="核对物流", expected_on=now().date() + timedelta(days=7))
    proposal = proposal_of(case)
    assert (proposal.decision, proposal.decided_by) == (decision, agent.user)


def test_who_asks_may_not_decide_not_even_in_the_database():
    case, agent = make_case(description=BURNT), staff(Role.AGENT)
    case = request_lowering(case, by=agent, urgency="normal", severity="minor", reason="是玩笑")

    with pytest.raises(StepForbidden, match="另一位同事"):
        decide_lowering(case, by=agent, approve=True, reason="我自己批")
    with pytest.raises(IntegrityError, match="complaints_lowering_takes_two"), transaction.atomic():
        LoweringRequest.objects.update(approved=True, decided_by=agent.user, decided_at=now())

    case.refresh_from_db()
    assert case.urgency == Urgency.EMERGENCY


def test_a_refused_request_changes_nothing_and_another_may_follow():
    case, agent, other = make_case(description=BURNT), staff(Role.AGENT), staff(Role.AGENT)
    case = request_lowering(case, by=agent, urgency="normal", severity="minor", reason="是玩笑")
    with pytest.raises(CaseError, match="等人决定"):
        request_lowering(case, by=other, urgency="normal", severity="minor", reason="我也觉得")

    case = decide_lowering(case, by=other, approve=False, reason="没有核实")

    assert case.urgency == Urgency.EMERGENCY
    request_lowering(case, by=agent, urgency="normal", severity="minor", reason="核实过了")
    assert LoweringRequest.objects.filter(case=case).count() == 2


@pytest.mark.parametrize(
    ("urgency", "severity", "reason", "words"),
    [
        ("normal", "minor", " ", "为什么"),
        ("emergency", "severe", "不变", "不算降级"),
        ("soon", "minor", "写错了", "紧急程度"),
    ],
)
def test_a_request_that_says_nothing_is_refused(urgency, severity, reason, words):
    case, agent = make_case(description=BURNT), staff(Role.AGENT)

    with pytest.raises(CaseError, match=words):
        request_lowering(case, by=agent, urgency=urgency, severity=severity, reason=reason)

    assert not LoweringRequest.objects.exists()


def test_only_the_desk_asks_and_decides():
    case = make_case(description=BURNT)
    for actor in (staff(Role.FINANCE), Actor.consumer(), Actor.system()):
        with pytest.raises(StepForbidden):
            request_lowering(case, by=actor, urgency="normal", severity="minor", reason="理由")
        with pytest.raises(StepForbidden):
            decide_triage(case, by=actor, urgency="emergency", severity="severe")


def test_a_stale_decision_is_refused():
    case, agent = make_case(description=BURNT), staff(Role.AGENT)
    record_safety_action(case, by=agent, action="已请对方断电", consumer_reached=True)

    with pytest.raises(StaleCase):
        decide_triage(case, by=agent, urgency="emergency", severity="severe", seen=case.version)


def page(name, case):
    return reverse(f"complaints:{name}", args=[case.reference])


def test_the_triage_page_shows_the_reasons_and_marks_the_words(client):
    case = make_case(description=BURNT)
    client.force_login(make_user(Role.AGENT))

    shown = client.get(page("triage", case)).content.decode()

    assert "漏电、触电或短路" in shown
    assert "<mark>漏电</mark>" in shown


def test_the_pages_refuse_one_person_and_let_two(client):
    case, agent, other = make_case(description=BURNT), make_user(Role.AGENT), make_user(Role.AGENT)
    lower = {"urgency": "normal", "severity": "minor", "reason": "消费者说是玩笑"}
    client.force_login(agent)

    refused = client.post(page("triage", case), lower)
    assert refused.status_code == 422
    assert "降级申请" in refused.content.decode()
    assert client.post(page("lowering", case), lower).status_code == 303
    own = client.post(page("lowering_decide", case), {"approve": "yes", "reason": "我批"})
    assert own.status_code == 422
    assert "另一位同事" in own.content.decode()

    client.force_login(other)
    assert "消费者说是玩笑" in client.get(page("lowering_decide", case)).content.decode()
    done = client.post(page("lowering_decide", case), {"approve": "yes", "reason": "已核实"})

    case.refresh_from_db()
    assert (done.status_code, case.urgency, case.severity) == (303, "normal", "minor")


def test_a_page_confirms_with_one_press(client):
    case, agent = make_case(description=BURNT), make_user(Role.AGENT)
    client.force_login(agent)

    answer = client.post(page("triage", case), {"urgency": "emergency", "severity": "severe"})

    case.refresh_from_db()
    assert (answer.status_code, case.severity) == (303, "severe")


def test_intake_and_its_proposal_are_one_transaction(monkeypatch):
    from complaints.models import Case
    from complaints.services import intake

    def fail(*args, **kwargs):
        raise RuntimeError("cut")

    monkeypatch.setattr(intake, "proposal_row", fail)
    with pytest.raises(RuntimeError):
        intake.submit_complaint(complaint(description=BURNT), by=Actor.consumer())

    assert not Case.objects.exists()

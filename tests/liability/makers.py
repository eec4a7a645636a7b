"""Makers of investigated and decided cases, by the services."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from accounts.models import User
from accounts.states import Role
from complaints import sealing
from complaints.actors import Actor
from complaints.models import Batch, Case, OutboxMessage
from complaints.moments import now
from complaints.services.intake import submit_complaint
from complaints.services.triage import accept, classify
from liability.decisions import FindingData, ShareData
from liability.models import ConsultTask, Inspection
from liability.services.consulting import Question, ask_consult
from liability.services.findings import determine_liability, settle_directly
from liability.services.inspecting import Appointment, propose_inspection
from liability.services.investigating import open_investigation, record_statement
from liability.states import (
    OUTSIDE,
    Addressee,
    InspectionKind,
    LiabilityKind,
    Outcome,
    Party,
    ShareTable,
)
from tests.factories import complaint, make_case, make_product, make_user, staff


def accepted_case(*, severity: str = "moderate", by: Actor | None = None, **fields: Any) -> Case:
    """A case accepted by an agent, who owns it."""
    agent = by or staff(Role.AGENT)
    case = classify(make_case(**fields), by=agent, severity=severity)
    due = (now() + timedelta(days=7)).date()
    return accept(case, by=agent, next_steps="我们会检测这台水壶。", expected_on=due)


def investigating_case(*, lead: User | None = None, **fields: Any) -> Case:
    """A case under investigation."""
    case = accepted_case(**fields)
    return open_investigation(
        case,
        by=staff(Role.AGENT),
        lead=lead or make_user(Role.INVESTIGATOR),
        questions="底座为什么冒烟？",
    )


def hear_respondent(case: Case, *outside: str, by: Actor | None = None) -> None:
    """Record what the respondent said, and each outside party that is named."""
    for name in ("生产部门", *outside):
        record_statement(
            case,
            by=by or staff(Role.INVESTIGATOR),
            party="respondent",
            name=name,
            text="温控器触点粘连。",
            heard_at=now(),
        )


def outward(party: str = Party.SELLER, share: str = "100", **fields: Any) -> ShareData:
    """A share towards the consumer."""
    return ShareData(
        table=ShareTable.OUTWARD,
        party=party,
        share=Decimal(share),
        kind=fields.pop("kind", LiabilityKind.SEVERAL),
        ground=fields.pop("ground", "消费者权益保护法第五十二条"),
        **fields,
    )


def inward(party: str, share: str, **fields: Any) -> ShareData:
    """A share in the recourse."""
    return ShareData(
        table=ShareTable.INWARD, party=party, share=Decimal(share), ground="批次追溯", **fields
    )


def liable(*shares: ShareData, **fields: Any) -> FindingData:
    """A finding that we are liable."""
    return FindingData(
        outcome=fields.pop("outcome", Outcome.LIABLE),
        reasons_consumer=fields.pop("reasons_consumer", "检测确认是底座温控器缺陷。"),
        shares=shares or (outward(),),
        **fields,
    )


def determined_case(*, outcome: str = Outcome.LIABLE, **fields: Any) -> Case:
    """A case with a finding."""
    case = investigating_case(**fields)
    hear_respondent(case)
    shares = (outward(),) if outcome == Outcome.LIABLE else (outward(Party.FORCE_MAJEURE),)
    return determine_liability(
        case, by=staff(Role.INVESTIGATOR), finding=liable(*shares, outcome=outcome)
    )


def directly_settled_case(**fields: Any) -> Case:
    """A minor case that we admit without an investigation."""
    case = accepted_case(severity="minor", **fields)
    return settle_directly(case, by=staff(Role.AGENT), reasons="外壳划痕是出厂时造成的。")


def question(addressee: str = Addressee.SUPPLIER, **fields: Any) -> Question:
    """A question to an outside party, unless another addressee is named."""
    if addressee in OUTSIDE:
        fields.setdefault("party_name", "恒达温控")
        fields.setdefault("email", "li@hengda.example")
    return Question(
        question=fields.pop("question", "请说明 2609B 批温控器的出厂检验情况。"),
        addressee=addressee,
        **fields,
    )


def consult(case: Case | None = None, *, by: Actor | None = None, **fields: Any) -> ConsultTask:
    """A consult task of a case under investigation."""
    return ask_consult(
        case or investigating_case(),
        by=by or staff(Role.INVESTIGATOR),
        question=question(**fields),
        nonce=uuid4(),
    )


def secret_of(task: ConsultTask) -> str:
    """The secret of the latest link that was mailed for a task."""
    link = task.links.order_by("-id")[0]
    message = OutboxMessage.objects.get(key=f"consult-link:{link.pk}")
    return str(sealing.unseal_for_installation(message.sealed)["consult"])


def inspection(case: Case | None = None, *, by: Actor | None = None, **fields: Any) -> Inspection:
    """An inspection that was proposed to the consumer."""
    return propose_inspection(
        case or investigating_case(),
        by=by or staff(Role.INVESTIGATOR),
        appointment=Appointment(
            kind=fields.pop("kind", InspectionKind.ON_SITE),
            technician=fields.pop("technician", None) or make_user(Role.INVESTIGATOR),
            purpose=fields.pop("purpose", "看屏幕触摸有没有反应"),
            starts_at=fields.pop("starts_at", None) or now() + timedelta(days=1),
            place=fields.pop("place", "上海市徐汇区漕溪北路 18 号"),
            **fields,
        ),
    )


def batch_surge(*, code: str = "B-0722", usual: int = 3, recent: int = 9) -> list[Case]:
    """Complaints about one batch: a few in half a year, many in the last ten days; oldest first."""
    product = make_product()
    Batch.objects.create(product=product, code=code, units_sold=5000)
    days = [200 - 60 * number for number in range(usual)]
    days += [9 - number % 10 for number in range(recent)]
    return [
        submit_complaint(
            complaint(product_id=product.pk, batch_code=code),
            by=Actor.consumer(),
            since=now() - timedelta(days=ago),
        ).case
        for ago in days
    ]

"""Makers of reviews, mediations and outside proceedings, by the services."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from accounts.states import Role
from agreements.days import today
from agreements.terms import AgreementTerms, TermLine, Undertaking
from complaints.actors import Actor
from complaints.models import Case
from complaints.services.triage import accept, classify, decline
from liability.states import Outcome
from reviews.models import Mediation, Proceeding, Review
from reviews.services.deciding import DecisionData, assign_panel, decide_review
from reviews.services.mediating import Guest, invite_mediator, refer_to_mediation
from reviews.services.proceedings import ProceedingData, record_proceeding
from reviews.services.requesting import request_review
from reviews.states import ProceedingKind
from tests.compensation.makers import offered_case
from tests.factories import make_case, make_user, staff
from tests.liability.makers import determined_case, investigating_case

TEXT = "检测说是我用错了，可我有视频。"


def declined_case() -> Case:
    """A complaint that was not accepted."""
    return decline(
        make_case(),
        by=staff(Role.AGENT),
        ground="out_of_remit",
        advice="请联系购买的商家。",
        review_until=today() + timedelta(days=15),
    )


def accepted_case() -> Case:
    """A case just accepted."""
    agent = staff(Role.AGENT)
    case = classify(make_case(), by=agent, severity="moderate")
    return accept(case, by=agent, next_steps="会检测", expected_on=today() + timedelta(days=7))


def unliable_case() -> Case:
    """A case in which we are not liable."""
    return determined_case(outcome=Outcome.NOT_LIABLE)


def requested(case: Case | None = None, *, by: Actor | None = None, **fields: Any) -> Review:
    """A review that somebody asked for."""
    return request_review(
        case or unliable_case(),
        by=by or Actor.consumer(),
        grounds=fields.pop("grounds", ["facts"]),
        text=fields.pop("text", TEXT),
        **fields,
    )


def reviewer() -> User:
    """Somebody who decides reviews."""
    return make_user(Role.REVIEWER)


def assigned(case: Case | None = None, **fields: Any) -> tuple[Review, User]:
    """A review with a panel of one."""
    member = reviewer()
    review = assign_panel(requested(case, **fields), by=Actor.staff(member), members=[member])
    return review, member


def decision_data(review: Review, decision: str = "uphold", **fields: Any) -> DecisionData:
    """A whole decision."""
    return DecisionData(
        decision=decision,
        reasons=fields.pop("reasons", "视频和检测结论不矛盾。"),
        outcome_text=fields.pop("outcome_text", "维持原决定。"),
        findings=fields.pop(
            "findings", {ground.pk: "理由不成立。" for ground in review.grounds.all()}
        ),
        **fields,
    )


def decided(case: Case | None = None, *, decision: str = "uphold", **fields: Any) -> Review:
    """A decided review."""
    review, member = assigned(case)
    decide_review(
        review, by=Actor.staff(member), decision=decision_data(review, decision, **fields)
    )
    return Review.objects.get(pk=review.pk)


def mediation(case: Case | None = None, **fields: Any) -> Mediation:
    """A mediation that the consumer asked for."""
    return refer_to_mediation(
        case or offered_case(), by=Actor.consumer(), wish=fields.pop("wish", "想多赔一点。")
    )


def guest(**fields: str) -> Guest:
    """A third party."""
    return Guest(
        name=fields.get("name", "何调解"),
        organisation=fields.get("organisation", "闵行区消费者协会"),
        email=fields.get("email", "he@example.test"),
    )


def guided(case: Case | None = None) -> tuple[Mediation, str]:
    """A mediation led by a third party, and the secret of the link."""
    opened = mediation(case)
    secret = invite_mediator(opened, by=staff(Role.AGENT), guest=guest())
    return Mediation.objects.select_related("case").get(pk=opened.pk), secret


def settlement_terms(amount: str = "320.00") -> AgreementTerms:
    """What both sides came to."""
    money = Decimal(amount)
    return AgreementTerms(
        lines=(TermLine("退款和补偿", money, basis="双方协商"),),
        undertakings=(
            Undertaking("payment", "支付补偿款", today() + timedelta(days=10), amount=money),
        ),
        complaint="水壶底座不加热。",
        findings="双方确认水壶底座有缺陷。",
    )


def suspended(kind: str = ProceedingKind.COURT, case: Case | None = None) -> Proceeding:
    """A case whose handling rests because of a proceeding elsewhere."""
    return record_proceeding(
        case or investigating_case(),
        by=staff(Role.AGENT),
        proceeding=ProceedingData(
            kind=kind, body="上海市闵行区人民法院", filed_on=today(), suspends=True
        ),
    )

"""One case lived through in the past: each step is the service that a person's click calls.

Time is moved forward between steps, and the clocks are swept on the way, so that warnings, breaches
and reminders stand in the log as they would have.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from accounts.models import User
from agreements.days import today
from agreements.forms.duties import agreed_duties
from agreements.models import Agreement, Obligation
from agreements.selectors import proposed_terms
from agreements.services.drafting import draft_agreement
from agreements.services.factors import Factor, request_company_code
from agreements.services.following_up import record_follow_up
from agreements.services.offering import offer_for_signature
from agreements.services.performing import PaymentData, record_payment, record_performance
from agreements.services.pursuing import pursue
from agreements.services.signing import request_sign_code, sign_as_consumer, sign_for_company
from agreements.states import Debtor, ObligationKind, ObligationStatus, PaymentMethod
from agreements.terms import AgreementTerms, PartyData
from compensation.drafts import LineData, OptionData, PlanData
from compensation.models import Offer, PlanOption
from compensation.services.answering import accept_option, counter
from compensation.services.approving import FEWEST_OPTIONS, approve_plan, submit_plan
from compensation.services.offering import expire_offers, send_offer
from compensation.services.planning import save_plan
from compensation.services.sheets import record_sheet
from compensation.states import LineKind, OptionKind, PlanStatus
from complaints import sealing
from complaints.actors import Actor
from complaints.models import Case, OutboxMessage
from complaints.moments import now, shift_to
from complaints.services import triage
from complaints.services.conversation import write_message, write_note
from complaints.services.evidence import add_evidence
from complaints.services.intake import ComplaintData, ContactData, submit_complaint
from complaints.services.sweeping import sweep
from complaints.states import ISSUES_BY_CATEGORY, Category, Urgency
from config.demo.cast import SUPPLIER
from config.demo.complaints import DemoComplaint
from config.demo.plans import lose, plan_of_rules
from liability.decisions import FindingData, ShareData
from liability.services.approving import approve_finding, submit_finding
from liability.services.findings import settle_directly
from liability.services.investigating import (
    add_note,
    open_investigation,
    record_statement,
    start_round,
)
from liability.states import LiabilityKind, Outcome, Party, ShareTable, StatementParty
from reviews.services.mediating import end_mediation
from reviews.states import MediationOutcome

BASIS = "《消费者权益保护法》第五十二条"
CONSUMER = Actor.consumer()


@dataclass(frozen=True)
class Staff:
    """Who acts in the stories."""

    users: dict[str, User]
    password: str

    def __getitem__(self, username: str) -> Actor:
        return Actor.staff(self.users[username])


class Story:
    """A case of the demonstration, from its first day on."""

    def __init__(
        self,
        told: DemoComplaint,
        *,
        staff: Staff,
        product_id: int,
        present: datetime,
        chance: random.Random,
    ) -> None:
        self.told, self.staff, self.present, self.chance = told, staff, present, chance
        self.start = present - timedelta(days=told.days)
        self.agent = chance.choice(["agent", "agent", "agent2", "agent3"])
        self.at = self.start
        shift_to(self.start)
        self.case = self._receive(product_id)

    @property
    def handler(self) -> Actor:
        """The agent who handles the case."""
        return self.staff[self.agent]

    @property
    def paid(self) -> Decimal:
        """What the consumer paid."""
        return self.case.amount_paid or Decimal(0)

    def after(self, *, hours: float = 0, days: float = 0) -> Story:
        """Let time pass and sweep; never beyond the present."""
        self.at = min(self.at + timedelta(hours=hours, days=days), self.present)
        shift_to(self.at)
        sweep()
        self.refresh()
        return self

    def to_the_present(self) -> Story:
        """Let the rest of the time pass: what is overdue becomes so."""
        shift_to(self.present)
        sweep()
        expire_offers()
        pursue()
        self.refresh()
        return self

    def refresh(self) -> None:
        """Read the case again."""
        self.case = Case.objects.select_related("consumer", "product", "batch", "owner").get(
            pk=self.case.pk
        )

    def _receive(self, product_id: int) -> Case:
        told = self.told
        category = category_of(told.issue)
        number = self.chance.randrange(10_000_000)
        data = ComplaintData(
            title=told.title,
            description=told.text,
            contact=ContactData(
                name=told.name,
                phone=f"139{number:08d}",
                email=f"demo{number}@mail.example",
                address="上海市徐汇区漕溪北路 18 号",
            ),
            channel=told.channel,
            language=told.language,
            category=category,
            issue=told.issue,
            wished_remedy=told.wish,
            occurred_on=(self.start - timedelta(days=1)).date(),
            danger=told.danger,
            product_id=product_id,
            batch_code=told.batch,
            order_number=f"A{self.start:%Y%m%d}{number % 10000:04d}",
            purchased_on=(self.start - timedelta(days=20)).date(),
            amount_paid=Decimal(told.paid) if told.paid else None,
            tier=told.tier,
            needs_care=told.care,
        )
        by = CONSUMER if told.channel == "web_form" else self.handler
        case = submit_complaint(data, by=by).case
        if told.danger or self.chance.random() < 0.5:
            add_evidence(
                case,
                by=CONSUMER,
                upload=ContentFile(picture(told.title, self.chance)),
                name=self.chance.choice(["照片1.png", "IMG_2041.png", "现场.png"]),
            )
        return case

    # Steps

    def safety(self, *, hours: float = 0.7) -> Story:
        """Answer a danger by phone."""
        self.after(hours=hours)
        if self.case.urgency == Urgency.EMERGENCY and self.case.safety_action_at is None:
            self.case = triage.record_safety_action(
                self.case,
                by=self.handler,
                action="电话联系消费者，确认人身安全，请其断电停用、保留原物，安排上门取件检测。",
                consumer_reached=True,
            )
        return self

    def accept(self, *, hours: float = 2) -> Story:
        """Classify and accept, with next steps and a date."""
        if self.case.urgency == Urgency.EMERGENCY:
            self.safety(hours=min(0.7, hours))
        self.after(hours=hours)
        self.case = triage.assign(self.case, owner=self.staff.users[self.agent], by=self.handler)
        self.case = triage.classify(self.case, by=self.handler, severity=self.told.severity)
        english = self.told.language == "en"
        self.case = triage.accept(
            self.case,
            by=self.handler,
            next_steps=(
                "We have accepted your complaint. We will collect the product and test it, "
                "and tell you the result within five working days."
                if english
                else "我们受理了你的投诉。接下来取件检测，五个工作日内告诉你结果，运费由我们承担。"
            ),
            expected_on=(now() + timedelta(days=7)).date(),
        )
        return self

    def investigate(self, *, hours: float = 4, heard: bool = True) -> Story:
        """Open the investigation, hear the maker, write a note."""
        self.after(hours=hours)
        self.case = open_investigation(
            self.case,
            by=self.handler,
            lead=self.staff.users["investigator"],
            questions="故障是否存在，原因是什么；是否与使用方式有关；同批次有没有同样的问题。",
        )
        self.after(days=1)
        by = self.staff["investigator"]
        add_note(self.case, by=by, text="已收到实物，外观与消费者描述一致，转检测。")
        if heard:
            record_statement(
                self.case,
                by=by,
                party=StatementParty.RESPONDENT,
                name="质量部 / 生产线",
                text="查看了生产和出厂检验记录，同批次近期另有类似反馈，同意按检测结果处理。",
                heard_at=now(),
            )
        if heard and self.told.batch == "2609B":
            record_statement(
                self.case,
                by=by,
                party=StatementParty.RESPONDENT,
                name=SUPPLIER[0],
                text="复核了该批温控器的出货检验，愿意按供货合同承担相应部分。",
                heard_at=now(),
            )
        self.refresh()
        return self

    def rehear(self) -> None:
        """After a remittal: a new round, with the maker heard again."""
        by = self.staff["investigator"]
        self.case = start_round(
            self.case,
            by=by,
            lead=self.staff.users["investigator"],
            questions="按复议决定，复核消费者补充的视频。",
        )
        self.after(days=1)
        record_statement(
            self.case,
            by=by,
            party=StatementParty.RESPONDENT,
            name="研发部",
            text="复核视频后同意：避障传感器没有触发，属于产品问题。",
            heard_at=now(),
        )
        self.refresh()

    def end_mediation(self) -> None:
        """The talk did not lead to an agreement on the spot."""
        self.after(days=2)
        self.case = end_mediation(
            self.case.mediations.get(ended_at=None),
            by=self.staff["mediator"],
            outcome=MediationOutcome.FAILED,
            note="双方对金额仍有分歧，公司愿意重新提出方案。",
        )

    def converse(self, question: str, answer: str) -> Story:
        """The consumer asks and the agent answers; a note stays inside."""
        self.case = write_message(self.case, by=CONSUMER, body=question)
        self.after(hours=1.5)
        self.case = write_message(self.case, by=self.handler, body=answer)
        self.case = write_note(
            self.case, by=self.handler, body="已和质量部确认检测排期，优先处理。"
        )
        return self

    def find(self, *, days: float = 1.5, outcome: str = Outcome.LIABLE, reasons: str = "") -> Story:
        """Decide who bears what."""
        self.after(days=days)
        finding = FindingData(
            outcome=outcome,
            reasons_consumer=reasons
            or "检测确认故障存在，是产品自身的问题，与你的使用方式无关，责任在我们。",
            reasons_internal="检测报告与生产记录一致；内部按供货合同向责任方追偿。",
            shares=shares_for(outcome, self.told),
        )
        done = submit_finding(self.case, by=self.staff["investigator"], finding=finding)
        self.case = done.case
        if done.waiting is not None:
            self.after(hours=1)
            self.case = approve_finding(
                self.case, by=self.staff["approver"], draft=done.waiting, note="同意。"
            )
        return self

    def admit(self, *, hours: float = 2) -> Story:
        """A minor case goes straight to the remedy."""
        self.after(hours=hours)
        self.case = settle_directly(
            self.case, by=self.handler, reasons="照片已经能说明问题，责任在我们，不用再寄回检测。"
        )
        return self

    def plan(
        self, *, hours: float = 3, submit: bool = True, approve: bool = True, more: bool = False
    ) -> Story:
        """Reckon the floor, take over what the rules propose, submit, have it approved if needed.

        A later round gives `more` than the rules propose, and says why.
        """
        self.after(hours=hours)
        facts = floor_facts(self.paid) | lose(self.case, by=self.handler)
        record_sheet(self.case, by=self.handler, facts=facts)
        self.refresh()
        written = plan_of_rules(self.case, more=more)
        if len(written.options) < FEWEST_OPTIONS:
            written = plan_for(self.told, self.paid)
        plan = save_plan(self.case, by=self.handler, plan=written)
        if submit:
            plan = submit_plan(self.case, by=self.handler, plan=plan)
            if plan.status == PlanStatus.PENDING_APPROVAL and approve:
                self.after(hours=2)
                plan = approve_plan(self.case, by=self.staff["approver"], plan=plan, note="同意。")
        self.working_plan = plan
        self.refresh()
        return self

    def offer(self, *, hours: float = 1) -> Story:
        """Send the plan to the consumer."""
        self.after(hours=hours)
        self.case = send_offer(self.case, by=self.handler, plan=self.working_plan)
        return self

    def choose(self, *, hours: float = 20, position: int | None = None) -> Story:
        """The consumer chooses an option."""
        self.after(hours=hours)
        offer = Offer.objects.get(plan=self.working_plan)
        options = list(PlanOption.objects.filter(plan=self.working_plan).order_by("position"))
        index = position if position is not None else self.chance.randrange(len(options))
        self.case = accept_option(
            self.case,
            by=CONSUMER,
            offer=offer,
            option=options[index],
            seen_digest=offer.content_digest,
        )
        return self

    def object(self, text: str, *, amount: str = "", hours: float = 15) -> Story:
        """The consumer says something else than yes."""
        self.after(hours=hours)
        offer = Offer.objects.get(plan=self.working_plan)
        wished = Decimal(amount) if amount else None
        self.case = counter(self.case, by=CONSUMER, offer=offer, text=text, amount=wished)
        return self

    def draft(
        self, *, hours: float = 3, effective_in_days: int | None = None, in_parts: int = 1
    ) -> Story:
        """Write the agreement and offer it for signature."""
        self.after(hours=hours)
        effective = (
            (now() + timedelta(days=effective_in_days)).date() if effective_in_days else None
        )
        contact = self.case.consumer.contact
        self.agreement = draft_agreement(
            self.case,
            by=self.handler,
            effective_on=effective,
            terms=terms_in_parts(self.case, in_parts) if in_parts > 1 else None,
            party=PartyData(
                name=contact["name"],
                phone=contact["phone"],
                address=contact["address"],
                payee="微信支付原路",
            ),
        )
        self.agreement = offer_for_signature(self.agreement, by=self.handler)
        self.refresh()
        return self

    def consumer_signs(self, *, hours: float = 6) -> Story:
        """The consumer signs with the code from the mail."""
        self.after(hours=hours)
        code = request_sign_code(self.agreement, by=CONSUMER)
        sent = OutboxMessage.objects.get(key=f"code:{code.pk}")
        secret = sealing.unseal_for_installation(sent.sealed) or {}
        digits = secret["code"]
        self.agreement = sign_as_consumer(
            self.agreement,
            by=CONSUMER,
            consent=True,
            code=digits,
            typed_name=self.case.consumer.name,
        )
        return self

    def company_signs(self, *, hours: float = 2) -> Story:
        """The company signs; with both signatures the agreement binds."""
        self.after(hours=hours)
        agreement = Agreement.objects.select_related("case").get(pk=self.agreement.pk)
        approver = self.staff["approver"]
        code = request_company_code(agreement, by=approver)
        sent = OutboxMessage.objects.get(key=f"code:{code.pk}")
        secret = sealing.unseal_for_installation(sent.sealed) or {}
        self.agreement = sign_for_company(
            agreement,
            by=approver,
            factor=Factor(code=secret["code"], password=self.staff.password),
            position="主管",
        )
        self.refresh()
        return self

    def perform(self, *, days: float = 1) -> Story:
        """Do and pay everything that is owed, with proofs."""
        self.after(days=days)
        owed = Obligation.objects.filter(
            agreement__case=self.case, status=ObligationStatus.PENDING, debtor=Debtor.COMPANY
        ).select_related("agreement__case")
        for duty in owed:
            if duty.kind == ObligationKind.PAYMENT:
                self._pay(duty)
            else:
                record_performance(duty, by=self.handler, note="已寄出，物流单号见凭证。")
        self.refresh()
        return self

    def _pay(self, duty: Obligation) -> None:
        record_payment(
            duty,
            by=self.staff["finance"],
            payment=PaymentData(
                amount=duty.amount or Decimal(0),
                method=PaymentMethod.ORIGINAL_ROUTE,
                paid_at=now(),
                payee="微信支付原路",
                reference=f"T{now():%Y%m%d}{duty.pk:06d}",
            ),
            proof=ContentFile(picture("付款凭证", self.chance)),
            proof_name="付款凭证.png",
            key=f"demo:{duty.pk}",
        )

    def rate(self, *, days: float = 1.5, rating: int | None = None) -> Story:
        """The consumer says that it arrived and rates; the case closes."""
        self.after(days=days)
        self.case = record_follow_up(
            self.case,
            by=CONSUMER,
            arrived=True,
            rating=rating or self.chance.choice([5, 5, 4, 4, 3]),
            comment=self.chance.choice(["处理很快，谢谢。", "结果满意，就是等得久了一点。", ""]),
            resolved=self.chance.choice([True, True, True, None]),
            change=self.chance.choice(["", "", "检测结果可以早点告诉我。", "短信里写清楚下一步。"]),
        )
        return self


def terms_in_parts(case: Case, parts: int) -> AgreementTerms | None:
    """Return an offer's terms with the money in parts, and the goods fetched from the consumer."""
    terms = proposed_terms(case)
    if terms is None:
        return None
    data: dict[str, Any] = {
        f"due_{number}": duty.due_on for number, duty in enumerate(terms.undertakings)
    }
    data |= {"instalments": parts, "every": "month", "handover": "pickup", "freight": "company"}
    data |= {"goods": case.product_name or "商品", "goods_due": today() + timedelta(days=6)}
    duties = agreed_duties(data, terms.undertakings, language=case.language)
    return replace(terms, undertakings=duties, acceleration_days=15)


def category_of(issue: str) -> str:
    """Return the category that an issue belongs to; quality for anything else."""
    for category, issues in ISSUES_BY_CATEGORY.items():
        if issue in issues:
            return str(category)
    return str(Category.QUALITY)


def picture(title: str, chance: random.Random) -> bytes:
    """Return a plain drawing as a photo's stand-in."""
    ground = tuple(chance.randrange(120, 220) for _ in range(3))
    image = Image.new("RGB", (640, 480), ground)
    pen = ImageDraw.Draw(image)
    left, top = chance.randrange(80, 240), chance.randrange(60, 160)
    pen.ellipse((left, top, left + 260, top + 260), fill=tuple(c - 60 for c in ground))
    pen.rectangle((left + 40, top + 200, left + 220, top + 300), fill=tuple(c - 90 for c in ground))
    pen.line((left, top, left + len(title) * 9, top + 300), fill=(250, 250, 250), width=4)
    data = io.BytesIO()
    image.save(data, format="PNG")
    return data.getvalue()


def shares_for(outcome: str, told: DemoComplaint) -> list[ShareData]:
    """Return the shares of a finding: outward ours, inward by who caused it."""
    if outcome == Outcome.NOT_LIABLE:
        return [
            ShareData(
                ShareTable.OUTWARD, Party.CONSUMER, Decimal(100), "使用说明书第 6 页",
                kind=LiabilityKind.SEVERAL,
            )
        ]  # fmt: skip
    outward = [
        ShareData(
            ShareTable.OUTWARD, Party.SELLER, Decimal(100), BASIS, name="安居电器",
            kind=LiabilityKind.SEVERAL,
        )
    ]  # fmt: skip
    if outcome == Outcome.PARTLY:
        outward = [
            ShareData(
                ShareTable.OUTWARD, Party.SELLER, Decimal(70), BASIS, name="安居电器",
                kind=LiabilityKind.SEVERAL,
            ),
            ShareData(
                ShareTable.OUTWARD, Party.CONSUMER, Decimal(30), "《民法典》第一千一百七十三条",
                kind=LiabilityKind.SEVERAL,
            ),
        ]  # fmt: skip
    if told.batch != "2609B":
        return outward
    return [
        *outward,
        ShareData(
            ShareTable.INWARD, Party.SUPPLIER, Decimal(80), "供货合同第 9 条", name=SUPPLIER[0]
        ),
        ShareData(ShareTable.INWARD, Party.PRODUCTION_DEPT, Decimal(20), "来料检验记录缺失"),
    ]


def floor_facts(paid: Decimal) -> dict[str, object]:
    """Return the facts of goods that were not as they should be and go back."""
    return {"price_paid": f"{paid:.2f}", "return_and_refund": True, "as_described": False}


def plan_for(told: DemoComplaint, paid: Decimal) -> PlanData:
    """Return two options for a minor case, three for the others; none below what the law gives."""
    freight = Decimal("38.00")
    refund = OptionData(
        title="全额退款",
        kind=OptionKind.REFUND,
        arrival_text="签署后 3 个工作日内原路退回",
        lines=[
            LineData(LineKind.REFUND, "退还货款", paid, legal_basis=BASIS),
            LineData(LineKind.LOSS, "寄回运费", freight, legal_basis=BASIS),
        ],
    )
    replace = OptionData(
        title="换新并补偿",
        kind=OptionKind.REPLACEMENT,
        arrival_text="签署后 48 小时内发货，现金 3 个工作日到账",
        performance_days=5,
        lines=[
            LineData(LineKind.REPLACE, "同款新机", paid, is_cash=False, unit="台"),
            LineData(LineKind.LOSS, "寄回运费", freight, legal_basis=BASIS),
            LineData(LineKind.GOODWILL, "耽误时间的补偿", Decimal("100.00"), layer="goodwill"),
        ],
    )
    repair = OptionData(
        title="免费维修加延保",
        kind=OptionKind.REPAIR,
        arrival_text="上门维修，约 5 天",
        performance_days=7,
        lines=[
            LineData(LineKind.REPAIR, "免费维修", Decimal("80.00"), is_cash=False),
            LineData(
                LineKind.SERVICE,
                "延长保修两年",
                Decimal("60.00"),
                is_cash=False,
                layer="standard",
            ),
            LineData(LineKind.GOODWILL, "耽误时间的补偿", Decimal("60.00"), layer="goodwill"),
        ],
    )
    options = [refund, replace] if told.severity == "minor" else [refund, replace, repair]
    return PlanData(options=options, legal_basis=BASIS)

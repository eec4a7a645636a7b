"""The Case: one record, one machine. Which step may follow which is written here and nowhere else.

Each verb is one `@transition`. Its body sets the Case's own fields only; whatever else a step
changes is done by the service that calls `complaints.services.cases.move`. A step aside (mediation,
review, an outside procedure, withdrawal, merging) remembers where it came from in `origins`, so
that the way back is exact however deep the detour.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE, FSMField, FSMModelMixin, transition

from complaints.models.people import Consumer
from complaints.models.products import Batch, Product
from complaints.states import (
    FINAL_STAGES,
    OPEN_STAGES,
    Channel,
    ClockKind,
    DeclineGround,
    Remedy,
    Scope,
    Severity,
    Stage,
    Urgency,
)

S = Stage
_BEFORE_AGREED = [
    S.RECEIVED,
    S.ACCEPTED,
    S.INVESTIGATING,
    S.LIABILITY_DETERMINED,
    S.NEGOTIATING,
    S.MEDIATING,
]
_AFTER_AGREED = {S.AGREED, S.FULFILLING, S.BREACHED, S.FOLLOWING_UP, S.CLOSED}
_MERGEABLE = [S.RECEIVED, S.ACCEPTED, S.INVESTIGATING]
_MAIN_LINE = [
    S.ACCEPTED,
    S.INVESTIGATING,
    S.LIABILITY_DETERMINED,
    S.NEGOTIATING,
]


UNANSWERED = Q(consumer_wrote_at__isnull=False) & (
    Q(staff_wrote_at__isnull=True) | Q(consumer_wrote_at__gt=F("staff_wrote_at"))
)
"""The consumer wrote last."""
NOT_HISTORY = Q(imported_at__isnull=True) | Q(next_due_at__isnull=False)
"""Not taken over from another system with every promise past: somebody must own it."""


def is_minor(case: Case) -> bool:
    """Only a minor case about a single article may skip the investigation."""
    return case.severity == Severity.MINOR and case.scope == Scope.SINGLE


def emergency_is_answered(case: Case) -> bool:
    """An emergency may not be ended before a named person has recorded a safety action."""
    return case.urgency != Urgency.EMERGENCY or case.safety_action_at is not None


def no_promise_stands(case: Case) -> bool:
    """A step aside from a signed agreement, or from a closed case, is no way out of it."""
    return not _AFTER_AGREED.intersection(case.origins)


def stage_of_origin(case: Case, *args: Any, **kwargs: Any) -> str:
    """The stage to which the Case returns from a step aside."""
    return case.origins[-1]


def _after_remittal(case: Case, *args: Any, **kwargs: Any) -> str:
    declined_unheard = case.origins[-1:] == [S.DECLINED] and case.accepted_at is None
    return S.ACCEPTED if declined_unheard else S.INVESTIGATING


class NextReference(Func):
    """The next public reference, RD-<year>-<number>, drawn from a sequence by the database."""

    function = "complaints_next_reference"
    output_field = models.CharField()


class Case(FSMModelMixin, models.Model):
    """A complaint on its way from receipt to closing."""

    reference = models.CharField(
        _("编号"), max_length=20, unique=True, db_default=NextReference(), editable=False
    )
    stage = FSMField(_("阶段"), choices=Stage.choices, default=Stage.RECEIVED, protected=True)
    origins = ArrayField(
        models.CharField(max_length=24, choices=Stage.choices), default=list, blank=True
    )
    version = models.PositiveIntegerField(_("版本"), default=1)

    title = models.CharField(_("标题"), max_length=120)
    description = models.TextField(_("经过"))
    category = models.CharField(_("类别"), max_length=12, blank=True)
    issue = models.CharField(_("问题"), max_length=20, blank=True)
    wished_remedy = models.CharField(
        _("希望怎样处理"), max_length=12, choices=Remedy.choices, blank=True
    )
    wished_detail = models.TextField(_("具体诉求"), blank=True)
    wished_amount = models.DecimalField(
        _("诉求金额"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    occurred_on = models.DateField(_("发生日期"), null=True, blank=True)
    danger_reported = models.BooleanField(_("消费者说有危险"), default=False)

    channel = models.CharField(_("渠道"), max_length=24, choices=Channel.choices)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    consumer = models.ForeignKey(Consumer, on_delete=models.PROTECT, related_name="cases")
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    product_text = models.CharField(_("商品（按消费者所填）"), max_length=120, blank=True)
    serial_number = models.CharField(_("序列号"), max_length=60, blank=True)
    order_number = models.CharField(_("订单号"), max_length=60, blank=True)
    purchased_on = models.DateField(_("购买日期"), null=True, blank=True)
    amount_paid = models.DecimalField(
        _("实付金额"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    respondent = models.CharField(_("被投诉人"), max_length=160, blank=True)
    region = models.CharField(_("地区"), max_length=60, blank=True)
    market = models.CharField(_("市场"), max_length=8, default="CN")

    severity = models.CharField(_("严重程度"), max_length=10, choices=Severity.choices, blank=True)
    urgency = models.CharField(
        _("紧急程度"), max_length=10, choices=Urgency.choices, default=Urgency.NORMAL
    )
    scope = models.CharField(_("范围"), max_length=8, choices=Scope.choices, default=Scope.SINGLE)
    owner = models.ForeignKey(
        "accounts.User",
        verbose_name=_("负责人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_cases",
    )
    team = models.ForeignKey(
        "accounts.Team",
        verbose_name=_("小组"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_cases"
    )
    decline_ground = models.CharField(
        _("不予受理的理由"), max_length=20, choices=DeclineGround.choices, blank=True
    )

    received_at = models.DateTimeField(_("收到时间"))
    created_at = models.DateTimeField(_("登记时间"))
    stage_since = models.DateTimeField(_("进入本阶段时间"))
    accepted_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    expected_on = models.DateField(_("预计办结日期"), null=True, blank=True)
    safety_action_at = models.DateTimeField(_("安全处置时间"), null=True, blank=True)
    review_until = models.DateField(_("可申请复议至"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结案时间"), null=True, blank=True)

    erased_at = models.DateTimeField(_("个人信息清除时间"), null=True, blank=True)

    next_due_at = models.DateTimeField(_("下一个期限"), null=True, blank=True)
    next_due_kind = models.CharField(max_length=20, choices=ClockKind.choices, blank=True)
    is_late = models.BooleanField(_("有期限已过"), default=False)
    consumer_wrote_at = models.DateTimeField(null=True, blank=True)
    staff_wrote_at = models.DateTimeField(null=True, blank=True)
    amount_agreed = models.DecimalField(
        _("补偿金额"), max_digits=14, decimal_places=2, null=True, blank=True
    )

    source_system = models.CharField(_("来源系统"), max_length=20, blank=True)
    external_ref = models.CharField(_("外部编号"), max_length=80, blank=True)
    external_body = models.CharField(_("转来的机构"), max_length=80, blank=True)
    import_flags = models.JSONField(default=list, blank=True)
    imported_at = models.DateTimeField(null=True, blank=True)
    intake_key = models.CharField(max_length=64, null=True, blank=True, unique=True)
    intake_digest = models.CharField(max_length=64, blank=True)
    device_index = models.CharField(max_length=64, blank=True, default="")
    access_digest = models.CharField(max_length=64, blank=True, db_index=True)

    event_count = models.PositiveIntegerField(default=0)
    last_event_hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        verbose_name = _("案件")
        verbose_name_plural = _("案件")
        indexes = [
            models.Index(
                fields=["id"], condition=Q(imported_at__isnull=False), name="complaints_imported"
            ),
            models.Index(
                F("next_due_at").asc(nulls_last=True),
                F("id"),
                condition=Q(stage__in=sorted(OPEN_STAGES)),
                name="complaints_open_by_due",
            ),
            models.Index(
                F("owner"),
                F("next_due_at").asc(nulls_last=True),
                F("id"),
                condition=Q(stage__in=sorted(OPEN_STAGES)),
                name="complaints_open_by_owner",
            ),
            models.Index(
                F("next_due_at").asc(nulls_last=True),
                F("id"),
                condition=Q(stage__in=sorted(OPEN_STAGES)) & Q(urgency=Urgency.EMERGENCY),
                name="complaints_open_urgent",
            ),
            models.Index(
                F("next_due_at").asc(nulls_last=True),
                F("id"),
                condition=Q(stage__in=sorted(OPEN_STAGES)) & Q(next_due_kind=ClockKind.SIGNATURE),
                name="complaints_open_signing",
            ),
            models.Index(
                F("next_due_at").asc(nulls_last=True),
                F("id"),
                condition=Q(stage__in=sorted(OPEN_STAGES)) & UNANSWERED,
                name="complaints_open_unanswered",
            ),
            models.Index(fields=["stage", "next_due_at", "id"], name="complaints_by_stage"),
            models.Index(
                F("urgency"),
                F("next_due_at"),
                F("id"),
                condition=Q(stage__in=sorted(OPEN_STAGES), owner__isnull=True) & NOT_HISTORY,
                name="complaints_unowned",
            ),
            models.Index(
                fields=["order_number"],
                condition=~Q(order_number=""),
                name="complaints_by_order",
            ),
            models.Index(
                fields=["serial_number"],
                condition=~Q(serial_number=""),
                name="complaints_by_serial",
            ),
            models.Index(fields=["received_at"], name="complaints_by_receipt"),
            models.Index(fields=["batch", "received_at"], name="complaints_by_batch"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source_system", "external_ref"],
                condition=~Q(external_ref=""),
                name="complaints_one_external_ref",
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.MERGED, merged_into__isnull=False)
                | (~Q(stage=Stage.MERGED) & Q(merged_into__isnull=True)),
                name="complaints_merged_has_target",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.DECLINED) | ~Q(decline_ground=""),
                name="complaints_declined_has_ground",
            ),
            models.CheckConstraint(
                condition=Q(amount_paid__isnull=True) | Q(amount_paid__gte=Value(0)),
                name="complaints_amount_paid_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def origin(self) -> str | None:
        """The stage to which a step aside returns; None on the main line."""
        return self.origins[-1] if self.origins else None

    @property
    def is_open(self) -> bool:
        """Whether the stage is not final, so that a clock must run."""
        return self.stage not in FINAL_STAGES

    @property
    def product_name(self) -> str:
        """The product by our name, else as the consumer called it."""
        return self.product.name if self.product else self.product_text

    # From receipt to acceptance

    @transition(stage, source=S.RECEIVED, target=S.ACCEPTED)
    def accept(self) -> None:
        """受理: the complaint is ours to handle."""

    @transition(
        stage,
        source=[S.RECEIVED, S.ACCEPTED],
        target=S.DECLINED,
        conditions=[emergency_is_answered],
    )
    def decline(self, *, ground: str) -> None:
        """不予受理, on a listed ground and with advice."""
        self.decline_ground = ground

    @transition(stage, source=_MERGEABLE, target=S.MERGED, conditions=[emergency_is_answered])
    def merge(self, *, into: Case) -> None:
        """并案: another case carries this one on."""
        self.merged_into = into

    @transition(stage, source=S.MERGED, target=GET_STATE(stage_of_origin, states=_MERGEABLE))
    def unmerge(self) -> None:
        """Undo a merge: back to where it was."""
        self.merged_into = None

    @transition(
        stage,
        source=[*_BEFORE_AGREED, S.UNDER_REVIEW, S.EXTERNAL],
        target=S.WITHDRAWN,
        conditions=[no_promise_stands],
    )
    def withdraw(self) -> None:
        """撤回 by the consumer, at any time before an agreement."""

    @transition(
        stage,
        source=[S.DECLINED, S.WITHDRAWN, S.CLOSED],
        target=GET_STATE(
            lambda case: case._reopened_to(),
            states=[S.RECEIVED, S.INVESTIGATING, *_BEFORE_AGREED, S.UNDER_REVIEW, S.EXTERNAL],
        ),
    )
    def reopen(self) -> None:
        """Take up: a refusal from the start, a withdrawal where it was, a closed case anew."""
        if self.stage != S.WITHDRAWN:
            self.decline_ground = ""

    def _reopened_to(self) -> str:
        if self.stage == S.WITHDRAWN:
            return self.origins[-1]
        return S.RECEIVED if self.stage == S.DECLINED else S.INVESTIGATING

    # Investigation and liability

    @transition(stage, source=S.ACCEPTED, target=S.INVESTIGATING)
    def open_investigation(self) -> None:
        """立案调查."""

    @transition(
        stage,
        source=S.ACCEPTED,
        target=S.NEGOTIATING,
        conditions=[is_minor, emergency_is_answered],
    )
    def settle_directly(self) -> None:
        """Minor case: we admit it and go straight to the remedy."""

    @transition(stage, source=S.INVESTIGATING, target=S.LIABILITY_DETERMINED)
    def determine_liability(self) -> None:
        """责任认定."""

    @transition(stage, source=[S.LIABILITY_DETERMINED, S.NEGOTIATING], target=S.INVESTIGATING)
    def reinvestigate(self) -> None:
        """New evidence sends the case back."""

    @transition(
        stage,
        source=S.LIABILITY_DETERMINED,
        target=S.CLOSED,
        conditions=[emergency_is_answered],
    )
    def close_without_liability(self) -> None:
        """Nobody of ours is liable and the notice period has passed."""

    # Negotiation, mediation, agreement

    @transition(stage, source=S.LIABILITY_DETERMINED, target=S.NEGOTIATING)
    def open_negotiation(self) -> None:
        """The first offer goes out."""

    @transition(stage, source=S.NEGOTIATING, target=S.CLOSED, conditions=[emergency_is_answered])
    def close_unanswered(self) -> None:
        """The offer ended without an answer, after two notices."""

    @transition(stage, source=[S.NEGOTIATING, S.BREACHED], target=S.MEDIATING)
    def refer_to_mediation(self) -> None:
        """提请调解."""

    @transition(
        stage,
        source=S.MEDIATING,
        target=GET_STATE(stage_of_origin, states=[S.NEGOTIATING, S.BREACHED]),
    )
    def end_mediation(self) -> None:
        """终止调解 without an agreement."""

    @transition(stage, source=[S.NEGOTIATING, S.MEDIATING], target=S.AGREED)
    def sign(self) -> None:
        """The last signer has signed."""

    # Performance

    @transition(stage, source=S.AGREED, target=S.FULFILLING)
    def start_fulfilment(self) -> None:
        """The agreement is in force."""

    @transition(stage, source=S.FULFILLING, target=S.FOLLOWING_UP)
    def complete_fulfilment(self) -> None:
        """Every obligation was performed."""

    @transition(stage, source=S.FULFILLING, target=S.BREACHED)
    def declare_breach(self) -> None:
        """违约: an obligation is overdue."""

    @transition(stage, source=[S.BREACHED, S.FOLLOWING_UP], target=S.FULFILLING)
    def resume_fulfilment(self) -> None:
        """The breach is being mended, or what was promised did not arrive."""

    @transition(
        stage,
        source=[S.FOLLOWING_UP, S.EXTERNAL],
        target=S.CLOSED,
        conditions=[emergency_is_answered],
    )
    def close(self) -> None:
        """结案."""

    # Internal review 复议

    @transition(
        stage,
        source=[S.LIABILITY_DETERMINED, S.NEGOTIATING, S.DECLINED, S.CLOSED],
        target=S.UNDER_REVIEW,
    )
    def request_review(self) -> None:
        """申请复议."""

    @transition(
        stage,
        source=S.UNDER_REVIEW,
        target=GET_STATE(
            stage_of_origin, states=[S.LIABILITY_DETERMINED, S.NEGOTIATING, S.DECLINED, S.CLOSED]
        ),
    )
    def uphold(self) -> None:
        """维持: the first decision stands."""

    @transition(
        stage,
        source=S.UNDER_REVIEW,
        target=GET_STATE(
            stage_of_origin, states=[S.LIABILITY_DETERMINED, S.NEGOTIATING, S.DECLINED, S.CLOSED]
        ),
    )
    def dismiss_out_of_time(self) -> None:
        """The application came after its window."""

    @transition(
        stage,
        source=S.UNDER_REVIEW,
        target=GET_STATE(
            stage_of_origin, states=[S.LIABILITY_DETERMINED, S.NEGOTIATING, S.DECLINED, S.CLOSED]
        ),
    )
    def withdraw_review(self) -> None:
        """The applicant takes the application back."""

    @transition(
        stage,
        source=S.UNDER_REVIEW,
        target=GET_STATE(_after_remittal, states=[S.INVESTIGATING, S.ACCEPTED]),
    )
    def remit(self) -> None:
        """撤销重做: to be investigated again, or accepted if it had been refused unheard."""

    @transition(stage, source=S.UNDER_REVIEW, target=S.NEGOTIATING)
    def vary(self) -> None:
        """变更 what is offered."""

    @transition(stage, source=S.UNDER_REVIEW, target=S.LIABILITY_DETERMINED)
    def substitute(self) -> None:
        """The reviewers put their own finding in place of the first."""

    # Outside procedures

    @transition(stage, source=[*_MAIN_LINE, S.MEDIATING, S.BREACHED], target=S.EXTERNAL)
    def suspend_for_external(self) -> None:
        """Handling waits for an authority, an arbitrator or a court."""

    @transition(
        stage,
        source=S.EXTERNAL,
        target=GET_STATE(stage_of_origin, states=[*_MAIN_LINE, S.MEDIATING, S.BREACHED]),
    )
    def return_from_external(self) -> None:
        """The outside procedure ended without deciding the matter."""

    @transition(stage, source=S.EXTERNAL, target=S.FULFILLING)
    def record_award(self) -> None:
        """An award or judgment is to be performed."""

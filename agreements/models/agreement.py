"""The agreement and its signers. Once offered, the database refuses to change its text."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from agreements.states import (
    OPEN_STATUSES,
    WITHOUT_PLAN,
    AgreementKind,
    AgreementStatus,
    SignerRole,
    SignMethod,
)
from agreements.terms import AgreementTerms, PartyData, from_json
from complaints import sealing
from complaints.models import Case


class NextNumber(Func):
    """The next number, AG-<year>-<number>, drawn from a sequence by the database."""

    function = "agreements_next_number"
    output_field = models.CharField()


class Agreement(models.Model):
    """What the parties agree on, in one version.

    `terms` is the whole text as data without the consumer's particulars, which stand sealed in
    `party_sealed`. A correction is a new version that supersedes this one.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="agreements")
    plan = models.ForeignKey(
        "compensation.CompensationPlan",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
    )
    option = models.ForeignKey(
        "compensation.PlanOption",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
    )
    kind = models.CharField(_("种类"), max_length=12, choices=AgreementKind.choices)
    number = models.CharField(
        _("协议编号"), max_length=20, unique=True, db_default=NextNumber(), editable=False
    )
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    wording = models.ForeignKey(
        "agreements.Wording", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField(
        _("状态"),
        max_length=12,
        choices=AgreementStatus.choices,
        default=AgreementStatus.DRAFT,
    )
    terms = models.JSONField(_("条款"))
    party_sealed = models.BinaryField(_("消费者信息（已加密）"), default=bytes)
    total = models.DecimalField(_("合计"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    total_capitals = models.CharField(_("大写金额"), max_length=80)
    performance_due_on = models.DateField(_("最晚履行日期"))
    effective_on = models.DateField(_("约定的生效日期"), null=True, blank=True)
    minimum_waiver = models.TextField(_("低于法定标准时消费者的选择"), blank=True)
    sign_by = models.DateTimeField(_("签署期限"), null=True, blank=True)
    offered_at = models.DateTimeField(_("提交签署的时间"), null=True, blank=True)
    signed_at = models.DateTimeField(_("全部签署的时间"), null=True, blank=True)
    effective_at = models.DateTimeField(_("生效时间"), null=True, blank=True)
    unsigned = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sealed = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    change_reason = models.TextField(_("为什么改了上一版"), blank=True)
    source_file = models.ForeignKey(
        "documents.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("起草时间"))

    class Meta:
        verbose_name = _("协议")
        verbose_name_plural = _("协议")
        constraints = [
            models.CheckConstraint(
                condition=Q(plan__isnull=False, option__isnull=False)
                | Q(plan__isnull=True, option__isnull=True, kind__in=sorted(WITHOUT_PLAN)),
                name="agreements_settlement_has_plan",
            ),
            models.UniqueConstraint(fields=["case", "version"], name="agreements_one_version"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=sorted(OPEN_STATUSES)),
                name="agreements_one_open",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status=AgreementStatus.SIGNED),
                name="agreements_one_signed",
            ),
            models.CheckConstraint(condition=Q(total__gte=0), name="agreements_total_not_negative"),
            models.CheckConstraint(
                condition=Q(offered_at__isnull=True) | Q(sign_by__isnull=False),
                name="agreements_offered_has_sign_by",
            ),
            models.CheckConstraint(
                condition=~Q(status=AgreementStatus.SIGNED) | Q(signed_at__isnull=False),
                name="agreements_signed_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def text(self) -> AgreementTerms:
        """The terms as values."""
        return from_json(self.terms)

    @property
    def party(self) -> PartyData:
        """The consumer's particulars in clear; empty after erasure."""
        found: dict[str, Any] | None = sealing.unseal(
            self.case.consumer.key_sealed, self.party_sealed
        )
        return PartyData(**(found or {}))

    @property
    def is_open(self) -> bool:
        """Whether it is still being drafted or signed."""
        return self.status in OPEN_STATUSES


class Signer(models.Model):
    """Somebody whose signature the agreement needs; the database keeps what was signed.

    What was drawn or typed is sealed under the consumer's key; `name` stays empty for the consumer,
    whose particulars the agreement holds sealed. `evidence` holds digests and codes: of the text
    signed, the address, the browser.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signers")
    role = models.CharField(_("签署方"), max_length=10, choices=SignerRole.choices)
    user = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("姓名"), max_length=120, blank=True)
    position = models.CharField(_("职务"), max_length=80, blank=True)
    representative = models.ForeignKey(
        "agreements.Representative",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="signatures",
    )
    opened_at = models.DateTimeField(_("第一次打开的时间"), null=True, blank=True)
    signed_at = models.DateTimeField(_("签署时间"), null=True, blank=True)
    method = models.CharField(_("签署方式"), max_length=12, choices=SignMethod.choices, blank=True)
    mark_sealed = models.BinaryField(_("签名（已加密）"), default=bytes)
    scan = models.ForeignKey(
        "documents.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    evidence = models.JSONField(default=dict, blank=True)
    refused_at = models.DateTimeField(_("拒绝时间"), null=True, blank=True)
    refusal_reason = models.TextField(_("拒绝的原因"), blank=True)

    class Meta:
        verbose_name = _("签署人")
        verbose_name_plural = _("签署人")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "role"], name="agreements_one_signer"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, method="")
                | Q(signed_at__isnull=False) & ~Q(method=""),
                name="agreements_signed_has_method",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | Q(refused_at__isnull=True),
                name="agreements_signed_or_refused",
            ),
            models.CheckConstraint(
                condition=~Q(method=SignMethod.DRAWN_CODE) | ~Q(mark_sealed=b""),
                name="agreements_drawn_has_path",
            ),
            models.CheckConstraint(
                condition=~Q(method=SignMethod.PAPER) | Q(scan__isnull=False),
                name="agreements_paper_has_scan",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.agreement_id}"

    @property
    def mark(self) -> dict[str, str]:
        """What was drawn (`path`) and typed (`name`), in clear; empty after erasure."""
        return sealing.unseal(self.agreement.case.consumer.key_sealed, self.mark_sealed) or {}

    @property
    def signature_path(self) -> str:
        """The drawn signature as SVG path data in a box of 600 by 200; empty if none was drawn."""
        return self.mark.get("path", "")

    @property
    def typed_name(self) -> str:
        """The name as it was typed; empty if none was."""
        return self.mark.get("name", "")

    @property
    def shown_name(self) -> str:
        """The signer's name as the agreement gives it, with who signed in their place."""
        if self.role != SignerRole.CONSUMER:
            return self.name
        name = self.agreement.party.name
        if self.representative is None:
            return name
        words = _("%(name)s（代理人 %(agent)s）")
        return str(words) % {"name": name, "agent": self.representative.name}

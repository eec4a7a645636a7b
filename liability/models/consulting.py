"""Questions put to others: a department on the desk, a supplier or carrier by an expiring link."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.states import Role
from complaints import sealing
from complaints.models import Case, Evidence
from liability.models.investigations import Investigation, Statement
from liability.models.planning import PlanItem
from liability.models.supply import Supplier
from liability.states import OUTSIDE, Addressee, ConsultStatus


class ConsultTask(models.Model):
    """One question with a time to answer; answered once, and never changed after that.

    An outside party sees `question` and `facts` and nothing else of the case.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="consults")
    investigation = models.ForeignKey(
        Investigation, on_delete=models.PROTECT, related_name="consults"
    )
    plan_item = models.ForeignKey(
        PlanItem, on_delete=models.PROTECT, null=True, blank=True, related_name="consults"
    )
    number = models.PositiveSmallIntegerField(_("序号"))
    addressee = models.CharField(_("交给谁"), max_length=20, choices=Addressee.choices)
    department = models.ForeignKey(
        "accounts.Department",
        verbose_name=_("部门"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    role = models.CharField(_("岗位"), max_length=20, choices=Role.choices, blank=True)
    supplier = models.ForeignKey(
        Supplier,
        verbose_name=_("供货者"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consults",
    )
    party_name = models.CharField(_("单位"), max_length=120, blank=True)
    email_sealed = models.BinaryField(default=bytes)
    question = models.TextField(_("问题"))
    facts = models.TextField(_("对方需要知道的情况"), blank=True)
    statement = models.OneToOneField(
        Statement,
        verbose_name=_("作为陈述"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="asked_by_task",
    )
    due_at = models.DateTimeField(_("答复期限"))
    status = models.CharField(
        _("状态"), max_length=8, choices=ConsultStatus.choices, default=ConsultStatus.OPEN
    )
    nonce = models.UUIDField(unique=True)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("发出时间"))
    answer = models.TextField(_("答复"), blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answered_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_name = models.CharField(_("答复人"), max_length=80, blank=True)
    files = models.ManyToManyField(
        Evidence, verbose_name=_("材料"), blank=True, related_name="consults"
    )
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    revoke_reason = models.CharField(_("撤销理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("会办任务")
        verbose_name_plural = _("会办任务")
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="liability_one_consult_number"),
            models.CheckConstraint(
                condition=~Q(addressee__in=sorted(OUTSIDE)) | ~Q(party_name=""),
                name="liability_outside_consult_has_name",
            ),
            models.CheckConstraint(
                condition=Q(status=ConsultStatus.ANSWERED, answered_at__isnull=False)
                | (~Q(status=ConsultStatus.ANSWERED) & Q(answered_at__isnull=True, answer="")),
                name="liability_consult_answered_at",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=models.F("asked_at")), name="liability_consult_due_later"
            ),
        ]

    def __str__(self) -> str:
        return f"ConsultTask {self.pk}"

    @property
    def label(self) -> str:
        """The number by which both sides speak of it."""
        return f"{self.case.reference}-C{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether an answer is waited for."""
        return self.status == ConsultStatus.OPEN

    @property
    def is_outside(self) -> bool:
        """Whether it went out by a link."""
        return self.addressee in OUTSIDE

    @property
    def email(self) -> str:
        """The outside party's address in clear."""
        return sealing.unseal_for_installation(self.email_sealed) or "" if self.email_sealed else ""

    @property
    def to_whom(self) -> str:
        """Who was asked, by name."""
        if self.is_outside:
            return self.party_name
        return str(self.department) if self.department else str(self.get_role_display())

    @property
    def clock_subject(self) -> str:
        """What its clock is called."""
        return f"consult:{self.pk}"


class ConsultExtension(models.Model):
    """More time for an answer, and why; only added to. The task's clock follows."""

    task = models.ForeignKey(ConsultTask, on_delete=models.PROTECT, related_name="extensions")
    due_before = models.DateTimeField(_("原来的期限"))
    due_after = models.DateTimeField(_("新的期限"))
    reason = models.CharField(_("延期理由"), max_length=300)
    extended_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    extended_at = models.DateTimeField(_("延期时间"))

    class Meta:
        verbose_name = _("会办任务延期")
        verbose_name_plural = _("会办任务延期")
        constraints = [
            models.CheckConstraint(
                condition=Q(due_after__gt=models.F("due_before")) & ~Q(reason=""),
                name="liability_extension_gives_more_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.due_after:%Y-%m-%d}"


class ConsultLink(models.Model):
    """A way in to one task; its secret is stored only hashed, it ends by its day or is revoked."""

    task = models.ForeignKey(ConsultTask, on_delete=models.PROTECT, related_name="links")
    secret_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("有效到"))
    opened_at = models.DateTimeField(_("第一次打开"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")),
                name="liability_consult_link_expires",
            )
        ]

    def __str__(self) -> str:
        return f"ConsultLink {self.pk}"


class ConsultReminder(models.Model):
    """A rung of a task's clock that whoever was asked has been reminded of; each once."""

    task = models.ForeignKey(ConsultTask, on_delete=models.PROTECT, related_name="reminders")
    rung = models.CharField(max_length=14)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "rung"], name="liability_one_reminder_a_rung")
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.rung}"

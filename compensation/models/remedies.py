"""One plan over the cases of a batch incident, and the offers that were made of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compensation.models.plans import CompensationPlan
from compensation.states import RemedyStatus
from complaints.models import Case
from liability.models import Incident


class CommonRemedy(models.Model):
    """统一方案: what every consumer of an incident is offered alike. A version never changes its
    terms; its writer never approves it. `terms` is written by compensation.remedies.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="remedies")
    version = models.PositiveSmallIntegerField(_("版本"))
    status = models.CharField(
        _("状态"), max_length=10, choices=RemedyStatus.choices, default=RemedyStatus.PENDING
    )
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    terms = models.JSONField()
    made_by = models.ForeignKey(
        "accounts.User", verbose_name=_("拟定人"), on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("拟定时间"))
    decided_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("审批人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    decision_note = models.CharField(_("审批意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("统一方案")
        verbose_name_plural = _("统一方案")
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "version"], name="compensation_one_remedy_a_version"
            ),
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(status="approved"),
                name="compensation_one_remedy_in_force",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("made_by")),
                name="compensation_remedy_by_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(status="approved")
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="compensation_remedy_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"CommonRemedy {self.incident_id} v{self.version}"


class RemedyOffer(models.Model):
    """The plan that a case got out of a common remedy. Whether it is wanted, its consumer says."""

    remedy = models.ForeignKey(CommonRemedy, on_delete=models.PROTECT, related_name="offers")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="remedy_offers")
    plan = models.OneToOneField(
        CompensationPlan, on_delete=models.PROTECT, related_name="remedy_offer"
    )
    sent_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name = _("按统一方案发出的方案")
        verbose_name_plural = _("按统一方案发出的方案")
        constraints = [
            models.UniqueConstraint(
                fields=["remedy", "case"], name="compensation_one_offer_a_remedy_case"
            )
        ]

    def __str__(self) -> str:
        return f"RemedyOffer {self.remedy_id}: {self.case_id}"

"""What the rules proposed for a Case, who confirmed it, and requests to lower a safety case."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case
from complaints.states import Severity, TriageDecision, Urgency


class TriageProposal(models.Model):
    """Urgency and severity as the rules proposed them at intake, with codes and places of words.

    `findings` holds {"reason", "rule", "start", "end"} for places in `triage_text` of the Case,
    never words: what a consumer wrote stays where it is.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="triage_proposal")
    urgency = models.CharField(_("建议的紧急程度"), max_length=10, choices=Urgency.choices)
    severity = models.CharField(_("建议的严重程度"), max_length=10, choices=Severity.choices)
    safety = models.BooleanField(_("涉及安全"), default=False)
    findings = models.JSONField(default=list)
    text_length = models.PositiveIntegerField(default=0)
    rules_version = models.CharField(max_length=20)
    made_at = models.DateTimeField(_("提出时间"))
    decision = models.CharField(
        _("人工决定"), max_length=10, choices=TriageDecision.choices, blank=True
    )
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("分诊建议")
        verbose_name_plural = _("分诊建议")
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="complaints_proposal_decided_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"TriageProposal {self.pk}"


class LoweringRequest(models.Model):
    """One person asks to lower a safety case; another, and only another, approves or refuses."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="lowering_requests")
    urgency = models.CharField(_("降为"), max_length=10, choices=Urgency.choices)
    severity = models.CharField(_("严重程度"), max_length=10, choices=Severity.choices)
    reason = models.TextField(_("理由"))
    requested_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="lowering_requests"
    )
    requested_at = models.DateTimeField()
    approved = models.BooleanField(null=True, blank=True)
    decision_reason = models.TextField(_("决定的理由"), blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("降级申请")
        verbose_name_plural = _("降级申请")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="complaints_lowering_takes_two",
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(approved__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="complaints_lowering_decided_whole",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(approved__isnull=True),
                name="complaints_one_open_lowering",
            ),
        ]

    def __str__(self) -> str:
        return f"LoweringRequest {self.pk}"

"""A batch incident: raised by the alarm, decided by a person, with its cases and tasks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Batch, Case
from liability.models.supply import Supplier
from liability.states import IncidentState, IncidentTaskKind

_OPEN = [IncidentState.RAISED, IncidentState.CONFIRMED]


class Incident(models.Model):
    """批次事件: more complaints of one batch or supplier about one fault than can be explained.

    Of the same thing and fault one is open at a time. What the alarm saw never changes.
    """

    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents"
    )
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents"
    )
    fault = models.CharField(_("问题"), max_length=20)
    state = models.CharField(
        _("状态"), max_length=10, choices=IncidentState.choices, default=IncidentState.RAISED
    )
    alarm_on = models.DateField(_("报警日期"))
    since = models.DateField(_("增多起始日期"))
    count = models.PositiveIntegerField(_("投诉数"))
    expected = models.FloatField(_("预计数"))
    statistic = models.FloatField(_("偶然出现一次的年数"))
    season_source = models.CharField(max_length=16)
    season_factor = models.FloatField()
    by_units = models.BooleanField(_("按销量计算"))
    raised_at = models.DateTimeField(_("报警时间"))
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    cases = models.ManyToManyField(Case, through="IncidentCase", related_name="incidents")

    class Meta:
        verbose_name = _("批次事件")
        verbose_name_plural = _("批次事件")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "fault"],
                condition=Q(state__in=_OPEN, batch__isnull=False),
                name="liability_one_open_incident_a_batch",
            ),
            models.UniqueConstraint(
                fields=["supplier", "fault"],
                condition=Q(state__in=_OPEN, supplier__isnull=False),
                name="liability_one_open_incident_a_supplier",
            ),
            models.CheckConstraint(
                condition=Q(batch__isnull=True, supplier__isnull=False)
                | Q(batch__isnull=False, supplier__isnull=True),
                name="liability_incident_of_batch_or_supplier",
            ),
            models.CheckConstraint(
                condition=Q(state=IncidentState.RAISED, decided_by__isnull=True, reason="")
                | (~Q(state=IncidentState.RAISED) & Q(decided_by__isnull=False) & ~Q(reason="")),
                name="liability_incident_decided_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="liability_incident_decided_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"Incident {self.pk}"


class IncidentCase(models.Model):
    """A case of an incident, and whether its consumer agrees to be treated like the others."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="members")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="incident_places")
    consent = models.BooleanField(_("同意统一方案"), null=True, blank=True)
    consent_source = models.CharField(_("怎样表示的"), max_length=200, blank=True)
    consent_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("事件中的案件")
        verbose_name_plural = _("事件中的案件")
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "case"], name="liability_case_once_an_incident"
            ),
            models.CheckConstraint(
                condition=Q(consent__isnull=True, consent_at__isnull=True, consent_source="")
                | (
                    Q(consent__isnull=False, consent_at__isnull=False, recorded_by__isnull=False)
                    & ~Q(consent_source="")
                ),
                name="liability_consent_with_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.case_id}"


class IncidentTask(models.Model):
    """Something that must be done about an incident: who, until when, and what came of it."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(_("任务"), max_length=12, choices=IncidentTaskKind.choices)
    note = models.CharField(_("要做什么"), max_length=300, blank=True)
    owner = models.ForeignKey(
        "accounts.User",
        verbose_name=_("负责人"),
        on_delete=models.PROTECT,
        related_name="incident_tasks",
    )
    due_on = models.DateField(_("完成期限"))
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    done_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    result = models.CharField(_("结果"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("事件任务")
        verbose_name_plural = _("事件任务")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True, result="")
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(result="")),
                name="liability_task_done_with_result",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class IncidentReminder(models.Model):
    """A rung of an incident's decision or of one of its tasks that was climbed: told once."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="reminders")
    task = models.ForeignKey(
        IncidentTask, on_delete=models.PROTECT, null=True, blank=True, related_name="reminders"
    )
    rung = models.CharField(max_length=12)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("事件提醒")
        verbose_name_plural = _("事件提醒")
        constraints = [
            models.UniqueConstraint(
                fields=["task", "rung"],
                condition=Q(task__isnull=False),
                name="liability_one_reminder_a_task_rung",
            ),
            models.UniqueConstraint(
                fields=["incident", "rung"],
                condition=Q(task__isnull=True),
                name="liability_one_reminder_an_incident_rung",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.rung}"

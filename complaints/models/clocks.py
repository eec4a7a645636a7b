"""Clocks as rows: policies, a ledger that is only added to, and timers that carry out effects."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case
from complaints.states import (
    BudgetUnit,
    ClockKind,
    ClockState,
    LedgerAction,
    Rung,
    TimerStatus,
)


class ClockPolicy(models.Model):
    """How much time one kind of promise has, and what happens on the way: dated and versioned."""

    kind = models.CharField(_("时限"), max_length=20, choices=ClockKind.choices)
    version = models.PositiveSmallIntegerField(_("版本"))
    amount = models.DecimalField(_("数量"), max_digits=6, decimal_places=2)
    unit = models.CharField(_("单位"), max_length=16, choices=BudgetUnit.choices)
    ladder = models.JSONField(_("阶梯"))
    source = models.CharField(_("依据"), max_length=200)
    effective_from = models.DateField(_("生效"))
    effective_to = models.DateField(_("失效"), null=True, blank=True)

    class Meta:
        verbose_name = _("时限规则")
        verbose_name_plural = _("时限规则")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="complaints_policy_version"),
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="complaints_policy_amount_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a holiday, or a make-up working day (调休)."""

    day = models.DateField(_("日期"), unique=True)
    is_working = models.BooleanField(_("上班"))
    name = models.CharField(_("名称"), max_length=80)
    is_provisional = models.BooleanField(_("尚未公布"), default=False)

    class Meta:
        verbose_name = _("日历")
        verbose_name_plural = _("日历")

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class Clock(models.Model):
    """One promise of time in one case. What it says about the future is derived from its ledger."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    kind = models.CharField(_("时限"), max_length=20, choices=ClockKind.choices)
    subject = models.CharField(max_length=40, blank=True)
    policy = models.ForeignKey(ClockPolicy, on_delete=models.PROTECT, related_name="clocks")
    calendar_version = models.CharField(max_length=40)
    fixed_due_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=ClockState.choices, default=ClockState.RUNNING)
    generation = models.PositiveSmallIntegerField(default=1)
    pause_depth = models.PositiveSmallIntegerField(null=True, blank=True)
    started_at = models.DateTimeField(_("开始"))
    due_at = models.DateTimeField(_("到期"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("停止"), null=True, blank=True)
    stop_cause = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("时钟")
        verbose_name_plural = _("时钟")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "subject"],
                condition=~Q(state=ClockState.STOPPED),
                name="complaints_one_live_clock",
            ),
            models.CheckConstraint(
                condition=Q(state=ClockState.STOPPED, stopped_at__isnull=False)
                | (~Q(state=ClockState.STOPPED) & Q(stopped_at__isnull=True)),
                name="complaints_clock_stopped_at",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClockState.RUNNING) | Q(due_at__isnull=False),
                name="complaints_running_clock_is_due",
            ),
        ]
        indexes = [models.Index(fields=["kind", "started_at"], name="complaints_clock_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ClockEntry(models.Model):
    """A line of a clock's ledger; the database refuses to change or delete it."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="ledger")
    action = models.CharField(max_length=8, choices=LedgerAction.choices)
    at = models.DateTimeField()
    cause = models.CharField(max_length=40)
    actor = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    policy = models.ForeignKey(ClockPolicy, on_delete=models.PROTECT, related_name="+")
    calendar_version = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["clock", "id"], name="complaints_ledger_order")]

    def __str__(self) -> str:
        return f"{self.action} {self.at:%F %T}"


class Timer(models.Model):
    """A rung that will have its effect once, at its moment or as soon after as a sweep runs."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="timers")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="timers")
    generation = models.PositiveSmallIntegerField()
    rung = models.CharField(max_length=14, choices=Rung.choices)
    due_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=TimerStatus.choices, default=TimerStatus.ARMED)
    fired_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "generation", "rung"], name="complaints_one_timer_a_rung"
            ),
            models.UniqueConstraint(
                fields=["clock", "rung"],
                condition=Q(status=TimerStatus.FIRED),
                name="complaints_rung_fires_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "case"],
                condition=Q(status=TimerStatus.ARMED),
                name="complaints_armed_timers",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rung} {self.due_at:%F %T}"


class SweepHeartbeat(models.Model):
    """When the clocks were last swept; readiness turns red when this grows old."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    swept_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.swept_at:%F %T}"

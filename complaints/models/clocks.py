"""Clocks as rows: policies, a ledger that is only added to, and timers that carry out effects."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case
from complaints.states import (
    BudgetUnit,
    ClockKind,
    ClockState,
    DatedBy,
    LedgerAction,
    PolicyState,
    SourceStatus,
    TimerStatus,
)


class CalendarVersion(models.Model):
    """One wording of a working calendar, named by its content; only added, never changed."""

    version = models.CharField(_("版本"), primary_key=True, max_length=16)
    data = models.JSONField(_("内容"))
    created_at = models.DateTimeField(_("发布时间"))
    published_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("发布人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("工作日历版本")
        verbose_name_plural = _("工作日历版本")

    def __str__(self) -> str:
        return self.version


class BusinessCalendar(models.Model):
    """Business hours, holidays and make-up days of a place; each wording is a version."""

    key = models.SlugField(_("代号"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    region = models.CharField(_("节假日地区"), max_length=8, blank=True)
    current = models.ForeignKey(
        CalendarVersion, verbose_name=_("现行版本"), on_delete=models.PROTECT, related_name="+"
    )
    teams = models.ManyToManyField(
        "accounts.Team", verbose_name=_("小组"), through="TeamCalendar", related_name="calendars"
    )
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("工作日历")
        verbose_name_plural = _("工作日历")

    def __str__(self) -> str:
        return self.name


class TeamCalendar(models.Model):
    """The calendar that one team works by; teams without one work by the default."""

    team = models.OneToOneField("accounts.Team", on_delete=models.CASCADE, related_name="+")
    calendar = models.ForeignKey(BusinessCalendar, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.team_id} {self.calendar_id}"


class ClockPolicy(models.Model):
    """How much time one promise has, for which cases, and what happens on the way.

    A published version is never changed, except for the day on which it ends; a change is a new
    version. `conditions` lists the accepted values of a case's fields (`selectors.policies.FACTS`);
    of the policies that fit a case, the one with most conditions counts. Policies of an
    event-driven kind each run a clock of their own, by the events that they name.
    """

    code = models.SlugField(_("代号"), max_length=40)
    version = models.PositiveSmallIntegerField(_("版本"))
    state = models.CharField(
        _("状态"), max_length=10, choices=PolicyState.choices, default=PolicyState.DRAFT
    )
    name = models.CharField(_("名称"), max_length=80, blank=True)
    kind = models.CharField(_("时限"), max_length=20, choices=ClockKind.choices)
    conditions = models.JSONField(_("适用范围"), default=dict, blank=True)
    start_event = models.CharField(_("从哪件事起"), max_length=40, blank=True)
    stop_events = ArrayField(
        models.CharField(max_length=40), verbose_name=_("到哪件事止"), default=list, blank=True
    )
    amount = models.DecimalField(_("数量"), max_digits=6, decimal_places=2)
    unit = models.CharField(_("单位"), max_length=16, choices=BudgetUnit.choices)
    rolls = models.BooleanField(_("末日休息就顺延"), default=True)
    calendar = models.ForeignKey(
        BusinessCalendar,
        verbose_name=_("工作日历"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    ladder = models.JSONField(_("阶梯"))
    pause_rules = models.JSONField(_("可暂停的原因"), default=list, blank=True)
    dated_by = models.CharField(
        _("按哪天选版本"), max_length=8, choices=DatedBy.choices, default=DatedBy.START
    )
    source = models.CharField(_("依据"), max_length=200)
    source_status = models.CharField(
        _("依据是否核对"),
        max_length=10,
        choices=SourceStatus.choices,
        default=SourceStatus.INTERNAL,
    )
    effective_from = models.DateField(_("生效"))
    effective_to = models.DateField(_("失效"), null=True, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    published_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("发布人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("时限规则")
        verbose_name_plural = _("时限规则")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="complaints_policy_version"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(state=PolicyState.DRAFT), name="complaints_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="complaints_policy_amount_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    @property
    def title(self) -> str:
        """The policy's name, that of a shipped one in the reader's language."""
        return gettext(self.name) if self.name else self.get_kind_display()

    @property
    def source_words(self) -> str:
        """Where the policy comes from, that of a shipped one in the reader's language."""
        return gettext(self.source)


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
    late_at = models.DateTimeField(_("错过的期限"), null=True, blank=True)
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
        indexes = [
            models.Index(fields=["kind", "started_at"], name="complaints_clock_kind"),
            models.Index(
                fields=["case"],
                condition=Q(kind=ClockKind.FINDING_NOTICE, state=ClockState.RUNNING),
                name="complaints_untold_findings",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ClockEntry(models.Model):
    """A line of a clock's ledger; the database refuses to change or delete it."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="ledger")
    action = models.CharField(max_length=12, choices=LedgerAction.choices)
    at = models.DateTimeField()
    cause = models.CharField(max_length=40)
    detail = models.JSONField(default=dict, blank=True)
    actor = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    policy = models.ForeignKey(ClockPolicy, on_delete=models.PROTECT, related_name="+")
    calendar_version = models.CharField(max_length=40)

    class Meta:
        indexes = [
            models.Index(fields=["clock", "id"], name="complaints_ledger_order"),
            models.Index(fields=["id"], condition=Q(cause="paused"), name="complaints_pauses"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.at:%F %T}"


class Timer(models.Model):
    """A rung that will have its effect once, at its moment or as soon after as a sweep runs."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="timers")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="timers")
    generation = models.PositiveSmallIntegerField()
    rung = models.CharField(max_length=14)
    due_at = models.DateTimeField()
    armed_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=TimerStatus.choices, default=TimerStatus.ARMED)
    fired_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Of those, the tries during which the process ended, or is still at work.
    lost = models.PositiveSmallIntegerField(default=0, db_default=0)
    last_error = models.CharField(max_length=200, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)

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
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(attempts__gt=0),
                name="complaints_sick_timers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rung} {self.due_at:%F %T}"

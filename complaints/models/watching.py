"""Who watches the clocks: a row for each sweeper, and incidents of which managers are told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SweepHeartbeat(models.Model):
    """One sweeping process's last sign of life, and what it has done since it started.

    Every process writes its own row, so that no row is fought over; rows of the departed are
    removed after a day.
    """

    name = models.CharField(_("进程"), max_length=120, primary_key=True)
    started_at = models.DateTimeField(_("启动时间"))
    seen_at = models.DateTimeField(_("最近活动"))
    swept_at = models.DateTimeField(_("最近巡检"), null=True, blank=True)
    skew_seconds = models.FloatField(_("时钟偏差"), default=0)
    sweeps = models.PositiveBigIntegerField(default=0)
    errors = models.PositiveBigIntegerField(default=0)
    fired = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name


class ClockIncident(models.Model):
    """A time in which the clocks were not kept as promised; managers hear when it begins and ends.

    The database allows one open incident of a kind.
    """

    class Kind(models.TextChoices):
        """What is wrong with the keeping of the clocks."""

        SWEEP_STOPPED = "sweep_stopped", _("没有进程在巡检时限")
        TIMERS_WAITING = "timers_waiting", _("到期的提醒没有及时发出")
        CLOCK_SKEWED = "clock_skewed", _("服务器时钟不准")

    kind = models.CharField(_("问题"), max_length=20, choices=Kind.choices)
    began_at = models.DateTimeField(_("开始"))
    noticed_at = models.DateTimeField(_("发现"))
    noticed_by = models.CharField(max_length=8)
    healed_at = models.DateTimeField(_("恢复"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(healed_at__isnull=True),
                name="complaints_one_open_incident",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.began_at:%F %T}"

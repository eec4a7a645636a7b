"""Keeping and erasing: periods by class, legal holds, runs of erasure and their certificates."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from complaints.models import Case
from reviews.keeping import MOST_MONTHS, Period
from reviews.states import (
    OPEN_RUNS,
    CountsFrom,
    HoldGround,
    ItemState,
    KeptBy,
    KeptClass,
    RunState,
    WhyHeld,
)


class RetentionRule(models.Model):
    """One version of how long the cases of a class are kept; the next one follows, none changes."""

    code = models.CharField(_("类别"), max_length=12, choices=KeptClass.choices)
    version = models.PositiveSmallIntegerField(_("版本"))
    months = models.PositiveSmallIntegerField(_("保存几个月"))
    counts_from = models.CharField(_("从哪天算起"), max_length=16, choices=CountsFrom.choices)
    kept_by = models.CharField(_("谁规定的"), max_length=8, choices=KeptBy.choices)
    source = models.CharField(_("依据"), max_length=200)
    source_en = models.CharField(_("依据（英文）"), max_length=300, blank=True)
    verified = models.BooleanField(_("原文已核对"), default=False)
    active = models.BooleanField(_("使用"), default=True)
    effective_from = models.DateField(_("生效日期"))
    reason = models.CharField(_("修改的理由"), max_length=300)
    saved_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    saved_at = models.DateTimeField(_("保存时间"))

    class Meta:
        verbose_name = _("保存期限")
        verbose_name_plural = _("保存期限")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="reviews_one_rule_a_version"),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=MOST_MONTHS), name="reviews_rule_has_months"
            ),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(reason=""), name="reviews_rule_has_source"
            ),
            models.CheckConstraint(
                condition=Q(active=True) | ~Q(code=KeptClass.ORDINARY),
                name="reviews_ordinary_rule_stays",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    @property
    def period(self) -> Period:
        """The rule as the arithmetic takes it."""
        return Period(self.code, self.months, self.counts_from, self.kept_by == KeptBy.LAW)

    @property
    def source_words(self) -> str:
        """The source in the reader's language, where it was written in both."""
        english = (get_language() or "").startswith("en")
        return self.source_en if english and self.source_en else self.source


class LegalHold(models.Model):
    """A case that may not be erased: who said so, why, until when. Lifted by somebody else.

    It ends when it is lifted with a reason, or by itself after `until` (`lapsed`).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds")
    ground = models.CharField(_("原因"), max_length=12, choices=HoldGround.choices)
    reason = models.TextField(_("说明"))
    until = models.DateField(_("到哪天为止"), null=True, blank=True)
    placed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(_("设置时间"))
    lifted_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(_("解除时间"), null=True, blank=True)
    lift_reason = models.TextField(_("解除的理由"), blank=True)
    lapsed = models.BooleanField(_("到期自动解除"), default=False)

    class Meta:
        verbose_name = _("保全")
        verbose_name_plural = _("保全")
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lapsed=False)
                | Q(lifted_at__isnull=False, lapsed=True, lifted_by__isnull=True)
                & Q(until__isnull=False)
                | Q(lifted_at__isnull=False, lapsed=False, lifted_by__isnull=False)
                & ~Q(lift_reason="")
                & ~Q(lifted_by=F("placed_by")),
                name="reviews_hold_lifted_by_another",
            )
        ]
        indexes = [
            models.Index(fields=["case"], condition=Q(lifted_at=None), name="reviews_holds_now")
        ]

    def __str__(self) -> str:
        return f"LegalHold {self.pk}"


class ErasureRun(models.Model):
    """A dry run with its report, asked for by one person, released by another, then carried out."""

    state = models.CharField(
        _("状态"), max_length=10, choices=RunState.choices, default=RunState.PROPOSED
    )
    proposed_at = models.DateTimeField(_("试算时间"))
    proposed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    digest = models.CharField(_("清单的 SHA-256"), max_length=64)
    asked_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("申请时间"), null=True, blank=True)
    reason = models.TextField(_("申请的理由"), blank=True)
    released_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(_("放行时间"), null=True, blank=True)
    discarded_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    discard_reason = models.TextField(_("作废的理由"), blank=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("清除")
        verbose_name_plural = _("清除")
        constraints = [
            models.UniqueConstraint(
                fields=["finished_at"],
                condition=Q(state__in=OPEN_RUNS),
                nulls_distinct=False,
                name="reviews_one_open_run",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RunState.RELEASED, RunState.DONE])
                | Q(
                    asked_by__isnull=False,
                    asked_at__isnull=False,
                    released_by__isnull=False,
                    released_at__isnull=False,
                )
                & ~Q(asked_by=F("released_by"))
                & ~Q(reason=""),
                name="reviews_run_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_RUNS, finished_at__isnull=True)
                | (~Q(state__in=OPEN_RUNS) & Q(finished_at__isnull=False)),
                name="reviews_open_run_is_not_finished",
            ),
        ]

    def __str__(self) -> str:
        return f"ErasureRun {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether something may still become of it."""
        return self.state in OPEN_RUNS


class ErasureItem(models.Model):
    """One case of a run: why it is due, what goes; once erased, the certificate of it.

    `counts` has rows by table, `files` the SHA-256 and size of each file destroyed; `head` is the
    hash of the case's log when it was erased. Nothing in it is about the person.
    """

    run = models.ForeignKey(ErasureRun, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="erasures")
    rule = models.ForeignKey(
        RetentionRule, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_request = models.BooleanField(_("应消费者请求"), default=False)
    due_on = models.DateField(_("可以清除的日期"))
    state = models.CharField(_("状态"), max_length=8, choices=ItemState.choices)
    why = models.CharField(_("为什么暂不清除"), max_length=10, choices=WhyHeld.choices, blank=True)
    error = models.CharField(_("问题"), max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    counts = models.JSONField(_("清除了什么"), default=dict)
    files = models.JSONField(_("销毁的文件"), default=list)
    kept_files = models.PositiveIntegerField(_("别的案件还要用的文件"), default=0)
    erased_at = models.DateTimeField(_("清除时间"), null=True, blank=True)
    head = models.CharField(max_length=64, blank=True)
    digest = models.CharField(_("证明的 SHA-256"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("清除的案件")
        verbose_name_plural = _("清除的案件")
        constraints = [
            models.UniqueConstraint(fields=["run", "case"], name="reviews_case_once_a_run"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state=ItemState.ERASED),
                name="reviews_case_erased_once",
            ),
            models.CheckConstraint(
                condition=Q(state=ItemState.ERASED, erased_at__isnull=False) & ~Q(digest="")
                | ~Q(state=ItemState.ERASED) & Q(erased_at__isnull=True, digest=""),
                name="reviews_erased_has_certificate",
            ),
            models.CheckConstraint(
                condition=~Q(state=ItemState.HELD) | ~Q(why=""), name="reviews_held_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"ErasureItem {self.pk}"

    @property
    def rows(self) -> int:
        """How many rows were, or will be, emptied or removed."""
        return sum(self.counts.values())

    @property
    def bytes(self) -> int:
        """How many bytes of files were, or will be, destroyed."""
        return sum(int(entry["size"]) for entry in self.files)

    @property
    def certificate(self) -> dict[str, Any]:
        """What is certified; `digest` is the SHA-256 of its canonical JSON."""
        return {
            "format": "redress-erasure-1",
            "case": self.case.reference,
            "class": self.rule.code if self.rule else "",
            "rule_version": self.rule.version if self.rule else 0,
            "source": self.rule.source if self.rule else "",
            "on_request": self.on_request,
            "due_on": self.due_on.isoformat(),
            "erased_at": self.erased_at.isoformat() if self.erased_at else "",
            "asked_by": self.run.asked_by_id,
            "released_by": self.run.released_by_id,
            "rows": self.counts,
            "files": self.files,
            "kept_files": self.kept_files,
            "log_head": self.head,
        }

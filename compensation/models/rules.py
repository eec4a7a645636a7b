"""Legal rules as dated rows, and the entitlement sheets that were reckoned by them."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compensation.rules import RuleVersion
from compensation.rules.book import Source
from compensation.states import RuleSource
from complaints.models import Case


class LegalRuleVersion(models.Model):
    """A rule as it stands from a day on. Once published the database keeps it as it is."""

    rule = models.CharField(_("规则"), max_length=8)
    title = models.CharField(_("标题"), max_length=80)
    article = models.CharField(_("条文"), max_length=200)
    gist = models.CharField(_("要点"), max_length=200, blank=True)
    formula = models.CharField(_("算法"), max_length=120)
    group = models.CharField(_("类别"), max_length=16)
    parameters = models.JSONField(_("数值"), default=dict)
    effective_from = models.DateField(_("从哪天起"), null=True, blank=True)
    effective_to = models.DateField(_("到哪天止"), null=True, blank=True)
    source = models.CharField(_("来源核对"), max_length=12, choices=RuleSource.choices)
    active = models.BooleanField(_("启用"), default=True)
    region = models.CharField(_("地区"), max_length=12, blank=True)
    label = models.CharField(_("名称"), max_length=40, blank=True)
    reason = models.CharField(_("修改的理由"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("拟定人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("拟定时间"))
    published_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("发布人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("法律规则")
        verbose_name_plural = _("法律规则")
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_to=None)
                | Q(effective_from=None)
                | Q(effective_to__gte=F("effective_from")),
                name="compensation_rule_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["rule"],
                condition=Q(published_at=None),
                name="compensation_one_draft_a_rule",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.label or self.effective_from or ''}".strip()

    @property
    def version(self) -> RuleVersion:
        """The row as the rules read it."""
        return RuleVersion(
            rule=self.rule,
            title=self.title,
            article=self.article,
            formula=self.formula,
            group=self.group,
            parameters={name: Decimal(value) for name, value in self.parameters.items()},
            effective_from=self.effective_from,
            effective_to=self.effective_to,
            source=Source(self.source),
            active=self.active,
            region=self.region,
            label=self.label,
            gist=self.gist,
        )


class EntitlementSheet(models.Model):
    """What the law gives in a case: the facts, who confirmed them, and every line. Only added to.

    With the rules published by `made_at`, the calendar's version and `on_day` it can be reckoned
    again at any time. `beside_remedy` is what is due beside a repair or an exchange.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sheets")
    number = models.PositiveSmallIntegerField(_("次序"))
    kind = models.CharField(_("种类"), max_length=16)
    facts = models.JSONField(_("事实"))
    result = models.JSONField(_("结果"))
    total = models.DecimalField(_("合计"), max_digits=14, decimal_places=2)
    beside_remedy = models.DecimalField(_("修换之外"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("币种"), max_length=3)
    on_day = models.DateField(_("按哪天的规则"))
    calendar_version = models.CharField(_("日历版本"), max_length=16)
    findings = models.JSONField(_("由人确认的认定"), default=list)
    made_by = models.ForeignKey(
        "accounts.User", verbose_name=_("核算人"), on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("核算时间"))

    class Meta:
        verbose_name = _("法定金额核算")
        verbose_name_plural = _("法定金额核算")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "number"], name="compensation_one_sheet_a_number"
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0, beside_remedy__gte=0, beside_remedy__lte=F("total")),
                name="compensation_sheet_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"EntitlementSheet {self.pk}"

    @property
    def lines(self) -> list[dict[str, object]]:
        """The lines that count, credits among them."""
        return [line for line in self.result.get("lines", []) if line["chosen"]]

    @property
    def other_heads(self) -> list[dict[str, object]]:
        """Heads that the chosen one excludes; older sheets have them among their lines."""
        told = [*self.result.get("other_heads", []), *self.result.get("lines", [])]
        return [line for line in told if not line["chosen"]]

"""What decides who may own a case, besides load and absence: skills asked for, and conflicts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case
from complaints.models.customers import Customer
from complaints.states import Category, ConflictGround, Urgency


class SkillNeed(models.Model):
    """Cases that fit every field that is filled in go to people with this skill."""

    skill = models.ForeignKey(
        "accounts.Skill", verbose_name=_("技能"), on_delete=models.CASCADE, related_name="+"
    )
    category = models.CharField(_("类别"), max_length=12, choices=Category.choices, blank=True)
    product_line = models.CharField(_("品类"), max_length=60, blank=True)
    language = models.CharField(_("语言"), max_length=10, blank=True)
    urgency = models.CharField(_("紧急程度"), max_length=10, choices=Urgency.choices, blank=True)
    for_care = models.BooleanField(_("消费者需要照顾"), default=False)

    class Meta:
        verbose_name = _("技能要求")
        verbose_name_plural = _("技能要求")
        constraints = [
            models.UniqueConstraint(
                fields=["skill", "category", "product_line", "language", "urgency", "for_care"],
                name="complaints_one_skill_need",
            ),
            models.CheckConstraint(
                condition=~Q(category="", product_line="", language="", urgency="", for_care=False),
                name="complaints_skill_need_asks",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id} {self.pk}"

    def fits(self, case: Case) -> bool:
        """Say whether a case asks for the skill."""
        line = case.product.category if case.product else ""
        asked = [
            (self.category, case.category),
            (self.product_line, line),
            (self.language, case.language),
            (self.urgency, case.urgency),
        ]
        cared = not self.for_care or case.consumer.needs_care
        return cared and all(not wanted or wanted == held for wanted, held in asked)


class Conflict(models.Model):
    """Somebody must not handle a case, or anything of a customer; or only bears the same name.

    Lifted rather than deleted.
    """

    user = models.ForeignKey(
        "accounts.User", verbose_name=_("谁"), on_delete=models.PROTECT, related_name="conflicts"
    )
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="conflicts"
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="conflicts"
    )
    ground = models.CharField(_("原因"), max_length=10, choices=ConflictGround.choices)
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("利益冲突")
        verbose_name_plural = _("利益冲突")
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=True) ^ Q(customer__isnull=True),
                name="complaints_conflict_with_one",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="complaints_conflict_lifted",
            ),
            models.UniqueConstraint(
                fields=["user", "case"],
                condition=Q(lifted_at__isnull=True, case__isnull=False),
                name="complaints_one_conflict_a_case",
            ),
            models.UniqueConstraint(
                fields=["user", "customer"],
                condition=Q(lifted_at__isnull=True, customer__isnull=False),
                name="complaints_one_conflict_a_customer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.ground}"

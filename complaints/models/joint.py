"""People who complain together in one case: who speaks for them, and who agrees to a settlement."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case
from complaints.models.people import Consumer


class GroupMember(models.Model):
    """One of several complainants of a case; the first is who brought it.

    At most two represent the others: the database has two places a case. Nobody's settlement is
    made for them: each consents on their own.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="group")
    consumer = models.OneToOneField(
        Consumer, on_delete=models.PROTECT, related_name="group_membership"
    )
    place = models.PositiveSmallIntegerField(_("代表"), null=True, blank=True)
    consented_at = models.DateTimeField(_("同意和解的时间"), null=True, blank=True)
    consent_source = models.CharField(_("怎样表示的"), max_length=200, blank=True)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("共同投诉人")
        verbose_name_plural = _("共同投诉人")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "place"], name="complaints_one_representative_a_place"
            ),
            models.CheckConstraint(
                condition=Q(place__isnull=True) | Q(place__in=[1, 2]),
                name="complaints_two_representatives",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(place__isnull=True),
                name="complaints_who_left_represents_nobody",
            ),
            models.CheckConstraint(
                condition=Q(consented_at__isnull=True, consent_source="")
                | Q(consented_at__isnull=False) & ~Q(consent_source=""),
                name="complaints_consent_has_source",
            ),
        ]

    def __str__(self) -> str:
        return f"GroupMember {self.pk}"

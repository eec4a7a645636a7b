"""How people keep their work in order: tags on cases, and lists that they come back to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case
from complaints.states import Sharing


class Tag(models.Model):
    """A word that staff put on cases to find them together; told apart whatever the letters."""

    name = models.CharField(_("标签"), max_length=30)
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("标签")
        verbose_name_plural = _("标签")
        constraints = [
            models.UniqueConstraint(Lower("name"), name="complaints_one_tag_a_name"),
            models.CheckConstraint(condition=~Q(name=""), name="complaints_tag_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class CaseTag(models.Model):
    """A tag on a case, with who put it there."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="case_tags")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="case_tags")
    added_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tag", "case"], name="complaints_tag_once_a_case")
        ]

    def __str__(self) -> str:
        return f"CaseTag {self.pk}"


class SavedView(models.Model):
    """A name for the address of a list. Nothing but the query is kept, so it never grows stale."""

    owner = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(_("名称"), max_length=40)
    query = models.CharField(max_length=2000)
    sharing = models.CharField(
        _("谁能用"), max_length=4, choices=Sharing.choices, default=Sharing.OWN
    )
    team = models.ForeignKey(
        "accounts.Team", on_delete=models.CASCADE, null=True, blank=True, related_name="saved_views"
    )
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("视图")
        verbose_name_plural = _("视图")
        constraints = [
            models.UniqueConstraint(
                "owner", Lower("name"), name="complaints_one_view_a_name_and_owner"
            ),
            models.CheckConstraint(
                condition=Q(sharing=Sharing.TEAM, team__isnull=False)
                | (~Q(sharing=Sharing.TEAM) & Q(team__isnull=True)),
                name="complaints_view_of_a_team_names_it",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DefaultView(models.Model):
    """The saved view with which a person's desk opens."""

    user = models.OneToOneField(
        "accounts.User", on_delete=models.CASCADE, primary_key=True, related_name="default_view"
    )
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="default_of")

    def __str__(self) -> str:
        return f"DefaultView {self.pk}"

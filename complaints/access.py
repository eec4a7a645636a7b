"""The door: which cases an actor may see, and loading one case with a right."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.core.signing import BadSignature
from django.db.models import OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseErased, StepForbidden
from complaints.models import Case, CaseTag
from complaints.permissions import Permission, has_permission
from complaints.states import Stage

_TAGS = ArraySubquery(
    CaseTag.objects.filter(case=OuterRef("pk")).order_by("tag__name").values("tag__name")
)
_SEES_ALL = frozenset(set(Role) - {Role.FINANCE, Role.MEDIATOR})
_MONEY_STAGES = (
    Stage.AGREED,
    Stage.FULFILLING,
    Stage.BREACHED,
    Stage.FOLLOWING_UP,
    Stage.EXTERNAL,
    Stage.CLOSED,
)


def sees_every_case(actor: Actor) -> bool:
    """Say whether an actor's role lets them see all cases, whatever their stage."""
    return actor.has_role(*_SEES_ALL)


def visible_cases(actor: Actor) -> QuerySet[Case]:
    """Return the cases that a member of staff may see.

    Finance sees those with something to pay, also while others decide about a breach of ours, an
    internal mediator those being mediated; all other roles see every case.
    """
    if sees_every_case(actor):
        return Case.objects.all()
    visible = Q(pk__in=[])
    if actor.has_role(Role.FINANCE):
        aside = Q(stage__in=(Stage.MEDIATING, Stage.EXTERNAL))
        visible |= Q(stage__in=_MONEY_STAGES) | aside & Q(origins__contains=[Stage.BREACHED])
    if actor.has_role(Role.MEDIATOR):
        visible |= Q(stage=Stage.MEDIATING) | Q(origins__contains=[Stage.MEDIATING])
        if actor.user is not None:
            visible |= Q(owner=actor.user)
    return Case.objects.filter(visible)


def get_case(user: User, reference: str, permission: str = Permission.VIEW_CASE) -> Case:
    """Load a case with its `tag_names` for a member of staff; 404 for one not theirs to see.

    Raises StepForbidden when the case may be seen but the right is missing, CaseErased when its
    particulars are gone.
    """
    actor = Actor.staff(user)
    case = (
        visible_cases(actor)
        .select_related("consumer", "product", "batch", "owner", "team", "merged_into")
        .annotate(tag_names=_TAGS)
        .filter(reference=reference)
        .first()
    )
    if case is None:
        raise Http404(reference)
    if not has_permission(actor, permission):
        raise StepForbidden(_("你的角色不能做这件事。"))
    refuse_erased(case)
    return case


def refuse_erased(case: Case) -> None:
    """Raise CaseErased for a case whose particulars were erased: no page of it can be shown."""
    if case.erased_at is not None:
        raise CaseErased(_("这起案件的内容已按保存期限清除。"), reference=case.reference)


_COOKIE, _SALT = "redress_cases", "complaints.consumer-access"
_COOKIE_DAYS = 30
_MOST_CASES = 10


def _opened(request: HttpRequest) -> list[str]:
    try:
        value = request.get_signed_cookie(
            _COOKIE, default="", salt=_SALT, max_age=_COOKIE_DAYS * 86400
        )
    except BadSignature:
        return []
    return value.split(".") if value else []


def let_in(request: HttpRequest, response: HttpResponse, case: Case) -> None:
    """Let this browser see a case for thirty days: the door was opened by a link or a code."""
    keep = [pk for pk in _opened(request) if pk != str(case.pk)][-(_MOST_CASES - 1) :]
    response.set_signed_cookie(
        _COOKIE,
        ".".join([*keep, str(case.pk)]),
        salt=_SALT,
        max_age=_COOKIE_DAYS * 86400,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def let_out(response: HttpResponse) -> None:
    """Forget every case that this browser had opened."""
    response.delete_cookie(_COOKIE, samesite="Lax")


def consumer_case(request: HttpRequest, reference: str) -> Case:
    """Load a case for the consumer whose browser was let in; 404 for any other, known or not.

    Raises CaseErased when its particulars are gone.
    """
    case = (
        Case.objects.filter(reference=reference, pk__in=_opened(request))
        .select_related("consumer", "product", "batch", "owner", "merged_into")
        .first()
    )
    if case is None:
        raise Http404(reference)
    refuse_erased(case)
    return case


def require_permission(user: User, permission: str) -> Actor:
    """Return the actor of a member of staff; raises StepForbidden without the right."""
    actor = Actor.staff(user)
    if not has_permission(actor, permission):
        raise StepForbidden(_("你的角色不能做这件事。"))
    return actor

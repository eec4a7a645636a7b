"""The first account, changes to one's own, tokens for programs, workload and absence."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime

from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.errors import StaffError
from accounts.models import Absence, ApiToken, Department, Skill, Team, User
from accounts.states import Role

MARK = "rdt_"


@transaction.atomic
def open_first_account(
    username: str, *, password: str, name: str, email: str, department: str, team: str
) -> User:
    """Make the person who starts a new site: administrator, and manager of the default team.

    New cases go to that team; one that is there already as the default is kept, with its manager.
    Raises ValidationError for a name, address or password that will not do, and ValueError where
    an active administrator is there: further people are made in the administration.
    """
    if User.objects.filter(is_active=True, roles__contains=[Role.ADMINISTRATOR]).exists():
        raise ValueError("there is an administrator")
    user = User(
        username=username,
        email=email,
        display_name=name,
        roles=[Role.ADMINISTRATOR, Role.MANAGER],
        is_staff=True,
    )
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    user.team = _default_team(department=department, team=team, manager=user)
    user.save(update_fields=["team"])
    return user


def _default_team(*, department: str, team: str, manager: User) -> Team:
    found = Team.objects.filter(is_default=True).first()
    if found is None:
        home, _new = Department.objects.get_or_create(name=department)
        found, _new = Team.objects.get_or_create(name=team, defaults={"department": home})
        found.is_default = True
    if found.manager is None:
        found.manager = manager
    found.save()
    return found


def set_shortcuts(user: User, *, enabled: bool) -> None:
    """Turn single-key shortcuts on or off for a person, on every device from the next log-in."""
    user.single_key_shortcuts = enabled
    user.save(update_fields=["single_key_shortcuts"])


def token_digest(token: str) -> str:
    """Return what is stored of a token; its 256 random bits need no salt."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def issue_token(user: User, *, label: str, expires_at: datetime | None = None) -> str:
    """Make a token for a program that acts as `user` and return it; it is never shown again."""
    token = MARK + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        user=user, label=label[:80], digest=token_digest(token), expires_at=expires_at
    )
    return token


def revoke_token(token: ApiToken) -> None:
    """Stop a token for good."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=Now())


@transaction.atomic
def set_workload(
    user: User, *, skills: Iterable[Skill], most_open_cases: int, takes_cases: bool
) -> User:
    """Set what a person can do, and how much of it at once."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.most_open_cases, user.takes_cases = most_open_cases, takes_cases
    user.save(update_fields=["most_open_cases", "takes_cases"])
    user.skills.set(skills)
    return user


@transaction.atomic
def plan_absence(
    user: User,
    *,
    starts_on: date,
    ends_on: date,
    reason: str,
    by: User,
    stand_in: User | None = None,
) -> Absence:
    """Write down on which days somebody is away, both included, and who stands in.

    Raises StaffError for days in the wrong order or planned already, and for a stand-in who is the
    person, has left, or is away in these days.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if ends_on < starts_on:
        raise StaffError(_("最后一天不能早于第一天。"), field="ends_on")
    if absences_between(starts_on, ends_on, user=user):
        raise StaffError(_("这些天里已经登记过缺勤。"), field="starts_on")
    if stand_in is not None:
        if stand_in.pk == user.pk:
            raise StaffError(_("代理人不能是本人。"), field="stand_in")
        if not stand_in.is_active or absences_between(starts_on, ends_on, user=stand_in):
            raise StaffError(_("这位同事这些天也不在岗。"), field="stand_in")
    return Absence.objects.create(
        user=user,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        stand_in=stand_in,
        created_by=by,
    )


def absences_between(first: date, last: date, *, user: User) -> bool:
    """Say whether a person is away on any of these days."""
    planned = Absence.objects.filter(user=user, cancelled_at=None)
    return planned.filter(starts_on__lte=last, ends_on__gte=first).exists()


def cancel_absence(absence: Absence, *, by: User) -> None:
    """Take a planned absence back; a second time changes nothing."""
    Absence.objects.filter(pk=absence.pk, cancelled_at=None).update(
        cancelled_at=Now(), cancelled_by=by
    )


def uses_app(user: User) -> bool:
    """Say whether somebody's second step is an authenticator app."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def app_code_holds(user: User, code: str) -> bool:
    """Say whether the app shows this code now; a code that held once does not hold again.

    A code is remembered for as long as the app's clock and ours may lie apart.
    """
    app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    digits = "".join(code.split())
    if app is None or not app.wrap().validate_code(digits):
        return False
    life = mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 2)
    mark = hashlib.sha256(f"{user.pk}:{digits}".encode()).hexdigest()
    if not cache.add(f"app-code:{mark}", "used", timeout=life):
        return False
    app.record_usage()
    return True

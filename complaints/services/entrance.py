"""The consumer's way in: secret links, one-time codes, and doors that close after many tries.

Answers to a wrong and to an unknown reference are alike, and take the same path.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from complaints import sealing
from complaints.actors import Actor
from complaints.customer_states import LookKind
from complaints.errors import CodeRefused, TooManyAttempts
from complaints.models import AttemptCounter, Case, CaseAccess, ContactReveal, OneTimeCode
from complaints.moments import now
from complaints.normalising import normalised_email, normalised_phone
from complaints.services.customers import log_look
from complaints.services.events import append_event
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_consumer
from complaints.states import CodePurpose

CODE_LIFE = timedelta(minutes=10)
MOST_TRIES = 5
WINDOW = timedelta(minutes=15)
CODES_A_WINDOW = 5


def count_attempt(door: str, *, most: int) -> None:
    """Count one try at a door and raise TooManyAttempts beyond `most` in a quarter of an hour.

    `door` may hold an address or a reference: only its keyed digest is stored.
    """
    moment = now()
    seconds = int(WINDOW.total_seconds())
    start = datetime.fromtimestamp(moment.timestamp() // seconds * seconds, tz=UTC)
    key = sealing.blind_index("door", door)
    counter, created = AttemptCounter.objects.get_or_create(
        key=key, window_start=start, defaults={"count": 1}
    )
    if not created:
        AttemptCounter.objects.filter(pk=counter.pk).update(count=F("count") + 1)
        counter.refresh_from_db(fields=["count"])
    if counter.count > most:
        raise TooManyAttempts(_("试的次数太多了。请 15 分钟后再来，或者打客服电话。"))


def case_of_secret(secret: str) -> Case | None:
    """Return the case that a secret link opens, or None."""
    if not secret:
        return None
    digest = sealing.digest(secret)
    case = Case.objects.filter(access_digest=digest).first()
    if case is not None:
        return case
    access = (
        CaseAccess.objects.filter(secret_digest=digest, revoked_at=None)
        .select_related("case")
        .first()
    )
    return access.case if access else None


@transaction.atomic
def grant_access(case: Case) -> str:
    """Make a further secret link to a case and return its secret, which is stored only hashed."""
    secret = sealing.new_secret()
    CaseAccess.objects.create(case=case, secret_digest=sealing.digest(secret), created_at=now())
    return secret


def request_access_code(*, reference: str, contact: str) -> UUID | None:
    """Send a code to the consumer of `reference` if `contact` is theirs; tell the caller nothing.

    Returns the id under which the code can be tried, or None; the page must look alike for both.
    """
    case = (
        Case.objects.select_related("consumer").filter(reference=reference.strip().upper()).first()
    )
    phone, email = normalised_phone(contact), normalised_email(contact)
    if case is None:
        return None
    consumer = case.consumer
    owns = (
        consumer.phone_index and consumer.phone_index == sealing.blind_index("phone", phone)
    ) or (consumer.email_index and consumer.email_index == sealing.blind_index("email", email))
    return send_code(case, purpose=CodePurpose.ACCESS).pk if owns else None


@transaction.atomic
def send_code(case: Case, *, purpose: str, subject: str = "") -> OneTimeCode:
    """Send a six-digit code to the consumer; it lives ten minutes and replaces earlier ones.

    Raises TooManyAttempts when too many were asked for.
    """
    code, digits = new_code(case, purpose=purpose, subject=subject)
    tell_consumer(case, "code", key=f"code:{code.pk}", secret={"code": digits})
    return code


@transaction.atomic
def new_code(case: Case, *, purpose: str, subject: str = "") -> tuple[OneTimeCode, str]:
    """Make a code and return it with its digits, for a caller who sends them to whom it is for.

    Earlier ones for the same thing end. Raises TooManyAttempts when too many were asked for.
    """
    count_attempt(f"codes:{case.pk}", most=CODES_A_WINDOW)
    moment, digits = now(), sealing.new_code()
    OneTimeCode.objects.filter(
        case=case, purpose=purpose, subject=subject, used_at=None, expires_at__gt=moment
    ).update(expires_at=moment)
    code = OneTimeCode(
        case=case,
        purpose=purpose,
        subject=subject,
        created_at=moment,
        expires_at=moment + CODE_LIFE,
    )
    code.code_digest = sealing.digest(f"{code.pk}:{digits}")
    code.save(force_insert=True)
    return code, digits


def try_code(code_id: UUID | None, digits: str, *, purpose: str, subject: str = "") -> Case:
    """Return the case that a code opens, and use the code up.

    Raises CodeRefused, in the same words, for a wrong, used, expired or unknown code and after five
    tries. The try is counted before the digits are compared, so that racing guesses count too.
    """
    refusal = CodeRefused(_("校验码不对，或者已经过期。核对一下，或者重新获取。"), field="code")
    if code_id is None:
        raise refusal
    counted = OneTimeCode.objects.filter(
        pk=code_id,
        purpose=purpose,
        subject=subject,
        used_at=None,
        expires_at__gt=now(),
        attempts__lt=MOST_TRIES,
    ).update(attempts=F("attempts") + 1)
    if not counted:
        raise refusal
    code = OneTimeCode.objects.select_related("case__consumer").get(pk=code_id)
    right = sealing.digest(f"{code.pk}:{digits.strip()}")
    if not hmac.compare_digest(code.code_digest, right):
        raise refusal
    if not OneTimeCode.objects.filter(pk=code_id, used_at=None).update(used_at=now()):
        raise refusal
    return code.case


@transaction.atomic
def reveal_contact(case: Case, *, by: Actor, reason: str) -> dict[str, str]:
    """Return contact details in clear, and record who looked and why."""
    case = locked_case(case)
    ContactReveal.objects.create(case=case, user=by.person, reason=reason[:200], at=now())
    log_look(
        by=by, reason=reason, customer=case.consumer.customer, case=case, kind=LookKind.CONTACT
    )
    append_event(case, "contact_revealed", by=by)
    return case.consumer.contact

"""What happens by itself with time: each task is safe to run twice, and at once.

Candidates are found without a lock; each case is then locked and looked at again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import BigIntegerField, Exists, OuterRef, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from agreements.days import today
from agreements.models import (
    Agreement,
    CareCallRule,
    ConsumerLapse,
    FollowUpAttempt,
    Obligation,
)
from agreements.periods import QUIET_BEFORE_CLOSING, TRIES_NEEDED
from agreements.selectors.performance import (
    calls_of,
    consumers_overdue,
    overdue_obligations,
    unanswered_tries,
)
from agreements.services.breaches import declare_breach
from agreements.services.caring import cases_to_plan, plan_care_call
from agreements.services.concluding import enter_into_force
from agreements.services.drafting import put_away
from agreements.services.following_up import close_case
from agreements.services.handing_over import ask_for_pickup, pickups_waiting
from agreements.services.lapses import REMINDED_IN, remind_consumer, tell_of_grace
from agreements.services.rights import STAGE_OF_KIND, locked_agreement
from agreements.services.signing import came_in_time
from agreements.services.surveying import remind_of_survey, to_remind
from agreements.states import (
    OPEN_STATUSES,
    AgreementKind,
    AgreementStatus,
    CallOutcome,
    CheckStatus,
    Debtor,
    ObligationStatus,
    SignerRole,
)
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case, Notification
from complaints.moments import now
from complaints.selectors.people import managers_of, responsible_for
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff
from complaints.states import FINAL_STAGES, RETURNING_STAGES, Stage
from documents.states import DocumentStatus

logger = logging.getLogger(__name__)
SYSTEM = Actor.system()
UNPRINTED = "agreement_unprinted"


def pursue(*, limit: int = 200) -> dict[str, int]:
    """Do everything that is due; return how often each thing was done."""
    return {
        "entered_into_force": _each(_about_to_bind(limit), _bind),
        "lapsed": _each(_past_signing(limit), _lapse),
        "left_behind": _each(_left_behind(limit), _put_aside),
        "unprinted": _each(_unprinted(limit), _tell_unprinted),
        "breached": _each(_overdue_cases(limit), _breach),
        "consumers_reminded": _each(_consumers_overdue(limit), _remind),
        "grace_over": _each(_grace_over(limit), _decide),
        "pickups_asked": _each(pickups_waiting(limit), _ask_for_pickup),
        "care_calls_planned": _plan_care_calls(limit),
        "survey_reminded": _each(to_remind(limit), _remind_of_survey),
        "closed": _each(_unreachable_cases(limit), _close),
    }


def _each(ids: Iterable[int], act: Callable[[int], bool]) -> int:
    done = 0
    for pk in ids:
        try:
            with transaction.atomic():
                done += act(pk)
        except CaseError as refusal:
            logger.warning("not_pursued", extra={"row": pk, "reason": type(refusal).__name__})
    return done


def _about_to_bind(limit: int) -> list[int]:
    waiting = Agreement.objects.filter(
        status=AgreementStatus.SIGNED,
        effective_at=None,
        effective_on__lte=today(),
        case__stage=Stage.AGREED,
    )
    return list(waiting.order_by("effective_on", "pk").values_list("pk", flat=True)[:limit])


def _bind(pk: int) -> bool:
    agreement = Agreement.objects.select_related("case").get(pk=pk)
    if agreement.effective_at is not None:
        return False
    return enter_into_force(agreement, by=SYSTEM).effective_at is not None


def _past_signing(limit: int) -> list[int]:
    late = (
        Agreement.objects.filter(status=AgreementStatus.OFFERED, sign_by__lte=now())
        .exclude(signers__in=_consumer_signatures())
        .exclude(paper_copies__status=CheckStatus.WAITING)
    )
    return list(late.order_by("sign_by", "pk").values_list("pk", flat=True)[:limit])


def _consumer_signatures() -> list[int]:
    waiting = Agreement.objects.filter(
        status=AgreementStatus.OFFERED,
        signers__role=SignerRole.CONSUMER,
        signers__signed_at__isnull=False,
    )
    return list(waiting.values_list("signers__pk", flat=True))


def _lapse(pk: int) -> bool:
    agreement = locked_agreement(Agreement.objects.select_related("case").get(pk=pk))
    late = agreement.sign_by is not None and agreement.sign_by <= now()
    if agreement.status != AgreementStatus.OFFERED or not late or came_in_time(agreement):
        return False
    agreement = put_away(agreement, AgreementStatus.VOID, by=SYSTEM)
    case = agreement.case
    if case.owner is not None:
        key = f"agreement:{pk}:lapsed"
        tell_staff(case, "agreement_lapsed", users=[case.owner], key=key)
    return True


def _left_behind(limit: int) -> list[int]:
    aside = [str(stage) for stage in RETURNING_STAGES - {Stage.MEDIATING}]
    settled = Agreement.objects.filter(
        status__in=OPEN_STATUSES, kind=AgreementKind.SETTLEMENT
    ).exclude(case__stage__in=[Stage.NEGOTIATING, Stage.MEDIATING, *aside])
    mediated = Agreement.objects.filter(
        status__in=OPEN_STATUSES, kind=AgreementKind.MEDIATION
    ).exclude(case__stage__in=[Stage.MEDIATING, *aside])
    return [*settled.values_list("pk", flat=True), *mediated.values_list("pk", flat=True)][:limit]


def _put_aside(pk: int) -> bool:
    agreement = locked_agreement(Agreement.objects.select_related("case").get(pk=pk))
    stage = agreement.case.stage
    home = STAGE_OF_KIND.get(AgreementKind(agreement.kind))
    if agreement.status not in OPEN_STATUSES or stage == home:
        return False
    if stage in RETURNING_STAGES - {Stage.MEDIATING}:
        return False
    put_away(agreement, AgreementStatus.VOID, by=SYSTEM)
    return True


def _unprinted(limit: int) -> list[int]:
    """Return agreements whose PDF was given up, and of which nobody has been told yet."""
    about = Cast(KT("data__agreement"), BigIntegerField())
    told = Notification.objects.annotate(about=about).filter(
        case=OuterRef("case"), kind=UNPRINTED, about=OuterRef("pk")
    )
    failed = Agreement.objects.filter(
        Q(status=AgreementStatus.OFFERED, unsigned__status=DocumentStatus.FAILED)
        | Q(status=AgreementStatus.SIGNED, sealed__status=DocumentStatus.FAILED)
    ).exclude(Exists(told))
    return list(failed.order_by("pk").values_list("pk", flat=True)[:limit])


def _tell_unprinted(pk: int) -> bool:
    case = locked_case(Agreement.objects.select_related("case").get(pk=pk).case)
    if Notification.objects.filter(case=case, kind=UNPRINTED, data__agreement=pk).exists():
        return False
    people = {user.pk: user for user in [*responsible_for(case), *managers_of(case)]}
    key = f"agreement:{pk}:unprinted"
    users = list(people.values())
    tell_staff(case, UNPRINTED, users=users, key=key, data={"agreement": pk})
    return bool(users)


def _overdue_cases(limit: int) -> list[int]:
    overdue = Obligation.objects.filter(
        status=ObligationStatus.PENDING,
        debtor=Debtor.COMPANY,
        due_on__lt=today(),
        agreement__status=AgreementStatus.SIGNED,
        agreement__case__stage=Stage.FULFILLING,
    )
    ids = overdue.order_by("due_on").values_list("agreement__case_id", flat=True)[:limit]
    return list(dict.fromkeys(ids))


def _breach(pk: int) -> bool:
    case = locked_case(Case(pk=pk))
    if case.stage != Stage.FULFILLING or not overdue_obligations(case).exists():
        return False
    declare_breach(case, by=SYSTEM)
    return True


def _consumers_overdue(limit: int) -> list[int]:
    overdue = consumers_overdue().filter(agreement__case__stage__in=REMINDED_IN)
    ids = overdue.values_list("agreement__case_id", flat=True)[:limit]
    return list(dict.fromkeys(ids))


def _remind(pk: int) -> bool:
    return bool(remind_consumer(Case(pk=pk), by=SYSTEM))


def _grace_over(limit: int) -> list[int]:
    over = ConsumerLapse.objects.filter(
        closed_at=None, grace_told_at=None, grace_until__lt=today()
    ).exclude(obligation__agreement__case__stage__in=FINAL_STAGES)
    over = over.exclude(obligation__goods__handed_over_at__isnull=False)
    return list(over.order_by("grace_until", "pk").values_list("pk", flat=True)[:limit])


def _decide(pk: int) -> bool:
    lapse = ConsumerLapse.objects.select_related("obligation__agreement__case").get(pk=pk)
    return tell_of_grace(lapse, by=SYSTEM)


def _ask_for_pickup(pk: int) -> bool:
    duty = Obligation.objects.select_related("agreement__case").get(pk=pk)
    return ask_for_pickup(duty, by=SYSTEM)


def _plan_care_calls(limit: int) -> int:
    rule_of = dict(cases_to_plan(limit))

    def plan(pk: int) -> bool:
        return plan_care_call(Case(pk=pk), CareCallRule.objects.get(pk=rule_of[pk]), by=SYSTEM)

    return _each(rule_of, plan)


def _remind_of_survey(pk: int) -> bool:
    return remind_of_survey(Case(pk=pk), by=SYSTEM)


def _unreachable_cases(limit: int) -> list[int]:
    tried = FollowUpAttempt.objects.filter(
        case__stage=Stage.FOLLOWING_UP,
        outcome=CallOutcome.NO_ANSWER,
        tried_at__lte=now() - QUIET_BEFORE_CLOSING,
    )
    return list(tried.order_by("case_id").values_list("case_id", flat=True).distinct()[:limit])


def _close(pk: int) -> bool:
    case = locked_case(Case(pk=pk))
    tries = list(unanswered_tries(case))
    quiet = bool(tries) and now() - tries[-1].tried_at >= QUIET_BEFORE_CLOSING
    if calls_of(case).filter(call_again_at__gt=now()).exists():
        return False
    if case.stage != Stage.FOLLOWING_UP or len(tries) < TRIES_NEEDED or not quiet:
        return False
    close_case(case, by=SYSTEM)
    return True

"""The link by which a consumer answers once, on any phone, without logging in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext as _

from agreements.models import SurveyLink
from agreements.periods import SURVEY_OPEN, SURVEY_REMINDER
from agreements.selectors.performance import follow_up_round
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case
from complaints.moments import now
from complaints.services.cases import move, touch
from complaints.services.locking import locked_case
from complaints.services.outbox import has_address, tell_consumer
from complaints.states import Stage


class SurveyClosed(CaseError):
    """The link was used, is too old, or asks about something that is over."""


def begin_follow_up(case: Case, *, by: Actor, data: dict[str, Any]) -> Case:
    """Take the step into the follow-up, and ask the consumer by a link that works once."""
    case = move(case, "complete_fulfilment", by=by, data=data, tell=False)
    if case.imported_at is None and has_address(case):
        key = f"follow_up:{case.pk}:{case.version}"
        tell_consumer(case, "complete_fulfilment", key=key, secret={"survey": _new_link(case)})
    return case


def _new_link(case: Case) -> str:
    token, moment = sealing.new_secret(), now()
    SurveyLink.objects.create(
        case=case,
        round=follow_up_round(case),
        digest=sealing.digest(token),
        sent_at=moment,
        expires_at=moment + SURVEY_OPEN,
    )
    return f"{settings.PUBLIC_URL}{reverse('agreements:survey', args=[token])}"


def open_link(token: str) -> SurveyLink | None:
    """Return what a link opens; None for an unknown one. Raises SurveyClosed where it is over."""
    link = (
        SurveyLink.objects.filter(digest=sealing.digest(token))
        .select_related("case__consumer")
        .first()
    )
    if link is None:
        return None
    if link.used_at is not None:
        raise SurveyClosed(_("这份问卷已经回答过了，谢谢你。"))
    if link.expires_at <= now():
        raise SurveyClosed(_("这个链接过了有效期。还想告诉我们的，请从进度页写给我们。"))
    if link.case.stage != Stage.FOLLOWING_UP or link.round != follow_up_round(link.case):
        raise SurveyClosed(_("这次回访已经结束。还想告诉我们的，请从进度页写给我们。"))
    return link


def to_remind(limit: int) -> list[int]:
    """Return cases whose one link was not answered for three days."""
    asked = (
        SurveyLink.objects.filter(case__stage=Stage.FOLLOWING_UP, used_at=None)
        .values("case_id", "round")
        .annotate(links=Count("pk"), last=Max("sent_at"))
        .filter(links=1, last__lte=now() - SURVEY_REMINDER)
    )
    return [row["case_id"] for row in asked.order_by("last", "case_id")[:limit]]


@transaction.atomic
def remind_of_survey(case: Case, *, by: Actor) -> bool:
    """Send a second link, once in a round; say whether it was sent."""
    case = locked_case(case)
    links = SurveyLink.objects.filter(case=case, round=follow_up_round(case))
    if case.stage != Stage.FOLLOWING_UP or links.count() != 1 or not has_address(case):
        return False
    if links.filter(sent_at__gt=now() - SURVEY_REMINDER).exists():
        return False
    case = touch(case, "survey_reminded", by=by, for_consumer=True)
    key = f"survey_reminder:{case.pk}:{case.version}"
    tell_consumer(case, "survey_reminder", key=key, secret={"survey": _new_link(case)})
    return True

"""The link that asks: one answer, by the consumer alone, within its time."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from agreements.models import FollowUp, FollowUpAttempt, SurveyLink
from agreements.services.following_up import close_case, record_unanswered_try
from agreements.services.pursuing import pursue
from agreements.states import CallOutcome
from complaints import sealing
from complaints.errors import CaseError
from complaints.models import Case, Notification, OutboxMessage
from complaints.moments import now, shift_to
from complaints.states import Stage
from tests.agreements.makers import following_case, fulfilling_case, perform_all
from tests.factories import make_user, staff

pytestmark = pytest.mark.django_db


def link_of(case: Case, kind: str = "complete_fulfilment") -> str:
    """The path that the consumer's mail leads to."""
    message = OutboxMessage.objects.filter(case=case, kind=kind).latest("id")
    url = str(sealing.unseal_for_installation(message.sealed)["survey"])
    return re.sub(r"^https?://[^/]+", "", url)


def test_answer_on_a_strange_phone_closes_the_case_once(client: Client) -> None:
    case = following_case()
    path = link_of(case)
    page = client.get(path)
    assert page.status_code == 200
    assert case.title not in page.content.decode()
    said = {
        "arrived": "yes",
        "rating": "4",
        "resolved": "yes",
        "comment": "还行",
        "change": "少问几遍编号",
    }

    assert client.post(path, said).status_code == 200
    answer = FollowUp.objects.get()
    assert (answer.rating, answer.resolved, answer.channel) == (4, True, "survey")
    assert (answer.comment, answer.change) == ("还行", "少问几遍编号")
    assert "少问".encode() not in bytes(answer.change_sealed)
    assert Case.objects.get(pk=case.pk).stage == Stage.CLOSED

    again = client.post(path, {**said, "rating": "1"})
    assert again.status_code == 410
    assert "已经回答过了" in again.content.decode()
    assert FollowUp.objects.count() == 1


def test_only_the_digest_is_kept() -> None:
    case = following_case()
    token = link_of(case).rstrip("/").rpartition("/")[2]
    link = SurveyLink.objects.get()

    assert len(token) >= 32
    assert token not in link.digest
    assert link.digest == sealing.digest(token)


def test_no_makes_it_owed_again_and_another_link_goes_out_later(client: Client) -> None:
    case = following_case()
    path = link_of(case)
    client.post(path, {"arrived": "no", "comment": "没有到账"})
    case = Case.objects.get(pk=case.pk)

    assert case.stage == Stage.FULFILLING
    assert client.get(path).status_code == 410


def test_expired_and_unknown_links_say_so(client: Client) -> None:
    path = link_of(following_case())
    assert client.get(reverse("agreements:survey", args=["x" * 32])).status_code == 404
    shift_to(now() + timedelta(days=14, minutes=1))

    assert "过了有效期" in client.get(path).content.decode()
    answer = client.post(path, {"arrived": "yes"})
    assert answer.status_code == 410
    assert not FollowUp.objects.exists()


def test_staff_cannot_answer(client: Client) -> None:
    path = link_of(following_case())
    client.force_login(make_user(Role.AGENT))

    assert client.get(path).status_code == 403
    assert client.post(path, {"arrived": "yes", "rating": "5"}).status_code == 403
    assert not FollowUp.objects.exists()


def test_form_without_the_one_needed_answer_changes_nothing(client: Client) -> None:
    path = link_of(following_case())

    assert client.post(path, {"rating": "5"}).status_code == 422
    assert client.post(path, {"arrived": "yes", "rating": "9"}).status_code == 422
    assert SurveyLink.objects.get().used_at is None
    assert not FollowUp.objects.exists()


def test_obligation_of_another_case_is_no_choice(client: Client) -> None:
    path = link_of(perform_all(fulfilling_case(position=2)))
    other = following_case().agreements.get().obligations.get()

    answer = client.post(path, {"arrived": "no", "missing": [str(other.pk)]})
    assert answer.status_code == 422


def test_unresolved_tells_the_owner_and_closes_all_the_same(client: Client) -> None:
    case = following_case()
    client.post(link_of(case), {"arrived": "yes", "rating": "4", "resolved": "no"})

    assert Notification.objects.filter(case=case, kind="not_resolved").count() == 1
    assert Case.objects.get(pk=case.pk).stage == Stage.CLOSED


def test_reminder_goes_out_once_and_both_links_are_one_answer(client: Client) -> None:
    case = following_case()
    first = link_of(case)
    assert pursue()["survey_reminded"] == 0
    shift_to(now() + timedelta(days=3, minutes=1))
    assert pursue()["survey_reminded"] == 1
    shift_to(now() + timedelta(days=4))
    assert pursue()["survey_reminded"] == 0
    second = link_of(case, "survey_reminder")

    assert client.post(second, {"arrived": "yes", "rating": "5"}).status_code == 200
    assert client.post(first, {"arrived": "yes", "rating": "1"}).status_code == 410
    assert FollowUp.objects.get().rating == 5


def test_wrong_number_and_a_call_agreed_for_later_end_nothing() -> None:
    case, agent = following_case(), staff(Role.AGENT)
    again = now() + timedelta(hours=20)
    with pytest.raises(CaseError, match="约好什么时候"):
        record_unanswered_try(case, by=agent, outcome=CallOutcome.CALL_AGAIN)
    for moment in (now() - timedelta(minutes=1), now() + timedelta(days=15)):
        with pytest.raises(CaseError, match="14 天"):
            record_unanswered_try(case, by=agent, outcome=CallOutcome.CALL_AGAIN, again_at=moment)
    record_unanswered_try(case, by=agent, outcome=CallOutcome.WRONG_NUMBER)
    record_unanswered_try(case, by=agent, outcome=CallOutcome.CALL_AGAIN, again_at=again)

    with pytest.raises(CaseError, match="还没有联系上"):
        close_case(case, by=agent)
    assert FollowUpAttempt.objects.count() == 2


def test_nobody_is_given_up_before_the_agreed_call() -> None:
    case, agent = following_case(), staff(Role.AGENT)
    record_unanswered_try(case, by=agent)
    shift_to(now() + timedelta(hours=3))
    record_unanswered_try(case, by=agent)
    later = now() + timedelta(days=3)
    record_unanswered_try(case, by=agent, outcome=CallOutcome.CALL_AGAIN, again_at=later)
    shift_to(now() + timedelta(days=2))
    assert pursue()["closed"] == 0

    shift_to(later + timedelta(minutes=1))
    assert pursue()["closed"] == 1


def test_call_list_shows_whom_to_call_and_hides_the_number(client: Client) -> None:
    case, agent = following_case(), staff(Role.AGENT)
    record_unanswered_try(case, by=agent, outcome=CallOutcome.WRONG_NUMBER, note="是邻居")
    client.force_login(agent.person)
    page = client.get(reverse("agreements:calls")).content.decode()

    assert case.reference in page
    assert "号码不对" in page
    assert case.consumer.phone not in page
    script = client.get(reverse("agreements:follow_up", args=[case.reference])).content.decode()
    assert "1 到 5 分" in script
    client.force_login(make_user(Role.FINANCE))
    assert client.get(reverse("agreements:calls")).status_code == 403

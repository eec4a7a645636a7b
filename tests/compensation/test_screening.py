"""Screening in the background, and what people decide about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from compensation.models import ScreeningMark, ScreeningResult
from compensation.selectors.screening import precision_of_screening, results_to_see
from compensation.services.marking import note_mark
from compensation.services.screening import (
    answer_appeal,
    appeal_screening,
    decide_screening,
    establish_sign,
    screen_case,
    screen_waiting,
)
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, CaseEvent, OutboxMessage
from complaints.moments import now, shifted_to
from complaints.states import Urgency
from tests.compensation.money_makers import claim, current, decided, odd_result, ring, with_picture
from tests.complaints.walking import traces
from tests.factories import make_user, staff
from tests.liability.doors import consumer_client

pytestmark = pytest.mark.django_db


def undecided(decision: Any) -> ScreeningResult:
    """Another result of the same group."""
    group = ScreeningResult.objects.filter(group=decision.result.group, is_current=True)
    return group.filter(decision__isnull=True).order_by("pk")[0]


def test_an_ordinary_claim_is_screened_once_and_asks_nobody() -> None:
    case = claim(1)

    assert screen_waiting() == 1
    assert screen_waiting() == 0
    assert (current(case).score, current(case).band) == (0, "normal")
    assert not results_to_see(staff(Role.MANAGER)).exists()


def test_a_ring_of_three_homes_is_connected_with_reasons() -> None:
    cases = ring()
    alone = claim(7)

    screen_waiting()

    for case in cases:
        result = current(case)
        assert (result.score, result.band) == (60, "second_review")
        assert {code for code, _points in result.reasons} == {
            "evidence_hash_reused",
            "shared_payee",
        }
        assert result.group == cases[0].pk
        assert ["payee", 3, 3] in result.links
    assert current(alone).group is None
    assert set(results_to_see(staff(Role.MANAGER)).values_list("case", flat=True)) == {
        case.pk for case in cases
    }


def test_a_family_at_one_address_is_spared() -> None:
    cases = [claim(number, home="上海市幸福路 8 号 301 室") for number in (1, 2, 3, 4)]
    for case in cases:
        note_mark(case, "payee", "妈妈的账户")
        note_mark(case, "device", "客厅的平板")

    screen_waiting()

    assert {current(case).band for case in cases} == {"normal"}
    assert {current(case).score for case in cases} == {0}
    assert len({current(case).group for case in cases}) == 1


def test_addresses_are_one_however_they_are_spaced() -> None:
    one = claim(1, home="上海市 幸福路８号")
    other = claim(2, home="上海市幸福路 8 号")

    screen_waiting()

    digests = ScreeningMark.objects.filter(kind="address").values_list("digest", flat=True)
    assert len(set(digests)) == 1
    assert {current(one).group, current(other).group} == {one.pk}


def test_nothing_readable_is_kept_of_a_mark() -> None:
    case = claim(1)
    note_mark(case, "payee", "6222 0000 1111 2222")
    screen_case(case.pk)

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(m::text, ' ') FROM compensation_screeningmark m")
        kept = cursor.fetchone()[0]
    assert "6222" not in kept
    assert "13800000001" not in kept
    assert "上海" not in kept


def test_a_later_mark_screens_the_whole_group_again() -> None:
    cases = [with_picture(claim(number), "same") for number in (1, 2, 3)]
    screen_waiting()
    assert {current(case).score for case in cases} == {30}

    for case in cases:
        assert note_mark(case, "payee", "6222")
        assert not note_mark(case, "payee", "62 22")
    screen_waiting()

    assert {current(case).score for case in cases} == {60}
    earlier = ScreeningResult.objects.filter(case=cases[0], is_current=False)
    assert 30 in earlier.values_list("score", flat=True)


def test_texts_that_are_copied_are_a_sign_and_nothing_alone() -> None:
    words = "我在贵店买的商品质量不合格，请按照消费者权益保护法三倍赔偿，否则继续投诉到底。"
    cases = [claim(number, description=words + "。" * number) for number in (1, 2, 3)]

    screen_waiting()
    screen_waiting()

    assert {current(case).score for case in cases} == {15}
    assert {current(case).band for case in cases} == {"normal"}


def test_screening_moves_no_case_and_stops_no_clock() -> None:
    cases = ring(danger=True)
    before = [traces(case) for case in cases]

    screen_waiting()

    assert [traces(case) for case in cases] == before
    fresh = Case.objects.get(pk=cases[0].pk)
    assert fresh.urgency == Urgency.EMERGENCY
    assert fresh.clocks.filter(kind="emergency", state="running").exists()


def test_tier_and_care_change_nothing() -> None:
    cases = ring()
    cases[1].consumer.needs_care, cases[1].consumer.tier = True, "vip"
    cases[1].consumer.save()

    screen_waiting()

    assert current(cases[1]).reasons == current(cases[0]).reasons


def test_a_person_clears_and_is_asked_again_only_when_more_is_found() -> None:
    result = odd_result()
    decide_screening(result, by=staff(Role.MANAGER), outcome="cleared", reason="同一家店的赠品照片")

    with shifted_to(now() + timedelta(days=1)):
        screen_case(result.case_id)
        assert current(result.case).pk == result.pk
        establish_sign(
            result.case, by=staff(Role.MANAGER), signal="serial_mismatch", reason="序列号没有出厂"
        )
    again = current(result.case)
    assert again.pk != result.pk
    assert (again.score, again.band) == (90, "lead_legal_review")


def test_an_adverse_decision_tells_why_and_a_clearing_stays_inside() -> None:
    decision = decided()
    case = decision.result.case
    assert OutboxMessage.objects.filter(case=case, kind="screening_decided").count() == 1
    assert CaseEvent.objects.get(case=case, kind="screening_decided").for_consumer

    second = undecided(decision)
    other = decide_screening(second, by=staff(Role.MANAGER), outcome="cleared", reason="误会")
    assert not OutboxMessage.objects.filter(
        case=other.result.case, kind="screening_decided"
    ).exists()
    assert not CaseEvent.objects.get(case=other.result.case, kind="screening_cleared").for_consumer


@pytest.mark.parametrize(
    ("outcome", "reason", "words", "field"),
    [
        ("ask_proof", "  ", "照片相同", "reason"),
        ("fabricated", "照片相同", " ", "words"),
        ("refused", "照片相同", "照片相同", "outcome"),
        ("cleared", "长" * 3001, "", "reason"),
    ],
)
def test_a_decision_without_reasons_is_refused(
    outcome: str, reason: str, words: str, field: str
) -> None:
    result = odd_result()
    before = traces(result.case)

    with pytest.raises(CaseError) as refused:
        decide_screening(
            result, by=staff(Role.MANAGER), outcome=outcome, reason=reason, words=words
        )

    assert refused.value.field == field
    assert traces(result.case) == before


def test_who_may_not_screen_is_refused() -> None:
    with pytest.raises(StepForbidden):
        decided(by=staff(Role.AGENT))
    with pytest.raises(StepForbidden):
        decided(by=Actor.consumer())


def test_a_result_is_decided_once() -> None:
    decision = decided()

    with pytest.raises(CaseError):
        decide_screening(
            decision.result, by=staff(Role.MANAGER), outcome="cleared", reason="再看一次"
        )


def test_an_appeal_is_answered_by_somebody_else_and_may_lift_it() -> None:
    first = staff(Role.MANAGER)
    decision = appeal_screening(decided(by=first), by=Actor.consumer(), text="照片是我拍的")
    assert precision_of_screening().percent == 100

    with pytest.raises(StepForbidden):
        answer_appeal(decision, by=first, outcome="upheld", words="没有变化")
    answered = answer_appeal(
        decision, by=staff(Role.APPROVER), outcome="lifted", words="原图的拍摄信息是真的"
    )

    assert answered.appeal_outcome == "lifted"
    assert precision_of_screening().percent == 0
    case = decision.result.case
    assert OutboxMessage.objects.filter(case=case, kind="screening_answered").count() == 1
    with pytest.raises(CaseError):
        answer_appeal(answered, by=staff(Role.APPROVER), outcome="upheld", words="改主意")


def test_the_database_refuses_ones_own_answer() -> None:
    decision = appeal_screening(decided(), by=Actor.consumer(), text="照片是我拍的")
    decision.appeal_outcome, decision.appeal_words = "upheld", "没有变化"
    decision.appeal_by_id, decision.appeal_decided_at = decision.decided_by_id, now()

    with pytest.raises(IntegrityError, match="appeal_by_another"), transaction.atomic():
        decision.save()


def test_precision_counts_what_people_found() -> None:
    assert precision_of_screening().percent is None
    decision = decided()
    second = undecided(decision)
    decide_screening(second, by=staff(Role.MANAGER), outcome="cleared", reason="误会")

    assert precision_of_screening().percent == 50


def test_the_pages_from_the_list_to_the_answer(client: Client) -> None:
    result = odd_result()
    reference = result.case.reference
    client.force_login(make_user(Role.MANAGER))
    page = reverse("compensation:screening", args=[reference])
    assert reference in client.get(reverse("compensation:screening_list")).content.decode()

    empty = client.post(page, {"what": "decide", "outcome": "ask_proof", "reason": "同一张照片"})
    assert empty.status_code == 422
    assert "请写明理由" in empty.content.decode()
    said = {"outcome": "ask_proof", "reason": "同一张照片", "words": "照片和别的投诉相同"}
    assert client.post(page, {"what": "decide", **said}).status_code == 303

    consumer = consumer_client(result.case)
    mine = reverse("compensation:screening_appeal", args=[reference])
    tracking = consumer.get(reverse("track:case", args=[reference])).content.decode()
    assert "照片和别的投诉相同" in tracking
    assert "同一张图片用在不同的订单上" not in tracking
    assert consumer.post(mine, {"text": ""}).status_code == 422
    assert consumer.post(mine, {"text": "我有发票"}).status_code == 303

    assert "要由另一位同事答复" in client.get(page).content.decode()
    client.force_login(make_user(Role.APPROVER))
    answer = {"what": "answer", "appeal_outcome": "lifted", "appeal_words": "发票对得上"}
    assert client.post(page, answer).status_code == 303
    assert "发票对得上" in consumer.get(mine).content.decode()
    listed = client.get(f"{reverse('compensation:screening_list')}?show=decided")
    assert reference in listed.content.decode()


def test_the_desk_page_is_for_screeners_and_the_consumers_for_a_decision(client: Client) -> None:
    result = odd_result()
    client.force_login(make_user(Role.AGENT))
    assert client.get(reverse("compensation:screening_list")).status_code == 403
    mine = reverse("compensation:screening_appeal", args=[result.case.reference])
    assert consumer_client(result.case).get(mine).status_code == 303
    client.force_login(make_user(Role.MANAGER))
    assert client.get(reverse("compensation:screening", args=["RD-2026-999999"])).status_code == 404


def test_a_mark_of_signs_alone_is_none() -> None:
    one = claim(1)
    assert not note_mark(one, "payee", " — ")
    assert not ScreeningMark.objects.filter(kind="payee").exists()

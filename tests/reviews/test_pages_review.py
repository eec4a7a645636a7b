"""Reviews through their pages: asking, the panel, the decision, taking it back."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from accounts.states import Role
from agreements.days import today
from complaints.actors import Actor
from complaints.models import Case, Clock
from complaints.moments import now, shift_to
from complaints.services.evidence import add_evidence
from complaints.states import ClockKind, ClockState, Stage
from documents.services.rendering import render_document
from liability.selectors import current_finding
from reviews.models import Review
from reviews.selectors.pages import next_action
from reviews.selectors.reviews import open_review
from tests.compensation.makers import offered_case
from tests.factories import make_user, staff
from tests.liability.doors import consumer_client, staff_client
from tests.liability.makers import determined_case
from tests.reviews.makers import (
    TEXT,
    assigned,
    decided,
    declined_case,
    requested,
    reviewer,
    unliable_case,
)
from tests.reviews.posts import decision_post, seller_bears_all

pytestmark = pytest.mark.django_db


def url(name: str, case: Case, *more: object) -> str:
    return reverse(f"reviews:{name}", args=[case.reference, *more])


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def application(case: Case, **fields: object) -> dict[str, object]:
    return {"grounds": ["facts", "amount"], "text": TEXT, "seen": case.version, **fields}


# --- Asking ---


def test_consumer_reads_the_limit_and_what_may_change_and_asks() -> None:
    case = unliable_case()
    consumer = consumer_client(case)

    words = consumer.get(url("request", case)).content.decode()
    answer = consumer.post(url("request", case), application(case))

    assert case.review_until is not None
    assert case.review_until.isoformat() in words
    assert "结果不会比原来对你更不利" in words
    assert answer.status_code == 303
    assert answer.headers["Location"] == reverse("track:case", args=[case.reference])
    review = Review.objects.get(case=case)
    assert [ground.ground for ground in review.grounds.order_by("position")] == ["facts", "amount"]
    assert fresh(case).stage == Stage.UNDER_REVIEW


def test_asking_twice_leaves_one_review_and_says_so() -> None:
    case = unliable_case()
    consumer = consumer_client(case)
    consumer.post(url("request", case), application(case))

    again = consumer.post(url("request", case), application(case))

    assert again.status_code == 409
    assert "复议申请已经收到" in again.content.decode()
    assert Review.objects.filter(case=case).count() == 1


@pytest.mark.parametrize("missing", ["grounds", "text"])
def test_application_without_a_reason_is_kept_and_nothing_happens(missing: str) -> None:
    case = unliable_case()

    page = consumer_client(case).post(url("request", case), application(case, **{missing: ""}))

    assert page.status_code == 422
    if missing == "grounds":
        assert TEXT in page.content.decode()
    assert not Review.objects.exists()
    assert fresh(case).version == case.version


def test_stale_application_is_kept_for_another_look() -> None:
    case = unliable_case()

    page = consumer_client(case).post(
        url("request", case), application(case, seen=case.version - 1)
    )

    assert page.status_code == 409
    assert TEXT in page.content.decode()
    assert f'value="{case.version}"' in page.content.decode()
    assert not Review.objects.exists()


def test_past_the_limit_the_consumer_reads_the_other_ways() -> None:
    case = unliable_case()
    assert case.review_until is not None
    shift_to(now() + (case.review_until - today()) + timedelta(days=1))
    consumer = consumer_client(case)

    words = consumer.get(url("request", case)).content.decode()
    page = consumer.post(url("request", case), application(case))

    assert "12315" in words
    assert "提交复议申请" not in words
    assert page.status_code == 422
    assert fresh(case).stage == Stage.LIABILITY_DETERMINED


def test_desk_takes_an_application_down_for_the_consumer() -> None:
    case = unliable_case()

    answer = staff_client(Role.AGENT).post(url("request_for", case), application(case))

    assert answer.status_code == 303
    review = Review.objects.get(case=case)
    assert review.requested_by_kind == "staff"


def test_consumer_takes_the_application_back() -> None:
    case = requested().case
    consumer = consumer_client(case)

    answer = consumer.post(url("withdraw", case), {"seen": case.version})
    again = consumer.post(url("withdraw", case), {"seen": fresh(case).version})

    assert answer.status_code == 303
    assert again.status_code == 422
    assert fresh(case).stage == Stage.LIABILITY_DETERMINED
    assert Review.objects.get(case=case).decision == "withdrawn"


def test_desk_takes_an_application_back_for_the_consumer() -> None:
    case, desk = requested().case, staff_client(Role.AGENT)

    answer = desk.post(
        url("withdraw_for", case), {"reason": "你来电说不再需要复议。", "seen": case.version}
    )

    assert answer.status_code == 303
    assert fresh(case).stage == Stage.LIABILITY_DETERMINED
    for page in (
        desk.get(reverse("desk:case_tab", args=[case.reference, "log"])),
        consumer_client(case).get(reverse("track:case", args=[case.reference])),
    ):
        assert "你来电说不再需要复议。" in page.content.decode()


def test_desk_takes_no_application_back_without_a_reason() -> None:
    case = requested().case

    answer = staff_client(Role.AGENT).post(
        url("withdraw_for", case), {"reason": " ", "seen": case.version}
    )

    assert answer.status_code == 422
    assert "rd-error" in answer.content.decode()
    assert fresh(case).stage == Stage.UNDER_REVIEW
    assert open_review(case) is not None


# --- The panel ---


def test_recused_reviewers_are_shown_with_the_reason_and_not_offered() -> None:
    handler = make_user(Role.REVIEWER, Role.AGENT, display_name="经手人")
    free = make_user(Role.REVIEWER, display_name="旁观人")
    case = determined_case(by=Actor.staff(handler))
    review = requested(case)
    browser = logged_in(free)

    words = browser.get(url("panel", case)).content.decode()
    refused = browser.post(url("panel", case), {"members": [handler.pk]})

    assert f'value="{free.pk}"' in words
    assert f'value="{handler.pk}"' not in words
    assert "经手人：是这个案件的负责人" in words
    assert refused.status_code == 422
    assert not review.panel.exists()


def test_panel_is_named_and_may_be_changed() -> None:
    review = requested()
    first, second = reviewer(), reviewer()
    manager = staff_client(Role.MANAGER)

    manager.post(url("panel", review.case), {"members": [first.pk]})
    answer = manager.post(url("panel", review.case), {"members": [first.pk, second.pk]})

    assert answer.status_code == 303
    assert set(review.panel.all()) == {first, second}


def test_agent_does_not_name_the_panel() -> None:
    review = requested()

    answer = staff_client(Role.AGENT).post(url("panel", review.case), {"members": [reviewer().pk]})

    assert answer.status_code == 422
    assert "复议小组由复议员或者主管安排" in answer.content.decode()
    assert not review.panel.exists()


def test_next_step_follows_the_panel() -> None:
    review = requested()
    member = reviewer()
    outsider = staff(Role.AGENT)

    before = next_action(review.case, outsider)
    staff_client(Role.MANAGER).post(url("panel", review.case), {"members": [member.pk]})
    by_member = next_action(review.case, Actor.staff(member))
    by_other = next_action(review.case, staff(Role.REVIEWER))

    assert before is not None
    assert before.url == url("panel", review.case)
    assert before.disabled_reason
    assert by_member is not None
    assert (by_member.url, by_member.disabled_reason) == (url("decide", review.case), "")
    assert by_other is not None
    assert str(member) in str(by_other.disabled_reason)


# --- The decision ---


def jpeg() -> io.BytesIO:
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(stream, "JPEG")
    stream.seek(0)
    return stream


def test_first_decision_and_appeal_stand_side_by_side_and_only_new_evidence_is_marked() -> None:
    case = unliable_case()
    review, member = assigned(case)
    old = logged_in(member).get(url("decide", case)).content.decode()
    add_evidence(review.case, by=Actor.consumer(), upload=jpeg(), name="视频截图.jpg")

    words = logged_in(member).get(url("decide", case)).content.decode()

    finding = current_finding(case)
    assert finding is not None
    assert finding.reasons_consumer in words
    assert TEXT in words
    assert "视频截图.jpg" in words
    assert words.count(">新</span>") == 1
    assert ">新</span>" not in old


def test_upheld_review_goes_back_and_the_consumer_reads_why() -> None:
    review, member = assigned()
    case = review.case

    answer = logged_in(member).post(url("decide", case), decision_post(review))

    assert answer.status_code == 303
    assert fresh(case).stage == Stage.LIABILITY_DETERMINED
    page = consumer_client(case).get(reverse("track:case", args=[case.reference]))
    assert "复议决定：维持" in page.content.decode()
    assert "维持原来的决定。" in page.content.decode()


def test_every_ground_wants_a_finding_and_what_was_typed_is_kept() -> None:
    review, member = assigned()
    ground = review.grounds.get()

    page = logged_in(member).post(
        url("decide", review.case), decision_post(review, **{f"ground_{ground.pk}": " "})
    )

    assert page.status_code == 422
    assert "视频和检测结论不矛盾。" in page.content.decode()
    assert fresh(review.case).stage == Stage.UNDER_REVIEW
    assert open_review(review.case) is not None


def test_decision_without_reasons_is_not_taken() -> None:
    review, member = assigned()

    page = logged_in(member).post(url("decide", review.case), decision_post(review, reasons=""))

    assert page.status_code == 422
    assert fresh(review.case).stage == Stage.UNDER_REVIEW


def test_nobody_outside_the_panel_decides() -> None:
    review, member = assigned()
    other = staff_client(Role.REVIEWER)

    words = other.get(url("decide", review.case)).content.decode()
    answer = other.post(url("decide", review.case), decision_post(review))

    assert f"由复议小组决定：{member}" in words
    assert answer.status_code == 422
    assert "只有复议小组的成员能作出决定" in answer.content.decode()
    assert fresh(review.case).stage == Stage.UNDER_REVIEW


def test_stale_decision_is_kept_for_another_look() -> None:
    review, member = assigned()

    page = logged_in(member).post(url("decide", review.case), decision_post(review, seen="1"))

    assert page.status_code == 409
    assert "视频和检测结论不矛盾。" in page.content.decode()
    assert fresh(review.case).stage == Stage.UNDER_REVIEW


def test_variation_is_never_worse() -> None:
    review, member = assigned(offered_case())
    browser = logged_in(member)
    case = review.case

    worse = browser.post(url("decide", case), decision_post(review, "vary", least_amount="1"))
    none = browser.post(url("decide", case), decision_post(review, "vary"))
    better = browser.post(url("decide", case), decision_post(review, "vary", least_amount="500"))

    assert (worse.status_code, none.status_code, better.status_code) == (422, 422, 303)
    assert fresh(case).stage == Stage.NEGOTIATING
    assert Review.objects.get(pk=review.pk).amount_after == Decimal(500)


def test_substitution_wants_a_whole_finding() -> None:
    review, member = assigned()
    browser = logged_in(member)
    case = review.case
    first = current_finding(case)

    half = browser.post(
        url("decide", case),
        decision_post(review, "substitute", **seller_bears_all(reasons_consumer="")),
    )
    short = browser.post(
        url("decide", case),
        decision_post(review, "substitute", **seller_bears_all(**{"outward-0-share": "60"})),
    )

    assert (half.status_code, short.status_code) == (422, 422)
    assert fresh(case).stage == Stage.UNDER_REVIEW
    assert current_finding(case) == first

    whole = browser.post(
        url("decide", case), decision_post(review, "substitute", **seller_bears_all())
    )

    assert whole.status_code == 303
    assert fresh(case).stage == Stage.LIABILITY_DETERMINED
    latest = current_finding(case)
    assert latest is not None
    assert latest.outcome == "liable"


def test_remitted_case_offers_a_new_round() -> None:
    review, member = assigned()

    logged_in(member).post(url("decide", review.case), decision_post(review, "remit"))

    case = fresh(review.case)
    assert case.stage == Stage.INVESTIGATING
    round_page = reverse("liability:round_new", args=[case.reference])
    assert staff_client(Role.INVESTIGATOR).get(round_page).status_code == 200


def test_refusal_to_accept_can_be_upheld_or_remitted_only() -> None:
    review, member = assigned(declined_case())

    words = logged_in(member).get(url("decide", review.case)).content.decode()

    assert 'value="uphold"' in words
    assert 'value="remit"' in words
    assert 'value="vary"' not in words
    assert 'value="substitute"' not in words
    assert 'value="dismiss_out_of_time"' not in words


def test_decision_letter_is_handed_out_to_both_and_to_nobody_else() -> None:
    review = decided()
    case = review.case
    browser, desk = consumer_client(case), staff_client(Role.AGENT)
    assert browser.get(url("letter_mine", case, review.pk)).status_code == 404

    assert review.document is not None
    render_document(review.document.pk)

    for answer in (
        browser.get(url("letter_mine", case, review.pk)),
        desk.get(url("letter", case, review.pk)),
    ):
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/pdf"
    other = determined_case()
    assert consumer_client(other).get(url("letter_mine", case, review.pk)).status_code == 404
    assert consumer_client(other).get(url("letter_mine", other, review.pk)).status_code == 404


def test_clocks_run_on_after_the_application_was_taken_back() -> None:
    case = unliable_case()
    consumer = consumer_client(case)
    consumer.post(url("request", case), application(case))
    consumer.post(url("withdraw", case), {"seen": fresh(case).version})

    running = Clock.objects.filter(case=case, state=ClockState.RUNNING)

    assert [clock.kind for clock in running] == [ClockKind.OFFER]

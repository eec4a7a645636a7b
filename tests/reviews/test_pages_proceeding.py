"""Outside proceedings through their pages: recorded, followed, ended, an award performed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.states import Role
from agreements.days import today
from agreements.models import Agreement, Obligation
from complaints.models import Case, Clock
from complaints.states import ClockKind, ClockState, Stage
from reviews.models import Proceeding
from reviews.selectors import case_actions, consumer_panel, next_action
from reviews.states import ProceedingKind
from tests.factories import make_case, staff
from tests.liability.doors import consumer_client, staff_client
from tests.liability.makers import investigating_case
from tests.reviews.makers import decided, declined_case, mediation, requested, suspended
from tests.reviews.posts import terms_post

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def url(name: str, case: Case, *more: object) -> str:
    return reverse(f"reviews:{name}", args=[case.reference, *more])


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def recorded(**fields: object) -> dict[str, object]:
    return {
        "kind": "court",
        "body": "上海市闵行区人民法院",
        "reference": "(2026) 沪 0112 民初 8812 号",
        "filed_on": today().isoformat(),
        **fields,
    }


def running(case: Case) -> list[str]:
    clocks = Clock.objects.filter(case=case, state=ClockState.RUNNING).order_by("kind")
    return [clock.kind for clock in clocks]


# --- Recorded ---


def test_suspending_proceeding_rests_the_case_and_the_consumer_reads_why() -> None:
    case = investigating_case()

    answer = staff_client(Role.AGENT).post(
        url("proceeding_new", case), recorded(suspends="on", seen=case.version)
    )

    assert answer.status_code == 303
    assert fresh(case).stage == Stage.EXTERNAL
    tracking = consumer_client(case).get(reverse("track:case", args=[case.reference]))
    assert "上海市闵行区人民法院正在处理同一件事" in tracking.content.decode()


def test_proceeding_beside_the_case_changes_no_stage() -> None:
    case = investigating_case()

    staff_client(Role.AGENT).post(url("proceeding_new", case), recorded(kind="12315"))

    assert fresh(case).stage == Stage.INVESTIGATING
    assert Proceeding.objects.get(case=case).suspends is False


def test_final_case_takes_a_proceeding_but_can_not_rest() -> None:
    case = declined_case()
    desk = staff_client(Role.AGENT)

    assert 'name="suspends"' not in desk.get(url("proceeding_new", case)).content.decode()
    answer = desk.post(url("proceeding_new", case), recorded(suspends="on"))

    assert answer.status_code == 303
    assert fresh(case).stage == Stage.DECLINED


@pytest.mark.parametrize("missing", ["kind", "body", "filed_on"])
def test_record_is_whole_or_kept_for_another_try(missing: str) -> None:
    case = investigating_case()

    page = staff_client(Role.AGENT).post(url("proceeding_new", case), recorded(**{missing: ""}))

    assert page.status_code == 422
    assert "8812" in page.content.decode()
    assert not Proceeding.objects.exists()


def test_filed_in_the_future_is_refused() -> None:
    case = investigating_case()
    tomorrow = (today() + timedelta(days=1)).isoformat()

    page = staff_client(Role.AGENT).post(url("proceeding_new", case), recorded(filed_on=tomorrow))

    assert page.status_code == 422
    assert not Proceeding.objects.exists()


# --- Followed and ended ---


def test_progress_is_written_down() -> None:
    proceeding = suspended()

    answer = staff_client(Role.AGENT).post(
        url("proceeding_step", proceeding.case, proceeding.pk),
        {"happened_on": today().isoformat(), "text": "收到传票。"},
    )

    assert answer.status_code == 303
    assert proceeding.steps.get().text == "收到传票。"


def ended(**fields: object) -> dict[str, object]:
    return {"outcome": "withdrawn", "text": "对方撤诉。", "then": "go_on", **fields}


def test_case_goes_on_where_it_was_through_both_steps_aside() -> None:
    talk = mediation()
    proceeding = suspended(case=talk.case)

    answer = staff_client(Role.AGENT).post(
        url("proceeding_end", talk.case, proceeding.pk), ended(seen=proceeding.case.version)
    )

    assert answer.status_code == 303
    case = fresh(talk.case)
    assert (case.stage, case.origins) == (Stage.MEDIATING, [Stage.NEGOTIATING])
    assert running(case) == [ClockKind.MEDIATION]


def test_nothing_left_to_do_closes_the_case() -> None:
    proceeding = suspended()

    staff_client(Role.AGENT).post(
        url("proceeding_end", proceeding.case, proceeding.pk), ended(then="close")
    )

    assert fresh(proceeding.case).stage == Stage.CLOSED
    assert running(proceeding.case) == []


def test_proceeding_ends_once() -> None:
    proceeding = suspended()
    desk = staff_client(Role.AGENT)
    address = url("proceeding_end", proceeding.case, proceeding.pk)
    desk.post(address, ended())

    again = desk.post(address, ended())

    assert again.status_code == 422
    assert fresh(proceeding.case).stage == Stage.INVESTIGATING


def test_stale_end_is_kept_for_another_look() -> None:
    proceeding = suspended()

    page = staff_client(Role.AGENT).post(
        url("proceeding_end", proceeding.case, proceeding.pk), ended(seen="1")
    )

    assert page.status_code == 409
    assert "对方撤诉。" in page.content.decode()
    assert fresh(proceeding.case).stage == Stage.EXTERNAL


# --- Awards ---


def award(**fields: object) -> dict[str, object]:
    return terms_post(**{"decided_on": today().isoformat(), **fields})


def test_judgment_is_performed_with_clocks() -> None:
    proceeding = suspended()
    paper = SimpleUploadedFile("判决书.pdf", PDF, content_type="application/pdf")

    answer = staff_client(Role.AGENT).post(
        url("award", proceeding.case, proceeding.pk), award(paper=paper)
    )

    assert answer.status_code == 303
    assert fresh(proceeding.case).stage == Stage.FULFILLING
    assert running(proceeding.case) == [ClockKind.OBLIGATION]
    agreement = Agreement.objects.get(case=proceeding.case)
    assert agreement.kind == "judgment"
    assert agreement.source_file is not None
    assert str(Obligation.objects.get(agreement=agreement).amount) == "320.00"


@pytest.mark.parametrize(
    "fields",
    [
        {"duties-0-amount": "1.00"},
        {"duties-0-due_on": "2020-01-01"},
        {"decided_on": "2999-01-01"},
        {"findings": ""},
    ],
)
def test_award_that_does_not_fit_is_kept_and_not_written(fields: dict[str, str]) -> None:
    proceeding = suspended()

    page = staff_client(Role.AGENT).post(
        url("award", proceeding.case, proceeding.pk), award(**fields)
    )

    assert page.status_code == 422
    assert "支付补偿款" in page.content.decode()
    assert fresh(proceeding.case).stage == Stage.EXTERNAL
    assert not Agreement.objects.exists()


def test_paper_that_is_no_document_is_refused_by_name() -> None:
    proceeding = suspended()
    paper = SimpleUploadedFile("判决书.pdf", b"MZ\x90\x00 not a document", "application/pdf")

    page = staff_client(Role.AGENT).post(
        url("award", proceeding.case, proceeding.pk), award(paper=paper)
    )

    assert page.status_code == 422
    assert fresh(proceeding.case).stage == Stage.EXTERNAL


def test_12315_awards_nothing() -> None:
    proceeding = suspended(ProceedingKind.PLATFORM_12315)

    page = staff_client(Role.AGENT).post(url("award", proceeding.case, proceeding.pk), award())

    assert page.status_code == 422
    assert fresh(proceeding.case).stage == Stage.EXTERNAL


# --- What config composes pages of ---


def test_next_step_of_a_resting_case_is_its_result() -> None:
    proceeding = suspended()

    step = next_action(proceeding.case, staff(Role.AGENT))
    other = next_action(proceeding.case, staff(Role.INVESTIGATOR))

    assert step is not None
    assert step.url == url("proceeding_end", proceeding.case, proceeding.pk)
    assert not step.disabled_reason
    assert other is not None
    assert other.disabled_reason


def test_other_apps_stages_are_theirs() -> None:
    assert next_action(make_case(), staff(Role.AGENT)) is None


def test_menu_follows_the_stage_and_asks_the_database_nothing(
    django_assert_num_queries,
) -> None:
    agent = staff(Role.AGENT)
    cases = {"received": make_case(), "declined": declined_case(), "review": requested().case}

    with django_assert_num_queries(0):
        urls = {
            name: {action.url for action in case_actions(case, agent)}
            for name, case in cases.items()
        }

    assert url("request_for", cases["declined"]) in urls["declined"]
    assert url("request_for", cases["received"]) not in urls["received"]
    assert url("withdraw_for", cases["review"]) in urls["review"]


def test_next_step_of_a_review_takes_one_statement(django_assert_num_queries) -> None:
    case, agent = requested().case, staff(Role.AGENT)

    with django_assert_num_queries(1):
        next_action(case, agent)


def test_consumer_reads_nothing_here_before_anything_happened() -> None:
    assert consumer_panel(make_case()) is None


def test_consumer_reads_the_decision_but_never_the_inner_words() -> None:
    review = decided()

    panel = consumer_panel(fresh(review.case))

    assert panel is not None
    assert panel["review"]["row"] == review
    assert panel["review"]["waiting"] is False

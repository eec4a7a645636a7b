"""The pages of the liability app, through HTTP."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.states import Role
from compensation.services.planning import save_plan
from complaints.moments import now, shift_to
from complaints.states import Stage
from config.desk import panels
from documents.models import Document
from liability.models import (
    BatchSupply,
    Investigation,
    InvestigationNote,
    LiabilityFinding,
    Statement,
    Supplier,
)
from liability.selectors import current_finding
from liability.services.findings import determine_liability
from liability.services.investigating import reinvestigate, start_round
from liability.states import Outcome, Party
from tests.compensation.makers import offered_case, plan_data
from tests.factories import make_product, make_user, staff
from tests.liability.doors import consumer_client, staff_client
from tests.liability.makers import (
    accepted_case,
    determined_case,
    directly_settled_case,
    hear_respondent,
    investigating_case,
    liable,
    outward,
)

pytestmark = pytest.mark.django_db


def url(name: str, case, *args) -> str:
    return reverse(f"liability:{name}", args=[case.reference, *args])


def finding_post(**fields) -> dict[str, str]:
    """What the browser sends for a finding that the seller bears all."""
    post = {
        "outcome": "liable",
        "reasons_consumer": "检测确认是底座温控器缺陷。",
        "outward-TOTAL_FORMS": "4",
        "outward-INITIAL_FORMS": "0",
        "inward-TOTAL_FORMS": "4",
        "inward-INITIAL_FORMS": "0",
        "outward-0-party": "seller",
        "outward-0-share": "100",
        "outward-0-kind": "several",
        "outward-0-ground": "消费者权益保护法第五十二条",
    }
    for row in (1, 2, 3):
        post[f"outward-{row}-kind"] = "several"
    return post | fields


def test_the_route_offers_both_ways_and_says_why_one_is_closed() -> None:
    case = accepted_case(severity="severe")

    page = staff_client(Role.AGENT).get(url("triage_route", case))

    assert page.status_code == 200
    assert "只有轻微的单件问题可以不经调查" in page.content.decode()


def test_the_route_names_the_supplies_of_the_batch() -> None:
    product = make_product()
    batch = product.batches.create(code="2609B")
    supplier = Supplier.objects.create(name="恒泰电子")
    BatchSupply.objects.create(batch=batch, supplier=supplier, part="温控器")
    case = accepted_case()
    type(case).objects.filter(pk=case.pk).update(batch=batch, product=product)

    page = staff_client(Role.AGENT).get(url("triage_route", case))

    assert "恒泰电子" in page.content.decode()


def test_an_investigation_is_opened() -> None:
    case, lead = accepted_case(), make_user(Role.INVESTIGATOR)
    client = staff_client(Role.AGENT)
    assert client.get(url("open_investigation", case)).status_code == 200

    answer = client.post(
        url("open_investigation", case),
        {"lead": lead.pk, "questions": "为什么冒烟？", "seen": case.version},
    )

    case.refresh_from_db()
    assert answer.status_code == 303
    assert case.stage == Stage.INVESTIGATING


def test_a_stale_opening_keeps_what_was_typed() -> None:
    case, lead = accepted_case(), make_user(Role.INVESTIGATOR)

    answer = staff_client(Role.AGENT).post(
        url("open_investigation", case),
        {"lead": lead.pk, "questions": "为什么冒烟？", "seen": case.version - 1},
    )

    assert answer.status_code == 409
    assert "为什么冒烟？" in answer.content.decode()
    assert not Investigation.objects.exists()


def test_a_minor_case_is_settled_directly() -> None:
    case = accepted_case(severity="minor")
    client = staff_client(Role.AGENT)
    assert client.get(url("settle_directly", case)).status_code == 200

    answer = client.post(url("settle_directly", case), {"reasons": "外壳划痕是出厂时造成的。"})

    case.refresh_from_db()
    assert (answer.status_code, case.stage) == (303, Stage.NEGOTIATING)


def test_a_note_and_a_statement_are_recorded() -> None:
    case, client = investigating_case(), staff_client(Role.INVESTIGATOR)
    assert client.get(url("note_new", case)).status_code == 200
    assert client.get(url("statement_new", case)).status_code == 200

    client.post(url("note_new", case), {"text": "触点粘连"})
    answer = client.post(
        url("statement_new", case),
        {
            "party": "respondent",
            "name": "生产部门",
            "how": "heard",
            "heard_at": (now() - timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M"),
            "text": "温控器触点粘连。",
        },
    )

    assert answer.status_code == 303
    assert InvestigationNote.objects.get().text == "触点粘连"
    assert Statement.objects.get().heard_at is not None


def test_an_incomplete_statement_names_its_field() -> None:
    case = investigating_case()

    answer = staff_client(Role.INVESTIGATOR).post(
        url("statement_new", case),
        {"party": "respondent", "name": "生产部门", "how": "heard", "text": "说了"},
    )

    assert answer.status_code == 422
    assert "请填写听取的时间" in answer.content.decode()


def test_a_finding_is_previewed_and_issued() -> None:
    case = investigating_case()
    hear_respondent(case)
    client = staff_client(Role.INVESTIGATOR)
    assert client.get(url("finding_new", case)).status_code == 200

    preview = client.post(url("finding_new", case), finding_post(preview="1"))
    assert "消费者会看到" in preview.content.decode()
    assert not LiabilityFinding.objects.exists()
    answer = client.post(url("finding_new", case), finding_post())

    case.refresh_from_db()
    assert (answer.status_code, case.stage) == (303, Stage.LIABILITY_DETERMINED)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"outward-0-share": "60"}, "还差 40"),
        ({"outward-0-share": "abc"}, "比例写成"),
        ({"outward-0-ground": ""}, "请写明依据"),
        ({"outcome": ""}, "请选一项"),
        ({"preview": "1", "outward-0-share": "100.5"}, "比例"),
    ],
)
def test_a_finding_that_does_not_fit_is_sent_back(fields: dict, words: str) -> None:
    case = investigating_case()
    hear_respondent(case)

    answer = staff_client(Role.INVESTIGATOR).post(url("finding_new", case), finding_post(**fields))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not LiabilityFinding.objects.exists()


def test_before_the_respondent_is_heard_the_page_says_so() -> None:
    page = staff_client(Role.INVESTIGATOR).get(url("finding_new", investigating_case()))

    assert "先听取被投诉方的陈述" in page.content.decode()


def test_a_case_goes_back_and_a_further_round_begins() -> None:
    case = determined_case()
    client = staff_client(Role.MANAGER)
    assert client.get(url("reinvestigate", case)).status_code == 200

    assert client.post(url("reinvestigate", case), {"reason": "新证据"}).status_code == 303
    assert client.get(url("round_new", case)).status_code == 200
    lead = make_user(Role.INVESTIGATOR)
    answer = client.post(url("round_new", case), {"lead": lead.pk, "questions": "再查批次"})

    assert answer.status_code == 303
    assert Investigation.objects.filter(case=case).count() == 3


def test_a_case_without_liability_is_closed() -> None:
    case = determined_case(outcome=Outcome.NOT_LIABLE)
    early = staff_client(Role.AGENT).get(url("close_without_liability", case))
    assert "通知期到" in early.content.decode()
    shift_to(now() + timedelta(days=15))

    answer = staff_client(Role.AGENT).post(url("close_without_liability", case))

    case.refresh_from_db()
    assert (answer.status_code, case.stage) == (303, Stage.CLOSED)


def test_a_case_found_without_liability_after_an_offer_can_be_left_by_links() -> None:
    case = reinvestigate(offered_case(), by=staff(Role.AGENT), reason="新的检测报告")
    start_round(case, by=staff(Role.AGENT), lead=make_user(Role.INVESTIGATOR), questions="再查")
    hear_respondent(case)
    finding = liable(outward(Party.FORCE_MAJEURE), outcome=Outcome.NOT_LIABLE)
    case = determine_liability(case, by=staff(Role.INVESTIGATOR), finding=finding)
    shift_to(now() + timedelta(days=15))

    action = panels.primary_action(case, staff(Role.AGENT))
    assert action is not None
    assert (action.url, action.disabled_reason) == (url("close_without_liability", case), "")
    save_plan(case, by=staff(Role.AGENT), plan=plan_data())
    tab = staff_client(Role.AGENT).get(reverse("desk:case_tab", args=[case.reference, "liability"]))
    assert url("close_without_liability", case) in tab.content.decode()


@pytest.mark.parametrize(
    "name", ["open_investigation", "settle_directly", "finding_new", "reinvestigate"]
)
def test_others_are_told_which_role_it_takes(name: str) -> None:
    page = staff_client(Role.REVIEWER).get(url(name, accepted_case()))

    assert page.status_code == 403


@pytest.mark.parametrize("name", ["triage_route", "note_new", "finding_new"])
def test_nobody_sees_staff_pages_without_log_in(client, name: str) -> None:
    assert client.get(url(name, accepted_case())).status_code == 302


def test_the_desk_s_tab_shows_everything() -> None:
    case = determined_case()

    page = staff_client(Role.AGENT).get(
        reverse("desk:case_tab", args=[case.reference, "liability"])
    )

    text = page.content.decode()
    assert page.status_code == 200
    assert "检测确认是底座温控器缺陷。" in text
    assert "温控器触点粘连。" in text


def test_the_consumer_reads_the_finding() -> None:
    case = directly_settled_case()

    page = consumer_client(case).get(reverse("track:case", args=[case.reference]))

    assert "责任在我们" in page.content.decode()


def test_a_letter_that_is_not_printed_yet_is_not_found() -> None:
    case = determined_case()
    version = current_finding(case).version

    assert Document.objects.count() == 1
    assert consumer_client(case).get(url("letter_mine", case, version)).status_code == 404
    assert staff_client(Role.AGENT).get(url("letter", case, version)).status_code == 404
    assert staff_client(Role.AGENT).get(url("letter", case, 7)).status_code == 404


def test_nobody_else_reads_the_letter(client) -> None:
    case = determined_case()

    assert client.get(url("letter_mine", case, 1)).status_code == 404

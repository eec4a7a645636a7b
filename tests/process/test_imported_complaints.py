"""Ten real complaints, each of another kind, taken over from elsewhere and carried to the end."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from complaints.models import Case, OutboxMessage
from complaints.moments import now
from complaints.states import Stage
from tests.process.answers import day_input, receipt
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import CompanySigner, Finance, Investigator
from tests.process.staff import Agent, the
from tests.process.surroundings import TheClock
from tests.shared_data import FOLDER

pytestmark = [pytest.mark.shared_data, pytest.mark.slow]
FILES = [
    ("cfpb", "cfpb_2026_iso.csv.gz"),
    ("heimao", "zh_heimao_format_sample.csv"),
    ("nhtsa", "nhtsa_ford_body_2020_2024.csv.gz"),
]
ROWS = 200


def first_rows(source: Path, target: Path) -> Path:
    """Copy the first rows of a file as they are."""
    raw = source.read_bytes()
    text = (gzip.decompress(raw) if source.suffix == ".gz" else raw).decode("utf-8-sig")
    with target.open("w", encoding="utf-8", newline="") as out:
        rows = csv.reader(io.StringIO(text, newline=""))
        csv.writer(out).writerows(itertools.islice(rows, ROWS))
    return target


@pytest.fixture
def ten(company: object, tmp_path: Path) -> list[str]:
    """Ten imported complaints of different source, category and issue."""
    for source, name in FILES:
        out = io.StringIO()
        path = first_rows(FOLDER / name, tmp_path / f"{source}.csv")
        call_command("import_complaints", str(path), "--json", source=source, stdout=out)
        report = json.loads(out.getvalue())
        assert report["imported"] == report["read"] and not report["bad"]
    kinds: dict[tuple[str, ...], str] = {}
    for case in Case.objects.order_by("pk"):
        kind = (case.source_system, case.category, case.issue)
        kinds.setdefault(kind, case.reference)
    products = Case.objects.exclude(reference__in=kinds.values()).order_by("product_text", "pk")
    others = [case.reference for case in products.distinct("product_text")]
    return [*kinds.values(), *others][:10]


def test_imported_complaints_are_found_in_queue_and_search(ten: list[str], agent: Agent) -> None:
    """「导入的投诉和别的投诉一样能查到」: in the queue by source, by reference, by its words."""
    case = the(ten[0])

    queue = agent.open(f"{reverse('desk')}?view=all&source={case.source_system}")
    exact = agent.open(f"{reverse('desk_search')}?q={case.reference}")
    by_number = agent.open(f"{reverse('desk_search')}?q={case.external_ref}")

    assert "已导入" in exact and exact.heading == case.title
    assert case.reference in queue.html or queue.offers("下一页")
    assert case.reference in by_number.html
    assert not OutboxMessage.objects.exists()


def test_history_arms_no_past_timers(ten: list[str], clock: TheClock) -> None:
    """「历史投诉不补报超时」: nothing is late, however long ago the complaint was received."""
    clock.passes(days=3)

    assert not Case.objects.filter(is_late=True).exists()
    assert not OutboxMessage.objects.exists()


def one_of_each_source(references: list[str]) -> list[str]:
    """Return the first of each source system."""
    first: dict[str, str] = {}
    for reference in references:
        first.setdefault(the(reference).source_system, reference)
    return list(first.values())


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.long)])
def test_real_complaints_are_carried_to_closing(
    whole: bool,
    ten: list[str],
    consumer: ConsumerBrowser,
    agent: Agent,
    investigator: Investigator,
    approver: CompanySigner,
    finance: Finance,
) -> None:
    """受理, 调查, 责任认定, 方案, 协议, 履行, 回访: each of them, by the pages of every day."""
    chosen = ten if whole else one_of_each_source(ten)
    assert len(set(chosen)) == (10 if whole else len(FILES))
    for reference in chosen:
        is_found(reference, agent, investigator)
        is_agreed(reference, consumer, agent, approver)
        finance.pays(reference)
        page = agent.takes_next_step(reference)
        agent.press(page, "登记回访", {"arrived": "yes", "rating": 4})

    cases = Case.objects.filter(reference__in=chosen)
    assert {case.stage for case in cases} == {Stage.CLOSED}
    assert {message.recipient.partition(":")[0] for message in OutboxMessage.objects.all()} <= {
        "user"
    }


def is_found(reference: str, agent: Agent, investigator: Investigator) -> None:
    """From an imported record to a finding."""
    if the(reference).urgency == "emergency":
        agent.records_safety_action(reference)
    agent.accepts(reference, category="SERVICE", issue="SUBSTANDARD")
    agent.opens_investigation(reference, lead=investigator.name)
    investigator.hears_respondent(reference)
    investigator.finds(reference)


def is_agreed(
    reference: str, consumer: ConsumerBrowser, agent: Agent, approver: CompanySigner
) -> None:
    """From a finding to an agreement in force; there is no address, so they sign on paper."""
    agent.plans(reference)
    if not agent.case(reference).offers("发给消费者"):
        approver.approves(reference)
    agent.sends_offer(reference)
    consumer.holds(the(reference)).chooses_plan(reference)
    agent.drafts_agreement(reference, name="J. Doe", address="New York, NY 12065")
    agent.offers_agreement(reference)
    page = agent.chooses(reference, "登记纸质签署", tab="agreement")
    agent.press(page, "登记签署", {"scan": receipt(), "signed_on": day_input(now())})
    approver.signs_for_company(reference)
    assert the(reference).stage == Stage.FULFILLING

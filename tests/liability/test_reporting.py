"""The investigation report: whole, the same for the same facts, and without others' data."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.states import Role
from complaints.errors import CaseError, StepForbidden
from complaints.moments import now, shift_to
from documents.services.rendering import document_html, render_pending
from liability.models import InvestigationReport, ReportCopy
from liability.reports import ReportData, loss_lines, without_names
from liability.selectors import current_finding
from liability.selectors.reporting import report_context
from liability.services.board import Judgement, add_claim, set_weights, weigh
from liability.services.findings import determine_liability
from liability.services.investigating import record_statement
from liability.services.reporting import content_hash, write_report
from liability.states import Audience, Party
from tests.complaints.vault_makers import add, drawing, encoded
from tests.factories import make_case, staff
from tests.liability.doors import consumer_client, staff_client
from tests.liability.makers import (
    consult,
    hear_respondent,
    investigating_case,
    inward,
    liable,
    outward,
)

SECTIONS = 14


def words(**fields) -> ReportData:
    said = {
        "independence": "负责人与双方没有利害关系。",
        "method": "拆机检测。\n核对出厂记录。",
        "facts_found": "触摸层排线虚焊。\n恒泰电子 2609B 批次有同样问题。",
        "losses": "手机 | 2,999.00 | 发票\n误工 | 200 |",
        "remedies": "换新机\n退款",
        "recall": "同批次抽检 200 件。",
        "limits": "样品只有一件。",
    }
    return ReportData(**{**said, **fields})


def found_case(*, asked: str = "", **fields):
    case = investigating_case(**fields)
    hear_respondent(case, "恒泰电子")
    if asked:
        consult(case, addressee="logistics", party_name=asked)
    record_statement(
        case,
        by=staff(Role.INVESTIGATOR),
        party="other",
        name="张维修",
        text="收到时屏幕已经不灵。",
        heard_at=now(),
    )
    add(case, encoded(drawing(1)), "屏幕.jpg")
    return determine_liability(
        case,
        by=staff(Role.INVESTIGATOR),
        finding=liable(
            outward(),
            inward(Party.SUPPLIER, "60", name="恒泰电子"),
            inward(Party.PRODUCTION_DEPT, "40"),
            reasons_internal="按恒泰电子的供货合同第 9 条追偿。",
            dissenter="王工",
            dissent="也可能是跌落造成。",
        ),
    )


@pytest.mark.django_db
def test_the_report_tells_the_weight_as_it_was_judged_else_as_the_table_has_it() -> None:
    case = investigating_case()
    hear_respondent(case)
    first = add(case, encoded(drawing(1)), "一.jpg")
    add(case, encoded(drawing(2)), "二.jpg")
    by = staff(Role.INVESTIGATOR)
    claim = add_claim(case, by=by, text="出厂前就坏了")
    look = Judgement(f"evidence:{first.pk}", "for", "photo", is_copy=True)
    weigh(claim, by=by, judgement=look)
    set_weights({"photo": Decimal("0.60")}, by=staff(Role.MANAGER), seen={"photo": 1})
    case = determine_liability(case, by=by, finding=liable())

    context = report_context(case, current_finding(case), words(), audience="file", version=1)

    assert [row["weight"] for row in context["evidence"]] == ["0.44", "0.60"]


@pytest.mark.django_db
def test_a_party_that_was_only_asked_is_not_named_to_the_consumer_either() -> None:
    case = found_case(asked="迅达")
    report = written(case, facts_found="迅达说没有异常。")
    consumer = json.dumps(copy_of(report, "consumer").document.context, ensure_ascii=False)
    assert "迅达" not in consumer
    assert "迅达" in json.dumps(copy_of(report, "file").document.context, ensure_ascii=False)


def written(case=None, **fields) -> InvestigationReport:
    return write_report(case or found_case(), by=staff(Role.INVESTIGATOR), report=words(**fields))


def copy_of(report, audience: str, language: str = "zh-hans") -> ReportCopy:
    return report.copies.get(audience=audience, language=language)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("audience", [*Audience])
def test_every_version_has_the_fourteen_sections(audience: str, language: str) -> None:
    html = document_html(copy_of(written(), audience, language).document)

    assert html.count("<h2>") == SECTIONS
    assert "2,999.00" in html and "3,199.00 CNY" in html


@pytest.mark.django_db
def test_the_hash_is_that_of_the_data_and_shown() -> None:
    copy = copy_of(written(), Audience.FILE)
    context = copy.document.context

    assert content_hash(context) == context["content_hash"] == copy.content_sha256
    assert copy.content_sha256 in document_html(copy.document)
    assert content_hash({**context, "cause": "别的"}) != copy.content_sha256
    assert content_hash({**context, "template_version": "0" * 64}) != copy.content_sha256


@pytest.mark.django_db
def test_the_same_facts_give_the_same_report_whenever_it_is_written() -> None:
    case = found_case()
    first = written(case)
    shift_to(now() + timedelta(days=3))

    again = written(case)

    assert again.pk == first.pk
    assert InvestigationReport.objects.count() == 1


@pytest.mark.django_db
def test_other_words_give_another_version_and_the_first_stays() -> None:
    case = found_case()
    first = written(case)
    before = copy_of(first, Audience.FILE).content_sha256

    second = written(case, cause="排线虚焊")

    assert (second.version, first.copies.count()) == (2, 4)
    assert copy_of(second, Audience.FILE).content_sha256 != before
    with pytest.raises(IntegrityError), transaction.atomic():
        InvestigationReport.objects.filter(pk=first.pk).update(content={})


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_consumer_s_version_tells_nothing_of_third_parties(language: str) -> None:
    case = found_case()
    hidden = add(case, encoded(drawing(2)), "供货合同.jpg")
    type(hidden).objects.filter(pk=hidden.pk).update(for_consumer=False)

    report = written(case)

    told = json.dumps(
        copy_of(report, Audience.CONSUMER, language).document.context, ensure_ascii=False
    )
    for secret in ("恒泰电子", "张维修", "收到时屏幕", "温控器触点", "供货合同", "王工"):
        assert secret not in told, secret
    assert case.description[:10] in told and "屏幕.jpg" in told
    full = json.dumps(copy_of(report, Audience.FILE, language).document.context, ensure_ascii=False)
    assert "恒泰电子" in full and "王工" in full and "供货合同.jpg" in full


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"method": " "}, "method"),
        ({"independence": ""}, "independence"),
        ({"losses": "手机 | 三千"}, "losses"),
        ({"losses": "手机 | 1.234"}, "losses"),
        ({"risk": "huge"}, "risk"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_left(fields: dict, field: str) -> None:
    case = found_case()

    with pytest.raises(CaseError) as refusal:
        write_report(case, by=staff(Role.INVESTIGATOR), report=words(**fields))

    assert refusal.value.field == field
    assert not InvestigationReport.objects.exists()


@pytest.mark.django_db
def test_there_is_no_report_before_the_finding_nor_by_other_roles() -> None:
    with pytest.raises(CaseError, match="先作出"):
        written(make_case())
    with pytest.raises(StepForbidden):
        write_report(found_case(), by=staff(Role.AGENT), report=words())


@pytest.mark.django_db
def test_the_pages_lead_to_the_pdfs() -> None:
    case = found_case()
    client = staff_client(Role.INVESTIGATOR)
    page = reverse("liability:report_new", args=[case.reference])
    assert "触点" in client.get(page).content.decode() or client.get(page).status_code == 200
    assert client.post(page, words().as_json()).status_code == 303
    mine = reverse("liability:report_mine", args=[case.reference])
    assert consumer_client(case).get(mine).status_code == 404
    render_pending()

    pdf = client.get(reverse("liability:report", args=[case.reference, 1, "file", "zh-hans"]))
    own = consumer_client(case).get(mine)

    assert b"".join(pdf.streaming_content if pdf.streaming else [pdf.content])[:4] == b"%PDF"
    assert own.status_code == 200
    tab = client.get(reverse("desk:case_tab", args=[case.reference, "liability"]))
    assert copy_of(InvestigationReport.objects.get(), "file").content_sha256[:16] in (
        tab.content.decode()
    )
    assert current_finding(case) is not None


NAME = st.text("甲乙丙丁电子厂王工", min_size=2, max_size=6)


@given(
    st.dictionaries(NAME, st.just("供货者"), max_size=5),
    st.lists(st.text("甲乙丙丁电子厂王工。", max_size=30)),
)
def test_no_name_is_left(names: dict[str, str], texts: list[str]) -> None:
    value = {"a": texts, "b": {"c": "".join(texts)}}

    clean = json.dumps(without_names(value, names), ensure_ascii=False)

    longest_first = sorted(names, key=len, reverse=True)
    left = [name for name in longest_first if name in clean]
    # What stands for a name may, with its neighbours, spell no name: it has other characters.
    assert left == []


@given(st.lists(st.tuples(st.text("手机误工", min_size=1), st.integers(0, 10**9)), max_size=8))
def test_losses_are_read_as_written(rows: list[tuple[str, int]]) -> None:
    text = "\n".join(f"{item} | {cents / 100:.2f} | 发票" for item, cents in rows)

    assert [(line.item, int(line.amount * 100)) for line in loss_lines(text)] == rows

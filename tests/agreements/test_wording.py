"""Texts as versions: checked before they are kept, frozen with the agreement, printed as text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.states import Role
from agreements.days import today
from agreements.errors import AgreementBlocked
from agreements.models import Agreement, LibraryClause, Wording
from agreements.selectors.differences import differences
from agreements.selectors.proposals import proposed_terms
from agreements.selectors.wording import clauses_now, current_wording, usual_wording
from agreements.services.blocks import check_issuable
from agreements.services.drafting import as_proposed, draft_agreement
from agreements.services.offering import offer_for_signature
from agreements.services.wording import ClauseText, save_clause, save_wording
from agreements.states import WordingKind
from agreements.terms import PartyData, Undertaking
from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged, StepForbidden
from complaints.models import Case, Consumer
from documents.services.files import read_bytes
from documents.services.rendering import document_html, render_document
from tests.agreements.makers import company_signs, consumer_signs, drafted, offered
from tests.compensation.makers import chosen_case
from tests.documents.test_renderer import CANARY, Listener
from tests.documents.vectors import VECTORS
from tests.factories import staff
from tests.liability.doors import staff_client

pytestmark = pytest.mark.django_db
ZH = "zh-hans"


def current(kind: str = WordingKind.SETTLEMENT, language: str = ZH) -> Wording:
    found = current_wording(kind, language)
    assert found is not None
    return found


def saved(line: str, *, by: Actor | None = None, **fields: object) -> Wording:
    """The next version of the settlement's text, with a line more."""
    now = current()
    given = {
        "title": now.title,
        "body": now.body.replace("# 责任\n", f"# 责任\n{line}\n", 1),
        "reason": "补一句",
        "seen": now.number,
        **fields,
    }
    return save_wording(WordingKind.SETTLEMENT, ZH, by=by or staff(Role.MANAGER), **given)  # type: ignore[arg-type]


def test_new_version_is_what_later_drafts_are_written_on() -> None:
    before = offered()
    text = saved("甲方就本次消费体验向乙方致歉。")
    after = drafted(chosen_case())

    assert (text.number, after.wording) == (2, text)
    assert before.wording == Wording.objects.get(kind="settlement", language=ZH, number=1)


def test_offered_text_is_frozen_whatever_is_saved_later() -> None:
    agreement = offered()
    saved("甲方就本次消费体验向乙方致歉。")
    done = company_signs(consumer_signs(agreement))

    assert done.sealed is not None and done.unsigned is not None
    assert done.sealed.context["sections"][1] == done.unsigned.context["sections"][1]
    assert "致歉" not in document_html(done.sealed)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        Agreement.objects.filter(pk=done.pk).update(wording=current())


def test_saved_versions_stay_as_they_are() -> None:
    for model in (Wording, LibraryClause):
        row = model.objects.first()
        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
            model.objects.filter(pk=row.pk).update(number=9)
        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
            model.objects.filter(pk=row.pk)._raw_delete("default")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("你好 {{password}}", "没有变量「password」"),
        ("[[lines]]", "出现了两次"),
        ("消费者签署以后不得投诉。", "法律不承认"),
        ("本协议的最终解释权归公司所有。", "法律不承认"),
        ("{% load x %}", "花括号"),
    ],
)
def test_faults_are_named_and_nothing_is_saved(line: str, words: str) -> None:
    with pytest.raises(CaseError) as caught:
        saved(line)

    assert caught.value.field == "body" and words in str(caught.value)
    assert current().number == 1


def test_who_saves_on_an_old_version_is_told() -> None:
    saved("第一句。")
    with pytest.raises(DraftChanged):
        saved("第二句。", seen=1)
    with pytest.raises(CaseError, match="一样"):
        save_wording(
            WordingKind.SETTLEMENT,
            ZH,
            by=staff(Role.MANAGER),
            title=current().title,
            body=current().body,
            reason="没改",
            seen=2,
        )


@pytest.mark.parametrize("role", [Role.AGENT, Role.APPROVER, Role.FINANCE])
def test_texts_are_managers_work(role: Role) -> None:
    with pytest.raises(StepForbidden):
        saved("一句。", by=staff(role))


def test_void_clause_that_came_by_another_way_blocks_the_issue() -> None:
    agreement = drafted()
    void = Wording(kind="settlement", language=ZH, number=9, body="# 责任\n消费者不得起诉。")
    with pytest.raises(AgreementBlocked, match="限制投诉"):
        check_issuable(replace(as_proposed(agreement), wording=void))


def test_text_follows_what_was_agreed() -> None:
    case = chosen_case()
    terms = proposed_terms(case)
    assert terms is not None
    pay = terms.undertakings[0]
    swap = Undertaking(kind="replacement", description="换新水壶", due_on=today())
    kinds = {
        usual_wording(case, "settlement", terms),
        usual_wording(case, "settlement", replace(terms, undertakings=(pay, pay))),
        usual_wording(case, "settlement", replace(terms, undertakings=(swap,))),
        usual_wording(case, "mediation", terms),
    }
    Consumer.objects.filter(pk=case.consumer_id).update(tier="business")
    kinds.add(usual_wording(Case.objects.get(pk=case.pk), "settlement", terms))

    assert kinds == set(WordingKind.values)


def test_other_text_is_told_as_a_difference() -> None:
    first = offered()
    saved("甲方就本次消费体验向乙方致歉。")
    second = offer_for_signature(
        draft_agreement(Case.objects.get(pk=first.case_id), by=staff(Role.AGENT)),
        by=staff(Role.AGENT),
    )

    (row,) = differences(second)
    assert row.label == "责任"
    assert "致歉" not in row.before and "致歉" in row.after
    assert not any(sign in row.before + row.after for sign in ("{{", "without_admission", "[["))


def test_clause_library_keeps_versions_and_leaves_out_what_is_retired() -> None:
    manager = staff(Role.MANAGER)
    words = ClauseText("以旧换新", "乙方交回旧品。", "Trade-in", "Party B hands the old one back.")
    save_clause("trade-in", by=manager, words=words, seen=0)
    with pytest.raises(DraftChanged):
        save_clause("trade-in", by=manager, words=words, seen=0)
    with pytest.raises(CaseError, match="法律不承认"):
        save_clause("trade-in", by=manager, words=replace(words, text_zh="乙方不得投诉。"), seen=1)
    with pytest.raises(CaseError, match="变量"):
        save_clause("trade-in", by=manager, words=replace(words, text_en="{{item}}"), seen=1)
    save_clause("trade-in", by=manager, words=words, seen=1, retired=True)

    assert "trade-in" not in {row.code for row in clauses_now()}
    assert LibraryClause.objects.filter(code="trade-in").count() == 2


ATTACK = "".join(
    VECTORS[name].format(url="{url}").replace("\n", "")
    for name in ("img src", "link stylesheet", "css background", "svg image", "css font face")
)


def test_attacks_in_text_and_names_are_words_on_paper() -> None:
    """Nothing is fetched or read, control and direction marks are gone, rare characters stand."""
    with Listener() as listener:
        vectors = ATTACK.replace("{url}", listener.address) + '<img src="file:///etc/hostname">'
        saved(vectors.replace("{", "(").replace("}", ")") + "‮反\x07了")
        party = PartyData(name=f"𠮷㙓‮<b>{vectors[:40]}", phone="138", address="x" * 4000)
        agreement = offer_for_signature(drafted(chosen_case(), party=party), by=staff(Role.AGENT))
        assert agreement.unsigned is not None
        html = document_html(agreement.unsigned)
        document = render_document(agreement.unsigned.pk)
        assert listener.connections == 0

    assert document.is_ready, document.last_error
    assert '<img src="http' not in html and '<img src="file' not in html
    assert "&lt;img src" in html
    assert "‮" not in html and "\x07" not in html and "𠮷㙓" in html
    assert document.file is not None
    pdf = read_bytes(document.file)
    assert CANARY.encode() not in pdf and len(pdf) < 250 * 1024


def test_nested_and_huge_text_is_printed_or_refused_never_hangs() -> None:
    saved("<div>" * 300 + "很" * 3000 + '<p style="font-size:99999pt">大</p>')
    agreement = offered(chosen_case())
    assert agreement.unsigned is not None

    assert render_document(agreement.unsigned.pk).is_ready


def test_manager_changes_a_text_on_its_page() -> None:
    manager, url = (
        staff_client(Role.MANAGER),
        reverse("agreements:text_edit", args=["settlement", ZH]),
    )
    page = manager.get(url).content.decode()
    assert "penalty_rate" in page and "必须有" in page
    body = current().body.replace("# 责任\n", "# 责任\n甲方向乙方致歉，编号 {{number}}。\n", 1)
    said = {"title": "和解协议", "body": body, "reason": "加上致歉", "seen": "1"}

    preview = manager.post(url, {**said, "act": "preview"}).content.decode()
    assert "甲方向乙方致歉，编号 AG-2026-000001。" in preview and current().number == 1
    wrong = manager.post(url, {**said, "body": body + "{{nobody}}", "act": "save"})
    assert wrong.status_code == 422 and "nobody" in wrong.content.decode()
    assert manager.post(url, {**said, "act": "save"}).status_code == 303
    assert (current().number, current().title) == (2, "和解协议")
    late = manager.post(url, {**said, "body": body + "\n晚了", "act": "save"})
    assert late.status_code == 409
    assert "甲方向乙方致歉" in manager.get(f"{url}?with=1").content.decode()


def test_clause_pages_add_change_and_retire() -> None:
    manager = staff_client(Role.MANAGER)
    said = {"title_zh": "补寄", "text_zh": "补寄配件。", "title_en": "Part", "text_en": "A part."}
    new = reverse("agreements:clause_new")
    assert manager.post(new, {"code": "A B", "seen": "0", **said}).status_code == 422
    assert manager.post(new, {"code": "part", "seen": "0", **said}).status_code == 303
    edit = reverse("agreements:clause_edit", args=["part"])
    assert manager.post(edit, {**said, "seen": "1", "act": "retire"}).status_code == 303
    assert "停用" in manager.get(reverse("agreements:texts")).content.decode()
    assert staff_client(Role.AGENT).get(reverse("agreements:texts")).status_code == 403


def test_agent_puts_clauses_of_the_library_into_a_draft() -> None:
    case = chosen_case()
    agent, url = staff_client(Role.AGENT), reverse("agreements:draft", args=[case.reference])
    page = agent.get(url).content.decode()
    assert "上门取件" in page and "分期支付" in page
    due = today().replace(year=today().year + 1).isoformat()
    said = {"method": "原路退回", "due_0": due, "wording": "business", "library": ["pick-up"]}
    answer = agent.post(
        url, {**said, "gives_up": "无", "clause_title": "其他", "clause_text": "无。"}
    )

    assert answer.status_code == 303
    agreement = Agreement.objects.get()
    assert [clause.title for clause in agreement.text.clauses] == ["上门取件", "其他"]
    assert agreement.wording == current(WordingKind.BUSINESS)

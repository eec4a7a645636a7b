"""Which text an agreement is written on, the clauses of the library, and why a text can't be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from agreements.models import Agreement, LibraryClause, Wording
from agreements.states import AgreementKind, Debtor, ObligationKind, WordingKind
from agreements.terms import AgreementTerms
from agreements.wording.filling import PrintedLine, PrintedSection, fill
from agreements.wording.parsing import PART, Fault, parse
from agreements.wording.variables import VARIABLES, Context, values_of
from complaints.models import Case
from complaints.states import CustomerTier

LANGUAGES = ("zh-hans", "en")


def current_wording(kind: str, language: str) -> Wording | None:
    """Return the text that new agreements of a kind get, None for a kind that isn't there."""
    found = Wording.objects.filter(kind=kind, language=language).select_related("saved_by")
    return found.order_by("-number").first()


def wording_versions(kind: str, language: str) -> list[Wording]:
    """Return every version of a text, the newest first."""
    found = Wording.objects.filter(kind=kind, language=language).select_related("saved_by")
    return list(found.order_by("-number"))


def current_wordings() -> list[Wording]:
    """Return the newest version of every text, in the order of the kinds."""
    found = Wording.objects.order_by("kind", "language", "-number").distinct("kind", "language")
    order = list(WordingKind.values)
    rows = list(found.select_related("saved_by"))
    return sorted(rows, key=lambda row: (order.index(row.kind), LANGUAGES.index(row.language)))


def clauses_now(*, retired: bool = False) -> list[LibraryClause]:
    """Return the newest version of every clause; of those no longer used only if asked for."""
    rows = LibraryClause.objects.order_by("code", "-number").distinct("code")
    return [row for row in rows if retired or not row.retired]


def clause_versions(code: str) -> list[LibraryClause]:
    """Return every version of a clause, the newest first."""
    return list(LibraryClause.objects.filter(code=code).order_by("-number"))


def usual_wording(case: Case, kind: str, terms: AgreementTerms) -> str:
    """Return the kind of text that fits what was agreed, unless somebody chooses another."""
    if kind == AgreementKind.MEDIATION:
        return WordingKind.MEDIATION
    if case.consumer.tier == CustomerTier.BUSINESS:
        return WordingKind.BUSINESS
    ours = [duty.kind for duty in terms.undertakings if duty.debtor == Debtor.COMPANY]
    if ours.count(ObligationKind.PAYMENT) > 1:
        return WordingKind.INSTALMENTS
    mended = {ObligationKind.REPLACEMENT, ObligationKind.REPAIR}
    if mended & set(ours) and ObligationKind.PAYMENT not in ours:
        return WordingKind.REPLACEMENT
    return WordingKind.SETTLEMENT


def printed_sections(wording: Wording, context: Context) -> list[PrintedSection]:
    """Return the sections of a text with the values of one agreement."""
    return fill(parse(wording.body), values_of(context))


def wording_rows(agreement: Agreement, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the headings of an agreement's text and the words under them, to be compared.

    Two texts are compared with the same values in them: what differs then is the wording.
    """
    if agreement.wording is None:
        return []
    rows = []
    for section in fill(parse(agreement.wording.body), values):
        words = [words for line in section["lines"] for words in _words_of(line)]
        rows.append((section["heading"], "\n".join(words)))
    return [(str(_("标题")), agreement.wording.title), *rows]


def _words_of(line: PrintedLine) -> list[str]:
    return line["items"] or ([] if line["kind"] == PART else [line["text"]])


def sample_values() -> dict[str, str]:
    """Return a value for every variable, so that a text can be looked at before it is used."""
    samples = {
        "number": "AG-2026-000001",
        "case_number": "RD-2026-000001",
        "bought_on": "2026-11-02",
        "order_number": "A20261102001",
        "batch": "2609B",
        "price": "¥299.00",
        "total": "¥1,437.00",
        "total_capitals": "人民币壹仟肆佰叁拾柒元整",
        "due_on": "2026-11-27",
        "penalty_rate": "0.05%",
        "grace_days": "3",
        "penalty_cap": "30%",
        "acceleration_days": "15",
        "copies": "2",
        "without_admission": "1",
        "confidential": "",
        "arbitration": "",
    }
    return {
        variable.code: samples.get(variable.code, f"〔{variable.meaning}〕")
        for variable in VARIABLES
    }


def sample_sections(body: str) -> list[PrintedSection]:
    """Return a text as it would read, with sample values."""
    return fill(parse(body), sample_values())


def part_names() -> dict[str, Any]:
    """Return what the parts that are made of data are called."""
    return {
        "parties": _("当事人表"),
        "lines": _("赔偿项目表和大写合计"),
        "duties": _("付款以外的义务"),
        "performance": _("履行期限、方式和分期表"),
        "clauses": _("补充约定"),
        "signatures": _("签署栏和附件"),
    }


def fault_words(faults: Sequence[Fault]) -> list[str]:
    """Return each fault of a text as a sentence that says what to do."""
    parts = part_names()
    words = {
        "too_long": _("正文太长，最多 20000 字、400 行。"),
        "no_heading": _("第 %(line)s 行：正文要从「# 标题」开始。"),
        "unknown": _("第 %(line)s 行：没有变量「%(words)s」，请从列表里选。"),
        "unknown_part": _("第 %(line)s 行：没有「[[%(words)s]]」这一部分，请从列表里选。"),
        "braces": _("第 %(line)s 行：花括号只能写成变量的样子，如 {{…}}。"),
        "part_missing": _("缺少「%(part)s」，请加上一行 [[%(words)s]]。"),
        "part_twice": _("「%(part)s」出现了两次，只留一处。"),
        "part_conditional": _("「%(part)s」不能带条件，每份协议都要有。"),
    }
    return [
        words[fault.code]
        % {"line": fault.line, "words": fault.words, "part": parts.get(fault.words, fault.words)}
        for fault in faults
    ]

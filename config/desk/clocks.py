"""The page of a case's clocks: its certificate in words, and what was issued of it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import Case
from complaints.selectors.certificate_sheet import CauseText
from complaints.selectors.certificates import Issue
from config.presenters import EVENT_TEXTS
from config.templatetags import present
from documents.models import Document

CAUSE_TEXTS = {
    "paused": gettext_lazy("有人暂停了计时"),
    "resumed": gettext_lazy("有人让它继续计时"),
    "cap_reached": gettext_lazy("暂停的时间到了"),
    "evidence_received": gettext_lazy("消费者补充了材料"),
    "policy_published": gettext_lazy("发布了新的时限规则"),
    "calendar_published": gettext_lazy("发布了新的工作日历"),
    "facts_changed": gettext_lazy("案件的情况变了，适用另一条规则"),
    "rules_changed_meanwhile": gettext_lazy("暂停期间规则变了，按新规则继续"),
    "review": gettext_lazy("复议作出了决定"),
}
"""Words for causes of the clocks themselves; the other causes are events."""
TONES = {"late": "danger", "running_late": "danger", "paused_late": "danger", "on_time": "ok"}


def cause_texts() -> CauseText:
    """Return what gives the words for a cause, in the active language."""
    known = {kind: str(text.staff) for kind, text in EVENT_TEXTS.items() if "%(" not in text.staff}
    known |= {cause: str(words) for cause, words in CAUSE_TEXTS.items()}
    return lambda cause: known.get(cause, cause)


def clock_cards(certificate: dict[str, Any], sheet: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each clock in words, those that are not done first."""
    verdicts = [clock["verdict"]["word"] for clock in certificate["clocks"]]
    cards = [
        {**clock, "tone": TONES.get(word, ""), "done": word in {"on_time", "late"}}
        for word, clock in zip(verdicts[-len(sheet["clocks"]) :], sheet["clocks"], strict=True)
    ]
    return sorted(cards, key=lambda card: card["done"])


def issue_rows(case: Case, issues: list[Issue]) -> list[dict[str, Any]]:
    """Return the issued certificates with links to what can be had of each."""
    return [
        {
            "sequence": issue.sequence,
            "at": present.date_time(issue.at),
            "sha256": issue.sha256,
            "json": reverse("desk:clocks_json", args=[case.reference, issue.sequence]),
            "prints": [
                _print(case, issue, issue.chinese, _("中文 PDF")),
                _print(case, issue, issue.english, _("英文 PDF")),
            ],
        }
        for issue in issues
    ]


def _print(case: Case, issue: Issue, document: Document, label: str) -> dict[str, Any]:
    args = [case.reference, issue.sequence, document.language]
    return {
        "label": label,
        "href": reverse("desk:clocks_pdf", args=args) if document.is_ready else "",
        "state": document.get_status_display(),
        "sha256": document.sha256,
    }

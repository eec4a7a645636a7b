"""Writing the texts of agreements: every save is a new version, checked before it is kept.

A new version is what later drafts are written on. Agreements that are there keep theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agreements.clauses import void_clauses
from agreements.models import LibraryClause, Wording
from agreements.selectors.wording import LANGUAGES, clause_versions, current_wording, fault_words
from agreements.services.rights import require
from agreements.states import WordingKind
from agreements.wording.parsing import faults
from agreements.wording.variables import KNOWN
from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged
from complaints.moments import now
from complaints.permissions import Permission
from documents.text import clean_text

Row = TypeVar("Row", Wording, LibraryClause)
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}", re.ASCII)


@transaction.atomic
def save_wording(
    kind: str, language: str, *, by: Actor, title: str, body: str, reason: str, seen: int
) -> Wording:
    """Save a text as its next version; `seen` is the number of the one it was written from.

    Raises CaseError with every fault (unknown variables and parts, parts that are missing, void
    clauses), DraftChanged when somebody else saved meanwhile.
    """
    require(by, Permission.MANAGE_TEMPLATES)
    if kind not in WordingKind.values or language not in LANGUAGES:
        raise CaseError(_("没有这份文本。"))
    title, body = clean_text(title).strip(), clean_text(body).strip() + "\n"
    if not title:
        raise CaseError(_("请填写标题。"), field="title")
    if not reason.strip():
        raise CaseError(_("请写明改了什么。"), field="reason")
    check_body(body)
    if _void(title):
        raise CaseError(" ".join(_void(title)), field="title")
    last = current_wording(kind, language)
    number = last.number if last else 0
    if seen != number:
        raise DraftChanged(_("你写的时候，别人保存了新的版本。请看过再保存。"))
    if last is not None and (last.title, last.body) == (title, body):
        raise CaseError(_("内容和现在的版本一样，不用保存。"), field="body")
    return _kept(
        Wording(
            kind=kind,
            language=language,
            number=number + 1,
            title=title[:60],
            body=body,
            reason=reason.strip()[:200],
            saved_at=now(),
            saved_by=by.user,
        )
    )


def check_body(body: str) -> None:
    """Raise CaseError with everything that keeps a text from being saved."""
    words = fault_words(faults(body, known=KNOWN))
    words += _void(body)
    if words:
        raise CaseError(" ".join(words), field="body")


def _void(text: str) -> list[str]:
    told = _("法律不承认这样的条款，不能写：「%(wording)s」。")
    return [told % {"wording": clause.wording} for clause in void_clauses(text)]


def _kept(row: Row) -> Row:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise DraftChanged(_("你写的时候，别人保存了新的版本。请看过再保存。")) from error
    return row


@dataclass(frozen=True)
class ClauseText:
    """A clause in both languages."""

    title_zh: str
    text_zh: str
    title_en: str
    text_en: str


@transaction.atomic
def save_clause(
    code: str, *, by: Actor, words: ClauseText, seen: int, retired: bool = False
) -> LibraryClause:
    """Save a clause of the library as its next version, or take it out of use.

    Raises CaseError naming the field at fault, DraftChanged when somebody else saved meanwhile.
    """
    require(by, Permission.MANAGE_TEMPLATES)
    if not _CODE.fullmatch(code):
        raise CaseError(_("代码用小写字母、数字和连字符，例如 pick-up。"), field="code")
    texts = {name: clean_text(value).strip() for name, value in vars(words).items()}
    for name, value in texts.items():
        if not value:
            raise CaseError(_("请填写这一项"), field=name)
        problem = " ".join(_void(value))
        if "{{" in value:
            problem = _("条款里不能用变量，请写成完整的句子。")
        if problem:
            raise CaseError(problem, field=name)
    versions = clause_versions(code)
    number = versions[0].number if versions else 0
    if seen != number:
        raise DraftChanged(_("你写的时候，别人保存了新的版本。请看过再保存。"))
    return _kept(
        LibraryClause(
            code=code,
            number=number + 1,
            retired=retired,
            saved_at=now(),
            saved_by=by.user,
            **texts,
        )
    )

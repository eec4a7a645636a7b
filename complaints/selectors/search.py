"""Finding cases by what people have at hand: reference, phone, e-mail, order number, words.

The best come first: the case whose number was asked for, then those with all words in the title,
then the others; the newest first among each. Each of the three is read only where the page has
room for it, so that a word that stands in every case costs no more than a rare one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from complaints import sealing
from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import Case, Message, OutsideFiling
from complaints.moments import now
from complaints.normalising import normalised_email, normalised_phone
from complaints.search_terms import Piece, excerpt, folded, pieces, query_words
from complaints.selectors.matching import all_in_subject, in_subject, matching, may_find_names
from complaints.selectors.paging import NEWEST_FIRST, queue_page

_PHONE = re.compile(r"^\+?[\d\s().-]{7,20}$")
_NUMBER = re.compile(r"^\d{1,9}$")
_REFERENCE = re.compile(r"^RD-\d{4}-\d{1,12}$")
_YEARS = 10
LONGEST_QUERY = 100
RANKS = (0, 1, 2)


@dataclass(frozen=True)
class Rank:
    """Where a page of results begins: after a case of a rank."""

    rank: int
    pk: int


@dataclass(frozen=True)
class Results:
    """One page of what was found, the best first; `following` is where the next one begins."""

    rows: list[dict[str, Any]]
    following: Rank | None


def case_called(actor: Actor, text: str) -> Case | None:
    """Return the case whose reference is exactly `text`, if the person may see it."""
    wanted = text.strip().upper()
    called = _REFERENCE.match(wanted)
    return visible_cases(actor).filter(reference=wanted).first() if called else None


def found_cases(actor: Actor, text: str, *, among: QuerySet[Case] | None = None) -> QuerySet[Case]:
    """Return the cases that answer `text`; phone and e-mail go through the blind index."""
    cases, text = visible_cases(actor) if among is None else among, text.strip()
    if "@" in text:
        index = sealing.blind_index("email", normalised_email(text))
        return cases.filter(Q(consumer__email_index=index) | _words(text, actor))
    if _PHONE.match(text):
        phone = sealing.blind_index("phone", normalised_phone(text))
        return cases.filter(Q(consumer__phone_index=phone) | _words(text, actor))
    return matching(cases, text, actor=actor)


def _words(text: str, actor: Actor) -> Q:
    return Q(pk__in=matching(Case.objects.all(), text, actor=actor).values("pk"))


def _of_rank(cases: QuerySet[Case], text: str, rank: int) -> QuerySet[Case]:
    named = Q(reference__in=_references(text))
    titled = in_subject(query_words(text))
    if rank == 0:
        return cases.filter(named)
    if rank == 1:
        return cases.filter(titled).exclude(named)
    return cases.exclude(named).exclude(all_in_subject(query_words(text)))


def _references(text: str) -> list[str]:
    text = text.strip()
    if not _NUMBER.match(text):
        return [text.upper()] if _REFERENCE.match(text.upper()) else []
    this_year = now().year
    years = range(this_year, this_year - _YEARS, -1)
    return [f"RD-{year}-{text.zfill(6)}" for year in years]


def best_cases(
    cases: QuerySet[Case], text: str, *, size: int, after: Rank | None = None
) -> Results:
    """Return one page of `cases`, which `text` found, the best first."""
    rows: list[dict[str, Any]] = []
    first = after.rank if after else 0 if _references(text) else 1
    for rank in RANKS[first:]:
        there = _of_rank(cases, text, rank)
        if after is not None and rank == after.rank:
            there = there.filter(pk__lt=after.pk)
        page = queue_page(there, size=size + 1 - len(rows), sort=NEWEST_FIRST)
        rows += [{**row, "rank": rank} for row in page.rows]
        if len(rows) > size:
            break
    more, rows = len(rows) > size, rows[:size]
    last = rows[-1] if rows else None
    return Results(rows, Rank(last["rank"], last["pk"]) if last and more else None)


# --- What of a case answers --------------------------------------------------------------------
@dataclass(frozen=True)
class Hit:
    """Why a case was found: its title with the words marked, and one more place that holds them."""

    title: list[Piece]
    where: str
    words: list[Piece]


_FIELDS = (
    "description",
    "wished_detail",
    "product_text",
    "order_number",
    "serial_number",
    "external_ref",
    "external_body",
    "respondent",
    "reference",
    "product__name",
    "product__model",
    "batch__code",
)


_READ = ("pk", "title", "consumer__key_sealed", "consumer__contact_sealed", *_FIELDS)


def hits(rows: list[dict[str, Any]], text: str, actor: Actor) -> dict[int, Hit]:
    """Return where each of the rows holds the words, by id, in two statements."""
    words = query_words(text)
    ids = [row["pk"] for row in rows]
    fields = Case.objects.filter(pk__in=ids).values(*_READ, bodies=_bodies())
    found: dict[int, Hit] = {}
    open_ones: dict[int, dict[str, Any]] = {}
    for case in fields:
        hit = _in_fields(case, words)
        found[case["pk"]] = hit
        if not hit.where:
            open_ones[case["pk"]] = case
    for pk, hit in _in_messages(open_ones, words).items():
        found[pk] = hit
        del open_ones[pk]
    if may_find_names(actor):
        found |= _in_names(open_ones, words)
    return found


def _in_fields(case: dict[str, Any], words: list[str]) -> Hit:
    title = pieces(case["title"], words)
    for name in _FIELDS:
        shown = excerpt(case[name] or "", words)
        if shown:
            return Hit(title, name, shown)
    shown = excerpt(" · ".join(case["bodies"] or ()), words)
    return Hit(title, "external_ref", shown) if shown else Hit(title, "", [])


def _bodies() -> ArraySubquery:
    """Return names and numbers of the further bodies that handed a case on."""
    rows = OutsideFiling.objects.filter(case=OuterRef("pk")).order_by("pk")
    return ArraySubquery(rows.values(words=Concat("name", Value(" "), "reference")))


def _in_messages(cases: dict[int, dict[str, Any]], words: list[str]) -> dict[int, Hit]:
    """Look through messages for what no field holds; a title that says it all needs no more."""
    wanted = [pk for pk, case in cases.items() if not _holds_all(case["title"], words)]
    found: dict[int, Hit] = {}
    if not wanted:
        return found
    said = Message.objects.filter(case__in=wanted).order_by("-at", "-pk")
    for pk, body in said.values_list("case_id", "body"):
        if pk not in found and (shown := excerpt(body, words)):
            found[pk] = Hit(pieces(cases[pk]["title"], words), "message", shown)
    return found


def _holds_all(text: str, words: list[str]) -> bool:
    plain = folded(text)
    return all(folded(word) in plain for word in words)


def _in_names(cases: dict[int, dict[str, Any]], words: list[str]) -> dict[int, Hit]:
    found = {}
    for pk, case in cases.items():
        if _holds_all(case["title"], words):
            continue
        sealed = (case["consumer__key_sealed"], case["consumer__contact_sealed"])
        name = (sealing.unseal(*sealed) or {}).get("name", "")
        if any(folded(word) in folded(name) for word in words):
            found[pk] = Hit(pieces(case["title"], words), "name", [Piece(name, hit=False)])
    return found

"""Cases for the measurement of search: real texts first, then texts made of pieces of real ones."""

from __future__ import annotations

import csv
import gzip
import random
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from benchmarks.filling import BATCH, make_agent
from complaints import sealing
from complaints.models import Case, Clock, Consumer
from complaints.moments import now
from complaints.search_terms import name_tokens
from complaints.selectors.policies import policy_in_force, working_calendar
from complaints.states import Channel, ClockKind

SOURCES = {
    "zh_reviews.csv.gz": "review",
    "zh_jd_merchant_appeals.csv.gz": "content",
    "nhtsa_ford_body_2020_2024.csv.gz": "CDESCR",
    "cfpb_narrative_product.csv.gz": "Consumer complaint narrative",
}
INDEX = "complaints_search_grams"
SHORTEST = 8
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英"


def texts(folder: Path) -> Iterator[str]:
    """Yield the texts of the real complaints, mixed, then endlessly texts made of their pieces."""
    csv.field_size_limit(sys.maxsize)
    real: list[str] = []
    for name, column in SOURCES.items():
        with gzip.open(folder / name, "rt", encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream)
            names = rows.fieldnames or []
            wanted = column if column in names else names[-1]
            real += [text for row in rows if len(text := (row[wanted] or "").strip()) >= SHORTEST]
    chance = random.Random(4)
    chance.shuffle(real)
    yield from real
    while True:
        one, other = chance.choice(real), chance.choice(real)
        yield one[: len(one) // 2] + "，" + other[len(other) // 2 :]


def fill_to(size: int, words: Iterator[str]) -> None:
    """Add cases until there are `size`; the index is built after them, as a restore would."""
    if Case.objects.count() >= size:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {INDEX}")
    for first in range(Case.objects.count(), size, BATCH):
        _add(min(BATCH, size - first), words, first)
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '256MB'")
        cursor.execute(f"CREATE INDEX {INDEX} ON complaints_casesearch USING gin (grams)")
        cursor.execute("VACUUM ANALYZE")


@transaction.atomic
def _add(count: int, words: Iterator[str], first: int) -> None:
    chance, moment = random.Random(first), now()
    calendar = working_calendar()
    policy = policy_in_force(ClockKind.ACKNOWLEDGEMENT, on=calendar.local_date(moment))
    key = sealing.new_person_key()
    consumers = Consumer.objects.bulk_create(
        _consumer(key, chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2)))
        for _ in range(count)
    )
    cases = Case.objects.bulk_create(
        Case(
            consumer=consumer,
            title=text[:24],
            description=text[:4000],
            order_number=f"DD{first + number:08d}",
            channel=Channel.WEB_FORM,
            received_at=moment,
            created_at=moment,
            stage_since=moment,
            next_due_at=moment + timedelta(minutes=first + number),
            next_due_kind=ClockKind.ACKNOWLEDGEMENT,
        )
        for number, (consumer, text) in enumerate(zip(consumers, words, strict=False))
    )
    Clock.objects.bulk_create(
        Clock(
            case=case,
            kind=ClockKind.ACKNOWLEDGEMENT,
            policy=policy,
            calendar_version=calendar.version,
            started_at=moment,
            due_at=case.next_due_at,
        )
        for case in cases
    )


def _consumer(key: bytes, name: str) -> Consumer:
    sealed = sealing.seal(key, {"name": name, "phone": "", "email": ""})
    tokens = name_tokens(name)
    return Consumer(key_sealed=key, contact_sealed=sealed, name_index=tokens, created_at=now())


def some_texts(chance: random.Random, count: int) -> list[str]:
    """Return texts of cases that are there."""
    ids = list(Case.objects.values_list("pk", flat=True))
    picked = chance.sample(ids, min(count, len(ids)))
    return list(Case.objects.filter(pk__in=picked).values_list("description", flat=True))


def browser() -> Client:
    """Return a browser in which an agent is logged in, with everything loaded once."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(make_agent(), backend=settings.AUTHENTICATION_BACKENDS[0])
    client.get("/desk/search/", {"q": "水壶"})
    return client


def plan(query: str = "水壶") -> str:
    """Return how the database looks for two characters."""
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (ANALYZE, TIMING OFF) SELECT case_id FROM complaints_casesearch"
            " WHERE grams @> complaints_needles(%s, '')",
            [query],
        )
        lines = [line for (line,) in cursor.fetchall()]
    return " | ".join(line.strip() for line in lines if "Scan" in line or "Execution" in line)


def index_is_used() -> bool:
    """Say whether two characters are looked up in the index."""
    return INDEX in plan()


def index_size() -> str:
    """Return how large the index is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_size_pretty(pg_relation_size(%s))", [INDEX])
        [[size]] = cursor.fetchall()
    return str(size)

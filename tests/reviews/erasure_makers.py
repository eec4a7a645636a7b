"""Makers for keeping and erasing, and a search for a person through everything that is stored."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.core.files.base import ContentFile
from django.db import connection

from accounts.states import Role
from agreements.services.following_up import record_follow_up
from complaints import sealing
from complaints.actors import Actor
from complaints.models import Case, OutboxMessage
from complaints.moments import now
from complaints.services.conversation import write_message, write_note
from complaints.services.evidence import add_evidence
from complaints.services.vault import prepare_waiting
from complaints.states import OutboxStatus
from reviews.models import ErasureRun
from reviews.services.erasing import ask_for_release, propose_run, release_run, work_erasures
from tests.agreements.makers import following_case, picture
from tests.factories import staff

PERSON = ("周小华", "13812345678", "zhou@example.test")
YEARS_LATER = timedelta(days=366 * 11)


def closed_case() -> Case:
    """A case that was investigated, agreed, paid and closed, with words and files in it."""
    case = following_case()
    case = write_note(
        case, by=staff(Role.AGENT), body="内部：周小华打过电话 13812345678", nonce="n1"
    )
    write_message(case, by=Actor.consumer(), body="我是周小华，电话 13812345678", nonce="m1")
    add_evidence(
        case,
        by=Actor.consumer(),
        upload=ContentFile(picture().getvalue()),
        name="周小华的水壶.jpg",
    )
    while prepare_waiting():
        pass
    case = Case.objects.get(pk=case.pk)
    return ended(record_follow_up(case, by=Actor.consumer(), arrived=True, rating=4))


def ended(case: Case) -> Case:
    """The same case once all its notices are out."""
    OutboxMessage.objects.filter(case=case, status=OutboxStatus.PENDING).update(
        status=OutboxStatus.SENT, sent_at=now()
    )
    return Case.objects.select_related("consumer").get(pk=case.pk)


def much_later(case: Case) -> datetime:
    """A moment at which every period that ships is over."""
    assert case.closed_at is not None
    return case.closed_at + YEARS_LATER


def released(**fields: Any) -> ErasureRun:
    """A run that one manager asked for and another released."""
    run = propose_run(by=staff(Role.MANAGER), **fields)
    assert run is not None
    run = ask_for_release(run, by=staff(Role.MANAGER), reason="保存期限已过", seen=run.digest)
    return release_run(run, by=staff(Role.MANAGER), seen=run.digest)


def erased(case: Case) -> Case:
    """The case after its erasure, which must have worked."""
    released()
    assert work_erasures() == 1
    gone = Case.objects.select_related("consumer").get(pk=case.pk)
    assert gone.erased_at is not None
    return gone


def found_anywhere(*words: str) -> list[str]:
    """Where the database holds any of the words, in clear or under a key that it holds."""
    hits = []
    keys = _keys()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                clear = json.dumps(json.loads(row), ensure_ascii=False)
                hits += [f"{table}: {word}" for word in words if word in clear]
                for value in json.loads(row).values():
                    hits += [f"{table}: {word}" for word in words if word in _opened(value, keys)]
    return sorted(set(hits))


def _keys() -> list[Fernet]:
    with connection.cursor() as cursor:
        wrapped = []
        for table in ("complaints_consumer", "complaints_chat", "complaints_inboundmail"):
            cursor.execute(f"SELECT key_sealed FROM {table}")
            wrapped += [bytes(key) for (key,) in cursor.fetchall() if key]
    installation = sealing._installation()
    return [Fernet(installation.decrypt(key)) for key in wrapped]


def _opened(value: Any, keys: list[Fernet]) -> str:
    if not isinstance(value, str) or not value.startswith("\\x"):
        return ""
    data = bytes.fromhex(value[2:])
    for key in [sealing._installation(), *keys]:
        try:
            clear = key.decrypt(data)
        except InvalidToken:
            continue
        text = clear.decode("utf-8", "ignore")
        return text + (
            json.dumps(json.loads(text), ensure_ascii=False) if text[:1] in '{["' else ""
        )
    return ""

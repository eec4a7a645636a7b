"""Custody: each touch in a chained ledger that the database keeps; nothing wrong is handed out."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import User
from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case, CaseEvent, CustodyEntry, Evidence, Notification, OutboxMessage
from complaints.moments import shifted_to
from complaints.selectors.custody import custody_of, custody_sheet
from complaints.services.custody import record_custody, verify_evidence, verify_oldest
from complaints.states import ActorKind, Channel
from complaints.vault_states import CustodyKind, Purpose
from documents.services.files import read_bytes
from tests.complaints.intake_steps import fill_form, picture, send_form
from tests.complaints.vault_makers import add, drawing, encoded, meddle
from tests.documents import makers
from tests.factories import make_case, make_user, staff

pytestmark = pytest.mark.django_db
PHOTO = encoded(drawing(1))
GPS = makers.picture(gps=True)


@pytest.fixture
def agent(client: Client) -> User:
    user = make_user(Role.AGENT)
    client.force_login(user)
    return user


def kinds(evidence: Evidence) -> list[str]:
    return [entry.kind for entry in custody_of(evidence).entries]


def place(name: str, case: Case, evidence: Evidence) -> str:
    return reverse(f"complaints:{name}", args=[case.reference, evidence.pk])


def test_receipt_is_recorded_with_who_channel_and_hash() -> None:
    evidence = add(make_case(), PHOTO, channel=Channel.API)
    (entry,) = custody_of(evidence).entries
    assert (entry.kind, entry.actor_kind, entry.channel) == ("received", "consumer", "api")
    assert entry.file_sha256 == sha256(PHOTO).hexdigest() == evidence.file.sha256
    assert entry.at == evidence.at and custody_of(evidence).is_whole


def test_staff_who_hand_in_are_named() -> None:
    actor = staff(Role.AGENT)
    (entry,) = custody_of(add(make_case(), PHOTO, by=actor)).entries
    assert (entry.actor_kind, entry.actor) == (ActorKind.STAFF, actor.user)


def test_files_of_the_form_are_received_when_it_is_sent(client: Client) -> None:
    fill_form(client)
    client.post(reverse("intake:upload"), {"files": picture()})
    assert not CustodyEntry.objects.exists()
    send_form(client)
    entry = CustodyEntry.objects.get()
    assert (entry.kind, entry.channel) == (CustodyKind.RECEIVED, Channel.WEB_FORM)
    assert entry.evidence.case is not None and entry.at == entry.evidence.at


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE complaints_custodyentry SET detail = 'x'",
        "DELETE FROM complaints_custodyentry",
        "TRUNCATE complaints_custodyentry",
        "DELETE FROM complaints_evidence",
        "UPDATE complaints_evidence SET uploaded_by_kind = 'system'",
        "UPDATE complaints_evidence SET case_id = NULL",
    ],
)
def test_database_refuses_to_rewrite_custody(statement: str) -> None:
    evidence = add(make_case(), PHOTO)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert kinds(evidence) == ["received"] and custody_of(evidence).is_whole


def test_evidence_from_before_the_ledger_gets_its_receipt() -> None:
    guards = import_module("complaints.migrations.0051_custody_guards")
    theirs, ours = add(make_case(), PHOTO), add(make_case(), PHOTO, by=staff(Role.AGENT))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM complaints_custodyentry")
        cursor.execute("SET session_replication_role = origin")
        cursor.execute(guards.FILL)
    for evidence in (theirs, ours):
        (entry,) = custody_of(evidence).entries
        assert (entry.kind, entry.at, entry.actor) == (
            "received",
            evidence.at,
            evidence.uploaded_by,
        )
        assert custody_of(evidence).is_whole


def test_an_entry_that_was_altered_past_the_trigger_is_seen() -> None:
    evidence = add(make_case(), PHOTO)
    verify_evidence(evidence, by=Actor.system())
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE complaints_custodyentry SET at = at - interval '1 day' WHERE sequence = 1"
        )
        cursor.execute("SET session_replication_role = origin")
    assert not custody_of(evidence).is_whole


class TestHashes(TestCase):
    """The database and the program spell what is hashed in the same way, whatever it is."""

    @settings(max_examples=25)
    @given(
        detail=st.text(
            st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=200
        ),
        note=st.text(max_size=20).filter(lambda text: "\0" not in text and text.isprintable()),
        moved=st.timedeltas(timedelta(0), timedelta(days=4000)),
    )
    def test_every_entry_can_be_checked(self, detail: str, note: str, moved: timedelta) -> None:
        evidence = add(make_case(), PHOTO)
        with shifted_to(evidence.at + moved):
            record_custody(evidence, CustodyKind.SCANNED, by=Actor.system(), detail=detail)
            record_custody(
                evidence,
                CustodyKind.ORIGINAL_TAKEN,
                by=Actor.consumer(),
                purpose=Purpose.OTHER,
                note=note,
            )
        custody = custody_of(evidence)
        assert [entry.sequence for entry in custody.entries] == [1, 2, 3]
        assert custody.is_whole


def test_looks_are_recorded_once_a_visit_and_for_each_person(client: Client, agent: User) -> None:
    case = make_case()
    evidence = add(case, GPS)
    for _ in range(3):
        shown = client.get(place("evidence_picture", case, evidence))
    assert shown["Content-Disposition"].startswith("inline") and b"Exif" not in shown.content
    client.get(place("evidence_thumb", case, evidence))
    client.force_login(make_user(Role.MANAGER))
    client.get(place("evidence_picture", case, evidence))
    assert kinds(evidence) == ["received", "viewed", "viewed"]


def test_copy_is_taken_without_place(client: Client, agent: User) -> None:
    case = make_case()
    evidence = add(case, GPS)
    taken = client.get(place("evidence_copy", case, evidence))
    assert taken["Content-Disposition"].startswith("attachment") and b"Exif" not in taken.content
    assert kinds(evidence) == ["received", "copy_taken"]


def test_original_needs_a_purpose_and_is_recorded(client: Client, agent: User) -> None:
    case = make_case()
    evidence = add(case, GPS)
    address = place("evidence_original", case, evidence)
    assert "用途" in client.get(address).content.decode()
    assert client.post(address).status_code == 422
    assert client.post(address, {"purpose": "other", "note": " "}).status_code == 422
    assert kinds(evidence) == ["received"]
    answer = client.post(address, {"purpose": "testing", "note": "送检编号 J-7"})
    assert answer.content == GPS and answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"].startswith("sandbox")
    entry = custody_of(evidence).entries[-1]
    assert (entry.kind, entry.purpose, entry.actor) == ("original_taken", "testing", agent)
    assert b"J-7" not in bytes(entry.sealed_note)
    assert "送检编号 J-7" in client.get(place("evidence", case, evidence)).content.decode()


@pytest.mark.parametrize(
    ("role", "photo", "other"),
    [(Role.AGENT, 200, 200), (Role.REVIEWER, 200, 200), (Role.APPROVER, 403, 200)],
)
def test_only_some_roles_get_originals_of_photos(
    client: Client, role: Role, photo: int, other: int
) -> None:
    case = make_case()
    picture, letter = add(case, GPS), add(case, makers.pdf(), "发票.pdf")
    client.force_login(make_user(role))
    for evidence, status in ((picture, photo), (letter, other)):
        address = place("evidence_original", case, evidence)
        assert client.post(address, {"purpose": "handling"}).status_code == status
    assert ("original_taken" in kinds(picture)) == (photo == 200)


@pytest.mark.parametrize(
    ("change", "fault"), [(lambda data: data + b"x", "changed"), (None, "missing")]
)
def test_changed_file_is_refused_recorded_and_told_once(
    client: Client, agent: User, change: object, fault: str
) -> None:
    manager = make_user(Role.MANAGER)
    case = make_case()
    evidence = add(case, makers.pdf(), "发票.pdf")
    meddle(evidence, change)
    for _ in range(2):
        answer = client.post(place("evidence_original", case, evidence), {"purpose": "handling"})
        assert answer.status_code == 409
    assert kinds(evidence) == ["received", "mismatch"]
    assert custody_of(evidence).entries[-1].detail == fault
    notice = Notification.objects.get(kind="evidence_mismatch")
    assert notice.user == manager
    assert OutboxMessage.objects.filter(kind="evidence_mismatch").count() == 1
    assert CaseEvent.objects.filter(case=case, kind="evidence_mismatch").count() == 1


def test_restored_file_is_verified_again_and_a_new_fault_is_told_again() -> None:
    make_user(Role.MANAGER)
    evidence = add(make_case(), PHOTO)
    meddle(evidence, lambda data: data[::-1])
    assert not verify_evidence(evidence, by=Actor.system())
    meddle(evidence, lambda data: data[::-1])
    assert verify_evidence(evidence, by=Actor.system())
    meddle(evidence, lambda data: data[:-1])
    assert not verify_evidence(evidence, by=Actor.system())
    assert kinds(evidence) == ["received", "mismatch", "verified", "mismatch"]
    assert Notification.objects.filter(kind="evidence_mismatch").count() == 2


def test_nightly_round_verifies_what_waited_longest_and_leaves_the_rest() -> None:
    first, second, third = (add(make_case(), encoded(drawing(n))) for n in (1, 2, 3))
    verify_evidence(first, by=Actor.system())
    meddle(third, None)
    assert verify_oldest(most=5) == 1
    assert [kinds(each)[-1] for each in (second, third)] == ["verified", "mismatch"]
    assert verify_oldest(most=5) == 0
    assert kinds(first) == ["received", "verified"]
    with shifted_to(second.at + timedelta(days=31)):
        verify_oldest(most=5)
    assert kinds(first) == ["received", "verified", "verified"]


def test_fingerprint_can_be_compared_on_the_page(client: Client, agent: User) -> None:
    case = make_case()
    evidence = add(case, PHOTO)
    answer = client.post(place("evidence_verify", case, evidence), follow=True)
    assert "文件和收到时一致" in answer.content.decode()
    assert custody_of(evidence).entries[-1].actor == agent


def test_ledger_is_taken_along_and_can_be_checked_by_anybody(client: Client, agent: User) -> None:
    case = make_case()
    evidence = add(case, PHOTO)
    client.get(place("evidence_picture", case, evidence))
    sheet = json.loads(client.get(place("custody_export", case, evidence)).content)
    assert sheet["file"]["sha256"] == sha256(PHOTO).hexdigest() and sheet["chain_is_whole"]
    previous = "0" * 64
    for entry in sheet["entries"]:
        assert sha256(entry["hashed_text"].encode()).hexdigest() == entry["hash"]
        assert json.loads(entry["hashed_text"])[0] == previous
        previous = entry["hash"]
    assert previous == sheet["last_hash"] and len(sheet["entries"]) == 2


def test_notes_vanish_with_the_person_and_the_chain_stays_whole() -> None:
    evidence = add(make_case(), PHOTO)
    record_custody(
        evidence,
        CustodyKind.ORIGINAL_TAKEN,
        by=Actor.consumer(),
        purpose=Purpose.OTHER,
        note="周小华要",
    )
    case = evidence.case
    assert custody_sheet(case, evidence)["entries"][-1]["note"] == "周小华要"
    case.consumer.key_sealed = b""
    sheet = custody_sheet(case, evidence)
    assert sheet["entries"][-1]["note"] == "" and sheet["chain_is_whole"]


def test_staff_may_not_show_the_consumer_a_picture_that_tells_its_place() -> None:
    case, agent = make_case(), staff(Role.AGENT)
    with pytest.raises(CaseError, match="JPG"):
        add(case, makers.heic(), "现场.heic", by=agent)
    assert not Evidence.objects.exists()
    kept = add(case, makers.heic(), "现场.heic", by=agent, for_consumer=False)
    assert read_bytes(kept.file) == makers.heic()

"""Packing the evidence of a case: one zip with a manifest that names every file by its SHA-256.

The same content gives the same manifest and the same bytes: names are in order, moments inside the
zip are fixed, and who asked for it stands in the log, not in the pack. Internal notes stay inside.
"""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.models import Agreement, Obligation, Payment
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, CaseEvent, Evidence, Message
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff
from complaints.states import ActorKind, MessageKind
from documents.errors import FileUnavailable, RenderFailed
from documents.models import StoredFile
from documents.services.files import open_verified, store_made_file
from reviews.models import EvidencePack, Review
from reviews.services.packed_papers import (
    papers_of,
    statements_of,
    timeline_html,
    timeline_pdfs,
    worded,
)
from reviews.states import PackFor, PackState

logger = logging.getLogger(__name__)
FORMAT = "redress-evidence-pack-1"
MANIFEST = "manifest.json"
_FIXED = (1980, 1, 1, 0, 0, 0)
_CHUNK = 256 * 1024
OURS_AND_THEIRS = (ActorKind.STAFF, ActorKind.CONSUMER, ActorKind.SYSTEM)


@dataclass(frozen=True)
class Item:
    """One stored file of a pack: where it lies in it, and what it is."""

    path: str
    kind: str
    file: StoredFile


@transaction.atomic
def ask_for_pack(
    case: Case,
    *,
    by: Actor,
    kind: str,
    recipient: str,
    purpose: str,
    without_others: bool,
    seen: int | None = None,
) -> EvidencePack:
    """Record who wants a pack for whom and why; a worker makes it.

    Raises CaseError without a recipient or purpose, or while one is being made; StepForbidden.
    """
    if not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    if kind not in PackFor.values:
        raise CaseError(_("请选一项。"), field="kind")
    if not recipient.strip():
        raise CaseError(_("请写明交给哪个机构。"), field="recipient")
    if not purpose.strip():
        raise CaseError(_("请写明用途，例如案号和举证期限。"), field="purpose")
    case = locked_case(case, seen=seen)
    if EvidencePack.objects.filter(case=case, state=PackState.PENDING).exists():
        raise CaseError(_("上一份证据包还在生成，好了再申请。"))
    pack = EvidencePack.objects.create(
        case=case,
        kind=kind,
        recipient=recipient.strip()[:120],
        purpose=purpose.strip(),
        without_others=without_others,
        asked_by=by.person,
        asked_at=now(),
    )
    data = {"pack": pack.pk, "for": kind, "without_others": without_others}
    touch(case, "pack_asked", by=by, data=data)
    return pack


def make_packs(*, limit: int = 5) -> int:
    """Make the packs that wait, the oldest first; return how many. Safe to run twice."""
    waiting = EvidencePack.objects.filter(state=PackState.PENDING).order_by("asked_at", "pk")
    return sum(_make(pk) for pk in waiting.values_list("pk", flat=True)[:limit])


@transaction.atomic
def _make(pk: int) -> bool:
    pack = (
        EvidencePack.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("case__consumer", "asked_by")
        .filter(pk=pk, state=PackState.PENDING)
        .first()
    )
    if pack is None:
        return False
    try:
        with tempfile.TemporaryFile() as stream:
            digest = write_pack(pack.case, stream, without_others=pack.without_others)
            name = f"{pack.case.reference}-{digest[:8]}.zip"
            pack.file = store_made_file(
                stream, name=name, media_type="application/zip", extension="zip"
            )
        pack.manifest_sha256, pack.made_at, pack.state = digest, now(), PackState.READY
    except (FileUnavailable, RenderFailed) as fault:
        logger.error("pack %s was not made: %s", pk, type(fault).__name__)
        pack.state, pack.error = PackState.FAILED, type(fault).__name__
    pack.save(update_fields=["file", "manifest_sha256", "made_at", "state", "error"])
    kind = "pack_ready" if pack.state == PackState.READY else "pack_failed"
    data = {"pack": pack.pk, "manifest": pack.manifest_sha256}
    case = touch(pack.case, kind, by=Actor.system(), data=data)
    tell_staff(case, kind, users=[pack.asked_by], key=f"pack:{pk}", data=data)
    return True


def write_pack(case: Case, stream: IO[bytes], *, without_others: bool) -> str:
    """Write the pack of a case; return the SHA-256 of its manifest.

    Raises FileUnavailable for a stored file that is changed, missing or in quarantine: a pack with
    a hole is none.
    """
    entries: list[dict[str, Any]] = []
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as pack:
        lines = worded(timeline(case, without_others=without_others))
        messages = _messages(case)
        facts = _facts(case)
        shown = {"case": case, "facts": facts, "lines": lines, "messages": messages}
        texts = {
            "case.json": _json(facts),
            "messages.json": _json(messages),
            "timeline.json": _json(lines),
            "statements.json": _json(statements_of(case, without_others=without_others)),
            "timeline.html": timeline_html(shown),
            **dict(timeline_pdfs(shown)),
        }
        for path, data in sorted(texts.items()):
            _add(pack, path, data)
            entries.append(_entry(path, "record", hashlib.sha256(data).hexdigest(), len(data)))
        for item in sorted(items_of(case, without_others=without_others), key=lambda i: i.path):
            with open_verified(item.file) as source:
                _copy(pack, item.path, source)
            entries.append(_entry(item.path, item.kind, item.file.sha256, item.file.size))
        manifest = _json(
            {
                "format": FORMAT,
                "case": case.reference,
                "without_third_parties": without_others,
                "files": sorted(entries, key=lambda entry: str(entry["path"])),
            }
        )
        _add(pack, MANIFEST, manifest)
    return hashlib.sha256(manifest).hexdigest()


def _entry(path: str, kind: str, sha256: str, size: int) -> dict[str, Any]:
    return {"path": path, "kind": kind, "sha256": sha256, "size": size}


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, default=str)
    return f"{text}\n".encode()


def _info(path: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, _FIXED)
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    return info


def _add(pack: zipfile.ZipFile, path: str, data: bytes) -> None:
    pack.writestr(_info(path), data, compresslevel=6)


def _copy(pack: zipfile.ZipFile, path: str, source: IO[bytes]) -> None:
    with pack.open(_info(path), "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            target.write(chunk)


def items_of(case: Case, *, without_others: bool) -> Iterator[Item]:
    """Return every stored file of a case: evidence as it came in, our papers, proofs of payment.

    `without_others` leaves out what other companies, witnesses and mediators handed in.
    """
    evidence = Evidence.objects.filter(case=case).select_related("file")
    if without_others:
        evidence = evidence.filter(uploaded_by_kind__in=OURS_AND_THEIRS)
    for row in evidence:
        yield _item("evidence", row.pk, row.file)
    for agreement in Agreement.objects.filter(case=case).select_related(
        "unsigned__file", "sealed__file", "source_file"
    ):
        papers = {"unsigned": agreement.unsigned, "sealed": agreement.sealed}
        for name, paper in papers.items():
            if paper is not None and paper.file is not None:
                yield _item(f"agreements/{agreement.number}-{name}", paper.pk, paper.file)
        if agreement.source_file is not None:
            yield _item(f"agreements/{agreement.number}", "source", agreement.source_file)
    yield from _proofs(case)
    yield from _decisions(case)
    for folder, number, file in papers_of(case, without_others=without_others):
        yield _item(folder, number, file)


def _proofs(case: Case) -> Iterator[Item]:
    for duty in Obligation.objects.filter(agreement__case=case, proof__isnull=False).select_related(
        "proof"
    ):
        if duty.proof is not None:
            yield _item("performance", duty.pk, duty.proof)
    for payment in Payment.objects.filter(obligation__agreement__case=case).select_related("proof"):
        if payment.proof is not None:
            yield _item("payments", payment.pk, payment.proof)


def _decisions(case: Case) -> Iterator[Item]:
    for review in Review.objects.filter(case=case).select_related("document__file"):
        if review.document is not None and review.document.file is not None:
            yield _item("reviews", review.pk, review.document.file)


def _item(folder: str, number: object, file: StoredFile) -> Item:
    extension = file.storage_name.rpartition(".")[2]
    return Item(f"{folder}/{number}.{extension}", folder.partition("/")[0], file)


def _facts(case: Case) -> dict[str, Any]:
    names = (
        "reference",
        "title",
        "description",
        "channel",
        "category",
        "issue",
        "stage",
        "received_at",
        "accepted_at",
        "closed_at",
        "product_text",
        "order_number",
        "purchased_on",
        "amount_paid",
        "amount_agreed",
        "currency",
        "respondent",
    )
    return {name: getattr(case, name) for name in names} | {"contact": case.consumer.contact}


def timeline(case: Case, *, without_others: bool) -> list[dict[str, Any]]:
    """Return the case's log with its chain of hashes; words only where the consumer sees them."""
    key = case.consumer.key_sealed
    lines = []
    events = CaseEvent.objects.filter(case=case).select_related("payload", "actor")
    for event in events.order_by("sequence"):
        theirs = event.actor_kind in OURS_AND_THEIRS
        payload = getattr(event, "payload", None)
        told = payload is not None and event.for_consumer and (theirs or not without_others)
        lines.append(
            {
                "sequence": event.sequence,
                "at": event.at.isoformat(),
                "kind": event.kind,
                "actor_kind": event.actor_kind,
                "actor": str(event.actor) if event.actor else "",
                "from": event.old_stage,
                "to": event.new_stage,
                "data": event.data if theirs or not without_others else {},
                "text": sealing.unseal(key, payload.sealed) if told and payload else None,
                "previous_hash": event.previous_hash,
                "hash": event.hash,
            }
        )
    return [line for line in lines if not str(line["kind"]).startswith("pack_")]


def _messages(case: Case) -> list[dict[str, Any]]:
    rows = Message.objects.filter(case=case, kind=MessageKind.MESSAGE).order_by("at", "id")
    return [{"at": row.at.isoformat(), "from": row.author_kind, "text": row.body} for row in rows]


def note_taken(pack: EvidencePack, *, by: Actor) -> None:
    """Write down who took a pack out; its row says for whom and why."""
    touch(pack.case, "pack_taken", by=by, data={"pack": pack.pk})

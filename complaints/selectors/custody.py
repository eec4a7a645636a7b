"""The ledger of custody of a piece of evidence: for the page, and to be taken along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from complaints import sealing
from complaints.models import Case, CustodyEntry, Evidence
from complaints.moments import now

GENESIS = "0" * 64


@dataclass(frozen=True)
class Custody:
    """All entries, oldest first, and whether none was altered, removed or put between."""

    entries: list[CustodyEntry]
    is_whole: bool


def custody_of(evidence: Evidence) -> Custody:
    """Return the ledger of a piece of evidence."""
    entries = list(
        CustodyEntry.objects.filter(evidence=evidence).select_related("actor").order_by("sequence")
    )
    return Custody(entries, is_whole=_is_whole(entries))


def _is_whole(entries: list[CustodyEntry]) -> bool:
    previous = GENESIS
    for number, entry in enumerate(entries, start=1):
        if entry.sequence != number or entry.previous_hash != previous or not entry.is_as_written:
            return False
        previous = entry.hash
    return True


def note_of(case: Case, entry: CustodyEntry) -> str:
    """Return what a person wrote beside an entry; "" for nothing, or after erasure."""
    if not entry.sealed_note:
        return ""
    return str(sealing.unseal(case.consumer.key_sealed, entry.sealed_note) or "")


def custody_sheet(case: Case, evidence: Evidence) -> dict[str, Any]:
    """Return the ledger as JSON: each entry with the text that its hash is taken of."""
    custody, stored = custody_of(evidence), evidence.file
    return {
        "format": "redress-custody-1",
        "case": case.reference,
        "evidence": evidence.pk,
        "file": {
            "name": stored.original_name,
            "media_type": stored.media_type,
            "size": stored.size,
            "sha256": stored.sha256,
        },
        "made_at": now().isoformat(),
        "chain_is_whole": custody.is_whole,
        "last_hash": custody.entries[-1].hash if custody.entries else GENESIS,
        "entries": [
            {
                "sequence": entry.sequence,
                "kind": entry.kind,
                "at": entry.at.isoformat(),
                "actor_kind": entry.actor_kind,
                "actor": entry.actor.username if entry.actor else "",
                "channel": entry.channel,
                "file_sha256": entry.file_sha256,
                "detail": entry.detail,
                "purpose": entry.purpose,
                "note": note_of(case, entry),
                "previous_hash": entry.previous_hash,
                "hashed_text": entry.hashed_text,
                "hash": entry.hash,
            }
            for entry in custody.entries
        ],
    }

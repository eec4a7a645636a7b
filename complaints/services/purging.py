"""Throwing away what was only needed for a while: drafts, codes, counters of attempts, mails."""

from __future__ import annotations

from datetime import timedelta

from complaints.models import AttemptCounter, Evidence, InboundMail, IntakeDraft, OneTimeCode
from complaints.moments import now
from complaints.services.chat_cases import empty_old_chats
from complaints.services.composing import purge_old_drafts
from complaints.services.drafts import purge_sent_drafts
from complaints.services.evidence import drop_unsent
from complaints.services.import_jobs import purge_imports
from complaints.states import MailFate

DRAFTS_KEPT = timedelta(days=30)
CODES_KEPT = timedelta(days=1)
MAILS_KEPT = timedelta(days=30)


def purge() -> int:
    """Delete expired drafts, their unsent files, codes, counters, mails and chats; say how many."""
    moment = now()
    old_drafts = IntakeDraft.objects.filter(saved_at__lt=moment - DRAFTS_KEPT)
    gone = drop_unsent(Evidence.objects.filter(draft__in=old_drafts))
    gone += old_drafts.delete()[0] + purge_sent_drafts() + purge_old_drafts()
    gone += OneTimeCode.objects.filter(expires_at__lt=moment - CODES_KEPT).delete()[0]
    gone += AttemptCounter.objects.filter(window_start__lt=moment - CODES_KEPT).delete()[0]
    return gone + _empty_mails() + empty_old_chats() + purge_imports()


def _empty_mails() -> int:
    """Throw away the content of mails decided on long ago; that they came, and their fate, stay."""
    decided = InboundMail.objects.exclude(fate__in=(MailFate.WAITING, MailFate.HELD))
    old = decided.filter(handled_at__lt=now() - MAILS_KEPT).exclude(key_sealed=b"")
    return old.update(key_sealed=b"", sealed=b"", raw_sealed=b"", sender_index="")

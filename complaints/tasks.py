"""Periodic calls into the services. Celery carries no deadline: a lost task costs a few seconds."""

from celery import shared_task

from accounts.models import User
from complaints.actors import Actor
from complaints.services import assigning, bulk, vault
from complaints.services.chat_cases import tend_chats as tend_open_chats
from complaints.services.chat_notices import tell_of_waiting
from complaints.services.composing import release_due
from complaints.services.custody import verify_oldest
from complaints.services.finding_notices import record_delivered_findings
from complaints.services.import_jobs import work_on_imports
from complaints.services.mailbox import poll_mailbox
from complaints.services.outbox import deliver_due
from complaints.services.proposing import propose_imported as propose_for_imported
from complaints.services.purging import purge
from complaints.services.queueing import nudge_bulk
from complaints.services.recalculating import (
    MOST_CASES,
    recalculate_some,
    recalculate_soon,
    repair_recent,
)
from complaints.services.receiving import handle_waiting
from complaints.services.sweeping import sweep
from complaints.services.watching import watch


@shared_task
def sweep_clocks() -> int:
    """Carry out due timers, after what was delivered counts; returns how many fired."""
    record_delivered_findings()
    return sweep().fired


@shared_task
def deliver_outbox() -> int:
    """Send replies whose wait is over, deliver pending notices; returns how many went out."""
    release_due()
    sent = deliver_due()
    record_delivered_findings()
    return sent


@shared_task
def purge_expired() -> int:
    """Remove drafts, codes and counters past their time; returns how many rows went."""
    return purge()


@shared_task
def recalculate_clocks(
    *, kinds: list[str] | None, cause: str, user_id: int | None = None, after: int = 0
) -> int:
    """Put open cases under the published rules, some at a time; returns how many clocks moved."""
    by = Actor.system() if user_id is None else Actor.staff(User.objects.get(pk=user_id))
    run = recalculate_some(by=by, cause=cause, kinds=kinds, most=MOST_CASES, after=after)
    if run.go_on_after is not None:
        recalculate_soon(by=by, cause=cause, kinds=kinds, after=run.go_on_after)
    return run.moved


@shared_task
def repair_clocks() -> int:
    """Put clocks right that began under rules just replaced; returns how many moved."""
    return repair_recent(by=Actor.system())


@shared_task
def watch_clocks() -> bool:
    """Tell managers when the clocks are not kept; returns whether they are."""
    health = watch(by="beat")
    return health.is_swept and health.is_in_time


@shared_task
def tend_owners() -> int:
    """Give cases without an owner to somebody; returns how many changed hands."""
    return assigning.tend_owners()


@shared_task
def fetch_mail() -> int:
    """Fetch what waits in the mailbox and decide on it; returns how many mails were new."""
    fresh = poll_mailbox()
    handle_waiting()
    return fresh


@shared_task
def handle_mail() -> int:
    """Decide on mails that came in by any door; returns how many."""
    return handle_waiting()


@shared_task
def tend_evidence() -> int:
    """Make copies and marks of new evidence and have it scanned; returns how many were touched."""
    return vault.prepare_waiting() + vault.scan_due()


@shared_task
def verify_evidence() -> int:
    """Compare stored evidence with its hashes, the longest unseen first; returns the faults."""
    vault.schedule_missing()
    vault.prepare_again()
    return verify_oldest()


@shared_task
def tend_chats() -> int:
    """Tell of chats that wait; make cases of those that nobody answered or that fell silent."""
    tell_of_waiting()
    return tend_open_chats()


@shared_task
def work_imports() -> int:
    """Go on with uploaded files, for some seconds; returns how many pieces were imported."""
    return work_on_imports()


@shared_task
def propose_imported() -> int:
    """Read imported cases by the rules of triage, for some seconds; returns how many."""
    return propose_for_imported()


@shared_task
def work_bulk() -> bool:
    """Carry out what was ordered for many cases; returns whether something is left."""
    left = bulk.work_bulk()
    if left:
        nudge_bulk()
    return left

"""Mail that came in: what it hangs on to, what is waiting, and the lists of the desk."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, QuerySet
from django.http import Http404

from complaints import sealing
from complaints.inbound.parsing import ParsedMail
from complaints.inbound.threads import is_ours, references_in, tags_in
from complaints.mail_names import notice_named, reference_of_tag
from complaints.models import Case, InboundMail, MailAct, MailboxState
from complaints.normalising import normalised_email
from complaints.states import MailFate

HOUR = timedelta(hours=1)
_IN_A_CASE = (MailFate.CASE, MailFate.JOINED)


def cases_named(parsed: ParsedMail) -> list[Case]:
    """Return the cases that a mail names, the best proof first: our mark, our mail, its subject."""
    tags = tags_in(parsed.recipients, settings.MAIL_ADDRESS)
    notices = [notice_named(name) for name in parsed.answers]
    named = [
        *(reference for tag in tags if (reference := reference_of_tag(tag))),
        *(notice.case.reference for notice in notices if notice and notice.case),
        *references_in(parsed.subject),
    ]
    order = {reference: place for place, reference in enumerate(dict.fromkeys(named[:20]))}
    found = Case.objects.filter(reference__in=order).select_related("consumer", "owner", "team")
    return sorted(found, key=lambda case: order[case.reference])


def is_from_consumer(case: Case, parsed: ParsedMail) -> bool:
    """Say whether a mail comes from the address that the case's consumer gave."""
    index = sender_index(parsed)
    return bool(index) and index == case.consumer.email_index


def sender_index(parsed: ParsedMail) -> str:
    """Return the blind index of a mail's sender; "" for none."""
    return sealing.blind_index("email", normalised_email(parsed.sender))


def message_id_index(parsed: ParsedMail) -> str:
    """Return the blind index of a mail's Message-ID; "" for none."""
    return sealing.blind_index("message-id", parsed.message_id)


def is_from_us(parsed: ParsedMail) -> bool:
    """Say whether a mail is one of our own that came back, or claims to come from us."""
    if parsed.message_id and notice_named(parsed.message_id):
        return True
    ours = (settings.MAIL_ADDRESS, settings.FROM_ADDRESS.lower())
    return any(is_ours(parsed.sender, address) for address in ours)


def is_forged(parsed: ParsedMail) -> bool:
    """Say whether our own mail server found that the sender's domain does not know the mail."""
    told = parsed.headers.get("authentication-results", "")
    server, _separator, results = told.partition(";")
    if not settings.MAIL_AUTHSERV or server.strip().lower() != settings.MAIL_AUTHSERV.lower():
        return False
    return "dmarc=fail" in results.replace(" ", "").lower()


def mails_of_sender(index: str, *, moment: datetime, fates: tuple[str, ...] = _IN_A_CASE) -> int:
    """Return how many mails of a sender went into cases within the last hour."""
    recent = InboundMail.objects.filter(sender_index=index, received_at__gt=moment - HOUR)
    return recent.filter(fate__in=fates).count()


def is_repeated_id(mail: InboundMail) -> bool:
    """Say whether the same sender used the Message-ID before for a mail of other content."""
    if not mail.message_id_index:
        return False
    same = InboundMail.objects.filter(
        message_id_index=mail.message_id_index, sender_index=mail.sender_index
    )
    return same.exclude(pk=mail.pk).exists()


def mails_listed(fate: str = "") -> QuerySet[InboundMail]:
    """Return mails of a fate, or all, the newest first; held ones the oldest first."""
    mails = InboundMail.objects.select_related("case").defer("raw_sealed")
    if fate:
        mails = mails.filter(fate=fate)
    held = fate == MailFate.HELD
    return mails.order_by("received_at", "pk") if held else mails.order_by("-received_at", "-pk")


def fate_counts() -> dict[str, int]:
    """Return how many mails there are of each fate."""
    counts = InboundMail.objects.order_by().values_list("fate").annotate(count=Count("pk"))
    return dict(counts)


def one_mail(mail_id: int) -> InboundMail:
    """Return one mail; 404 for none."""
    mails = InboundMail.objects.select_related("case").defer("raw_sealed")
    found = mails.filter(pk=mail_id).first()
    if found is None:
        raise Http404("no such mail")
    return found


def acts_on_mail(mail: InboundMail) -> list[MailAct]:
    """Return what was done about a mail, the latest first."""
    return list(mail.acts.select_related("by").order_by("-at", "-pk"))


def failing_mailbox() -> MailboxState | None:
    """Return the mailbox that can't be reached now, if there is one."""
    if not settings.IMAP_HOST:
        return None
    return MailboxState.objects.filter(failing_since__isnull=False).order_by("name").first()

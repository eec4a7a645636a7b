"""Ways out: mail and SMS made of templates, and events sent to programs outside."""

from complaints.models import OutboxMessage
from complaints.notifications.errors import NotTaken, Undeliverable, error_code, is_final, is_outage
from complaints.notifications.texts import send_text
from complaints.notifications.webhooks import send_webhook
from complaints.states import OutboxChannel

__all__ = ["NotTaken", "Undeliverable", "error_code", "is_final", "is_outage", "send"]


def send(message: OutboxMessage) -> None:
    """Deliver one notice by its channel; any error means that it is not known to have arrived."""
    if message.channel == OutboxChannel.WEBHOOK:
        send_webhook(message)
    else:
        send_text(message)

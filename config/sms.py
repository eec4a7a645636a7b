"""How SMS leave: kept in a folder on development machines, posted to a gateway in production."""

import json
import uuid

from django.conf import settings
from django.utils import timezone

from complaints.notifications.addresses import read_url
from complaints.notifications.errors import NotTaken
from complaints.notifications.webhooks import TAKEN, post_to


class FolderBackend:
    """Keeps SMS messages beside the mails; another backend needs only the same `send`."""

    def send(self, *, to: str, text: str, key: str) -> None:
        """Write one message; raises OSError when the folder cannot be written.

        `key` names the notice and is the same at every try: a gateway can drop repeats by it.
        """
        settings.MAIL_FOLDER.mkdir(parents=True, exist_ok=True)
        moment = timezone.localtime().strftime("%Y%m%d-%H%M%S")
        path = settings.MAIL_FOLDER / f"{moment}-{uuid.uuid4().hex[:8]}.sms.txt"
        path.write_text(f"To: {to}\n\n{text}\n", encoding="utf-8")


class HttpBackend:
    """Posts each SMS as JSON to REDRESS_SMS_URL: a gateway, or a small adapter before one."""

    def send(self, *, to: str, text: str, key: str) -> None:
        """Post one message; returns when the gateway answered 2xx, else raises NotTaken.

        The whole exchange has the time limit of webhooks; redirects are not followed. The operator
        chose the address, so it may be in a private network.
        """
        target = read_url(settings.SMS_URL)
        body = json.dumps({"to": to, "text": text, "key": key}, ensure_ascii=False).encode()
        headers = {
            "Authorization": f"Bearer {settings.SMS_TOKEN}",
            "Content-Type": "application/json",
            "User-Agent": "Redress-SMS/1",
        }
        status = post_to(target.host, target, body, headers)
        if status not in TAKEN:
            raise NotTaken(f"http_{status}")

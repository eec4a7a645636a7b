"""SMS on development machines: each message is a text file in the mail folder."""

import uuid

from django.conf import settings
from django.utils import timezone


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

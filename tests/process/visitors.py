"""Somebody at a browser: opens pages, follows links, fills forms and presses buttons."""

from __future__ import annotations

import re
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

from django.test import Client

from tests.complaints.walking import check_at_commit
from tests.process.pages import Button, Form, Page, PageProblem

REDIRECTS = (301, 302, 303)


class Visitor:
    """A browser of one's own; cookies stay, CSRF is checked, and every answer is looked at.

    After each request the database checks what it would check at commit. A page that lies open
    is looked at again without asking for it, as long as nobody has sent anything since.
    """

    sent_by_anybody: ClassVar[int] = 0

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.lies_open: tuple[int, Page] | None = None

    def page_lying_open(self, pattern: str) -> Page | None:
        """The last page, if its address is such and it is as fresh as if it were asked for now."""
        if self.lies_open is None or self.lies_open[0] != Visitor.sent_by_anybody:
            return None
        page = self.lies_open[1]
        return page if re.fullmatch(pattern, urlsplit(page.url).path) else None

    def open(self, url: str, *, status: int = 200) -> Page:
        """Open an address as a click would; fails unless the page answers with `status`."""
        return self._read(url, self.client.get(_path(url)), status)

    def click(self, page: Page, words: str, *, status: int = 200) -> Page:
        """Follow the link that says so."""
        return self.open(page.link(words), status=status)

    def press(
        self, page: Page, words: str, answers: dict[str, Any] | None = None, *, status: int = 200
    ) -> Page:
        """Fill the form that has the button, press it, and go where it leads."""
        form = page.form_with(words)
        form.fill(answers or {})
        return self.send(page, form, form.button(words), status=status)

    def send(self, page: Page, form: Form, button: Button, *, status: int = 200) -> Page:
        """Send a form as it stands."""
        url = urljoin(page.url, button.action or form.url or page.url)
        if form.method == "get":
            return self._read(url, self.client.get(_path(url), form.sent(button)), status)
        Visitor.sent_by_anybody += 1
        return self._read(url, self.client.post(_path(url), form.sent(button)), status)

    def download(self, url: str, *, status: int = 200) -> bytes:
        """Fetch a file."""
        response = self.client.get(_path(url))
        assert response.status_code == status, (url, response.status_code)
        return b"".join(response.streaming_content) if response.streaming else response.content

    def _read(self, url: str, response: Any, status: int) -> Page:
        check_at_commit()
        hops = 0
        while response.status_code in REDIRECTS:
            url = urljoin(url, response["Location"])
            response = self.client.get(_path(url))
            hops += 1
            assert hops < 6, f"{url} goes round in circles"
        if response.streaming:
            raise PageProblem(f"{url} is a file, not a page")
        page = Page(url, response.status_code, response.content.decode())
        if response.status_code != status:
            raise PageProblem(f"expected {status}: {page!r} {page.errors}")
        self.lies_open = (Visitor.sent_by_anybody, page)
        return page


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path

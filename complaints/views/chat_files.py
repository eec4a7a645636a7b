"""Handing out the files of a chat, to the visitor and to staff."""

from __future__ import annotations

from django.http.response import HttpResponseBase

from complaints.models import ChatFile
from documents.errors import FileUnavailable
from documents.services.viewing import thumbnail, viewing_copy
from documents.views import serve_file, unavailable


def hand_out(file: ChatFile, *, small: bool = False) -> HttpResponseBase:
    """Return a file, verified: of a picture our copy (`small`: a thumbnail), else a download.

    The original of a picture, which tells place and device, is no part of a chat.
    """
    try:
        copy = thumbnail(file.file) if small else viewing_copy(file.file)
    except FileUnavailable as fault:
        return unavailable(fault)
    return serve_file(file.file) if copy is None else serve_file(copy, inline=True)

"""What a signer draws or types, checked before it counts."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from agreements.terms import thinned_path
from complaints.errors import CaseError
from documents.text import clean_text

_PATH = re.compile(r"(M[0-9.]+ [0-9.]+(L[0-9.]+ [0-9.]+)*)+")
_LEAST_POINTS = 4
_DOTS = re.compile(r"[.•‧・∙⋅․]")


def consumer_mark(name: str, *, typed_name: str, path: str) -> dict[str, str]:
    """Return what was drawn or typed by somebody of this name, checked. Raises CaseError."""
    if path:
        return {"path": checked_path(path)}
    wanted, given = _squeezed(name), _squeezed(typed_name)
    if not given:
        raise CaseError(_("请手写签名，或者输入你的姓名。"), field="typed_name")
    if given != wanted:
        raise CaseError(_("请输入和协议上一样的姓名。"), field="typed_name")
    return {"name": typed_name.strip()}


def checked_path(path: str) -> str:
    """Return the path data of a drawn signature, short enough to print. Raises CaseError."""
    path = thinned_path(path.strip())
    if not _PATH.fullmatch(path) or path.count("L") < _LEAST_POINTS:
        raise CaseError(_("请在框内写下你的签名。"), field="signature")
    return path


def _squeezed(name: str) -> str:
    """Return a name as it is compared: without spaces and unseen marks, with one kind of dot."""
    plain = unicodedata.normalize("NFKC", clean_text(name))
    return re.sub(r"\s+", "", _DOTS.sub("·", plain)).casefold()

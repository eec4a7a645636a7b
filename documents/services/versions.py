"""Which version of a printed template is installed: the hash of all that it is made of."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from django.template import Engine

from documents.registry import TEMPLATES

_INCLUDE = re.compile(r"""{%\s*include\s+["']([^"']+)["']""")


@lru_cache(maxsize=64)
def template_version(name: str, language: str) -> str:
    """Return the SHA-256 of a template and of everything that it includes, in reading order."""
    digest = hashlib.sha256()
    seen: set[str] = set()
    waiting = [TEMPLATES[name].paths[language]]
    while waiting:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        source = str(Engine.get_default().get_template(path).source)
        digest.update(f"{path}\n{source}\n".encode())
        waiting += _INCLUDE.findall(source)
    return digest.hexdigest()

"""Cases that came from another system."""

from __future__ import annotations

import itertools
from typing import Any

from complaints.importing.meanings import SourceComplaint
from complaints.models import Case
from complaints.services.importing import import_batch
from tests.factories import complaint

_numbers = itertools.count(1)


def source_complaint(**fields: Any) -> SourceComplaint:
    """A complaint as another system might have it; override what the test is about."""
    number = str(next(_numbers))
    values: dict[str, Any] = {
        "external_ref": number,
        "title": "Kettle",
        "description": complaint().description,
        "received_at": None,
        "digest": f"digest-{number}",
    }
    return SourceComplaint(**{**values, **fields})


def imported_case(*, source: str = "cfpb", **fields: Any) -> Case:
    """A case taken over from another system."""
    taken = source_complaint(**fields)
    import_batch([taken], source=source)
    return Case.objects.get(source_system=source, external_ref=taken.external_ref)

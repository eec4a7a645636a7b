"""The marks by which claims are linked: kept as keyed digests, so that none can be read back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from compensation.models import MarkKind, ScreeningMark, ScreeningResult
from complaints import sealing
from complaints.likeness import bands, likeness, shingles
from complaints.models import Case, Evidence, TextMark
from complaints.selectors.lookalikes import near_files

TEMPLATE = 0.9
MOST_ALIKE = 60
_NOT_SAID = re.compile(r"[\W_]+")


def note_mark(case: Case, kind: str, value: str) -> bool:
    """Remember that a case bears a mark, and have it screened again; say whether it was new.

    `kind` is a MarkKind; the value is kept as a digest. An empty value is no mark.
    """
    plain = _plain(value)
    if not plain:
        return False
    return _keep(case, [(kind, sealing.blind_index(kind, plain))])


def _keep(case: Case, marks: Iterable[tuple[str, str]]) -> bool:
    held = set(ScreeningMark.objects.filter(case=case).values_list("kind", "digest"))
    new = [mark for mark in dict.fromkeys(marks) if mark not in held]
    ScreeningMark.objects.bulk_create(
        [ScreeningMark(case=case, kind=kind, digest=digest) for kind, digest in new],
        ignore_conflicts=True,
    )
    if new:
        ScreeningResult.objects.filter(case=case, is_current=True).update(is_stale=True)
    return bool(new)


def refresh_marks(case: Case) -> None:
    """Write down the marks that a case's own data hold: telephone, device, address, pictures,
    text.
    """
    consumer = case.consumer
    marks = [
        (MarkKind.PHONE, consumer.phone_index),
        (MarkKind.DEVICE, case.device_index),
        (MarkKind.ADDRESS, sealing.blind_index("address", _plain(consumer.address))),
        *((MarkKind.PICTURE, digest) for digest in _pictures(case)),
        (MarkKind.TEXT, _text(case)),
    ]
    _keep(case, [(str(kind), digest) for kind, digest in marks if digest])


def _plain(value: str) -> str:
    """Return a text without width, case, spaces and punctuation, as people write one address."""
    return _NOT_SAID.sub("", unicodedata.normalize("NFKC", value).casefold())


def _pictures(case: Case) -> list[str]:
    """Return a digest for each of the consumer's files; pictures that look alike have the first's.

    A file is named by the oldest piece of evidence that is the same or looks the same.
    """
    found = []
    own = Evidence.objects.filter(case=case, uploaded_by=None).select_related("file")
    for evidence in own.order_by("pk"):
        files = [evidence.file_id, *near_files(evidence)]
        first = (
            Evidence.objects.filter(file__in=files, case__isnull=False)
            .order_by("pk")
            .values_list("file__sha256", flat=True)
            .first()
        )
        found.append(first or evidence.file.sha256)
    return found


def _text(case: Case) -> str:
    """Return a digest that texts nearly the same share: that of the oldest of them; "" alone."""
    marks = bands(case.description)
    if not marks:
        return ""
    mine = shingles(case.description)
    rows = TextMark.objects.filter(bands__overlap=marks).exclude(case=case).select_related("case")
    alike = [
        row.case_id
        for row in rows.order_by("-case_id")[:MOST_ALIKE]
        if likeness(mine, shingles(row.case.description)) > TEMPLATE
    ]
    if not alike:
        return ""
    digest = sealing.blind_index("text", str(min(*alike, case.pk)))
    held = ScreeningMark.objects.filter(case__in=alike, kind=MarkKind.TEXT).order_by("pk").first()
    digest = held.digest if held is not None else digest
    for row in Case.objects.filter(pk__in=alike):
        _keep(row, [(str(MarkKind.TEXT), digest)])
    return digest

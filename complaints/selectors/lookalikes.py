"""The same picture in other cases: byte for byte by its hash, or alike by its mark."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import Evidence, PictureMark
from complaints.picture_marks import BITS, MOST, alike
from complaints.selectors.facts import has_picture

MOST_SHOWN = 20
MOST_CANDIDATES = 500
NEAR = """
SELECT near.file_id, near.distance
  FROM (SELECT m.file_id,
               bit_count((m.rows # %(rows)s)::bit(64))
               + bit_count((m.columns # %(columns)s)::bit(64)) AS distance
          FROM complaints_picturemark m
         WHERE m.bands && %(bands)s::integer[] AND m.file_id <> %(file)s) AS near
 WHERE near.distance <= %(most)s
 ORDER BY near.distance
 LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Lookalike:
    """A file of another case, and in how many of 128 bits the marks differ; None: same bytes."""

    evidence: Evidence
    distance: int | None

    @property
    def is_same_file(self) -> bool:
        """Tell whether it is the same file, byte for byte."""
        return self.distance is None

    @property
    def has_picture(self) -> bool:
        """Tell whether there is a small picture of it."""
        return has_picture(self.evidence)

    @property
    def percent(self) -> int:
        """How alike the pictures are."""
        return 100 if self.distance is None else alike(self.distance)

    @property
    def bits(self) -> str:
        """The distance as people read it: 3/128."""
        return f"{self.distance or 0}/{BITS}"


def lookalikes(evidence: Evidence, actor: Actor) -> list[Lookalike]:
    """Return the same picture in other cases that the person may see, the most alike first."""
    distances = _near(evidence)
    same = _elsewhere(evidence, actor).filter(file__sha256=evidence.file.sha256)
    found = [Lookalike(each, None) for each in same[:MOST_SHOWN]]
    known = {each.evidence.pk for each in found}
    if distances:
        alike_files = _elsewhere(evidence, actor).filter(file__in=list(distances))
        found += [
            Lookalike(each, distances[each.file_id])
            for each in alike_files[:MOST_CANDIDATES]
            if each.pk not in known
        ]
    found.sort(key=lambda each: (each.distance is not None, each.distance or 0, -each.evidence.pk))
    return found[:MOST_SHOWN]


def near_files(evidence: Evidence) -> list[UUID]:
    """Return the ids of files that look like a piece of evidence, in whatever case."""
    return list(_near(evidence))


def _elsewhere(evidence: Evidence, actor: Actor) -> QuerySet[Evidence]:
    others = Evidence.objects.filter(case__in=visible_cases(actor)).exclude(case=evidence.case_id)
    return others.select_related("file", "case").order_by("-id")


def _near(evidence: Evidence) -> dict[UUID, int]:
    """Return the distance of each file whose mark is near, by the index on the marks' bands."""
    mark = PictureMark.objects.filter(file=evidence.file_id).first()
    if mark is None or mark.rows is None:
        return {}
    asked = {
        "rows": mark.rows,
        "columns": mark.columns,
        "bands": mark.bands,
        "file": evidence.file_id,
        "most": MOST,
        "limit": MOST_CANDIDATES,
    }
    with connection.cursor() as cursor:
        cursor.execute(NEAR, asked)
        return dict(cursor.fetchall())

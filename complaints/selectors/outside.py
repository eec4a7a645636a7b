"""The outside bodies of a case: the first stands in the case, the others in rows of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import JSONObject

from complaints.models import Case, Clock, OutsideFiling

POLICY = "external_deadline"
FIRST = 0


@dataclass(frozen=True)
class Body:
    """A body and its number; `number` names it in the case (0: the first)."""

    number: int
    name: str
    reference: str

    @property
    def subject(self) -> str:
        """The subject of the clock of its deadline."""
        return POLICY if self.number == FIRST else f"{POLICY}:{self.number}"

    def __str__(self) -> str:
        return f"{self.name} {self.reference}"


def bodies_here(case: Case) -> ArraySubquery:
    """Return an expression for the further bodies; `as_bodies` reads what it gives."""
    rows = OutsideFiling.objects.filter(case=case).order_by("pk")
    return ArraySubquery(rows.values(json=JSONObject(pk="pk", name="name", reference="reference")))


def as_bodies(case: Case, found: Iterable[Mapping[str, Any]] | None) -> list[Body]:
    """Return all bodies of a case, of which `bodies_here` found the further ones."""
    first = []
    if case.external_ref:
        first = [Body(FIRST, case.external_body or case.source_system, case.external_ref)]
    further = [Body(row["pk"], row["name"], row["reference"]) for row in found or ()]
    return first + further


def bodies_of(case: Case) -> list[Body]:
    """Return the bodies that handed a case on, in the order in which they did."""
    rows = OutsideFiling.objects.filter(case=case).order_by("pk")
    return as_bodies(case, rows.values("pk", "name", "reference"))


def deadlines_of(clocks: Iterable[Clock]) -> dict[str, datetime | None]:
    """Return the running deadlines of bodies among clocks, by the subject of the clock."""
    return {clock.subject: clock.due_at for clock in clocks if is_bodys(clock)}


def is_bodys(clock: Clock) -> bool:
    """Say whether a clock is that of a body's deadline."""
    return clock.subject.partition(":")[0] == POLICY


def case_with_number(source: str, reference: str) -> Case | None:
    """Return the case that carries a body's number, as its first or a further one."""
    found = Case.objects.filter(source_system=source, external_ref=reference).first()
    if found is not None:
        return found
    filing = OutsideFiling.objects.filter(source=source, reference=reference)
    held = filing.select_related("case").first()
    return held.case if held else None

"""The edges of the Case's machine, as rows that the database checks each step against."""

from __future__ import annotations

from django.db import models

from complaints.models.case import Case, stage_of_origin
from complaints.states import RETURNING_STAGES, Stage


class StageEdge(models.Model):
    """One permitted change of stage. Filled by migrations from the transitions on Case."""

    class Kind(models.TextChoices):
        ONWARD = "onward"
        ASIDE = "aside"
        BACK = "back"

    verb = models.CharField(max_length=40)
    source = models.CharField(max_length=24, choices=Stage.choices)
    target = models.CharField(max_length=24, choices=Stage.choices)
    kind = models.CharField(max_length=6, choices=Kind.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["verb", "source", "target"], name="complaints_one_edge")
        ]

    def __str__(self) -> str:
        return f"{self.source} -{self.verb}-> {self.target}"


def declared_edges() -> set[tuple[str, str, str, str]]:
    """Return (verb, source, target, kind) for every transition that Case declares.

    A step ASIDE remembers the stage it leaves, a step BACK returns to it, a step ONWARD forgets.
    """
    edges = set()
    for step in Case(stage=Stage.RECEIVED).get_all_stage_transitions():
        states = getattr(step.target, "allowed_states", None) or [step.target]
        goes_back = getattr(step.target, "func", None) is stage_of_origin
        for target in states:
            edges.update(_edges_to(step.name, str(step.source), str(target), goes_back))
    return edges


def _edges_to(
    verb: str, source: str, target: str, goes_back: bool
) -> set[tuple[str, str, str, str]]:
    kind = StageEdge.Kind
    if verb == "reopen":
        back = source == Stage.WITHDRAWN
        target_of = {Stage.DECLINED: Stage.RECEIVED, Stage.CLOSED: Stage.INVESTIGATING}
        if not back and target != target_of[Stage(source)]:
            return set()
        return {(verb, source, target, str(kind.BACK if back else kind.ONWARD))}
    if goes_back:
        return {(verb, source, target, str(kind.BACK))}
    aside = target in RETURNING_STAGES
    return {(verb, source, target, str(kind.ASIDE if aside else kind.ONWARD))}

"""What siblings tell about a key: how often such keys are complained of, and how unevenly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

FEWEST_SIBLINGS = 5
BLOCK = 28
"""Days after which what siblings tell is reckoned anew."""
_LEAST_SHAPE, _MOST_SHAPE = 0.2, 5.0
_USUAL_UNEVENNESS, _USUAL_WEIGHT, _MOST_UNEVENNESS = 0.02, 20.0, 0.3
_FADING = 0.97


@dataclass(frozen=True, slots=True)
class Prior:
    """A gamma distribution of rates among siblings: shape, and rate per unit of time or sales."""

    shape: float
    rate: float

    @property
    def mean(self) -> float:
        """The siblings' mean rate."""
        return self.shape / self.rate if self.rate else 0.0


UNKNOWN = Prior(0.5, 0.0)
"""Nothing is known beforehand (Jeffreys); only a past of one's own tells."""


def prior_of(pasts: Iterable[tuple[int, float]]) -> Prior:
    """Return what counts and measures of many keys say of one more, by the method of moments."""
    known = [(count, measure) for count, measure in pasts if measure > 0]
    total = sum(count for count, _ in known)
    whole = sum(measure for _, measure in known)
    if len(known) < FEWEST_SIBLINGS or not total or not whole:
        return UNKNOWN
    mean = total / whole
    spread = sum((count - mean * measure) ** 2 - mean * measure for count, measure in known)
    square = mean * mean * sum(measure * measure for _, measure in known)
    shape = min(_MOST_SHAPE, max(_LEAST_SHAPE, square / spread if spread > 0 else _MOST_SHAPE))
    return Prior(shape, shape / mean)


class Unevenness:
    """How much more counts of a month vary than chance alone would make them, over all keys.

    A count far above its mean is a surge, no unevenness, and is taken as three deviations.
    """

    def __init__(self) -> None:
        self._excess = _USUAL_UNEVENNESS * _USUAL_WEIGHT
        self._weight = _USUAL_WEIGHT
        self._doubt = 0.0

    @property
    def value(self) -> float:
        """The variance that is surely beyond chance, as a part of the squared mean."""
        sure = self._excess - 2 * sqrt(self._doubt)
        return min(_MOST_UNEVENNESS, max(0.0, sure / self._weight))

    def add(self, count: int, mean: float, sureness: float, clumped: float = 0.0) -> None:
        """Take one month of one key into account; `sureness` is the size of its mean's gamma,
        `clumped` how much more than its mean a count varies because complaints come in clumps.
        """
        variance = (1 + clumped) * mean + mean * mean / sureness
        usual = min(float(count), mean + 3 * sqrt(variance))
        self._excess += (usual - mean) ** 2 - variance
        self._weight += mean * mean
        self._doubt += 2 * variance * variance + variance

    def fade(self) -> None:
        """Let what is long ago count less."""
        usual = _USUAL_UNEVENNESS * _USUAL_WEIGHT
        self._excess = usual + (self._excess - usual) * _FADING
        self._weight = _USUAL_WEIGHT + (self._weight - _USUAL_WEIGHT) * _FADING
        self._doubt *= _FADING

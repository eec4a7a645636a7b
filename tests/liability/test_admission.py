"""What a finding admits, as an agreement would repeat it."""

import pytest

from liability.models import LiabilityFinding
from liability.states import Outcome


@pytest.mark.parametrize(
    ("outcome", "owes_a_plan", "admits"),
    [
        (Outcome.LIABLE, True, True),
        (Outcome.PARTLY, True, True),
        (Outcome.UNDETERMINED, True, False),
        (Outcome.NOT_LIABLE, False, False),
    ],
)
def test_help_given_in_doubt_admits_nothing(outcome, owes_a_plan, admits):
    finding = LiabilityFinding(outcome=outcome)
    assert (finding.calls_for_redress, finding.admits_liability) == (owes_a_plan, admits)

"""What would our clocks have said? A company's own event log, replayed by the clocks' arithmetic.

A log is a CSV file with a line for each event of a case. A policy says which columns to read, which
events start, stop, pause and resume a clock, and what its budget and calendar are. Nothing here
knows the database: the same functions that date the promises of real cases date those of the log.
"""

from complaints.backtest.policy import Policy, read_policy
from complaints.backtest.refusals import LogRefused, PolicyRefused
from complaints.backtest.reports import Report, replay_log

__all__ = ["LogRefused", "Policy", "PolicyRefused", "Report", "read_policy", "replay_log"]

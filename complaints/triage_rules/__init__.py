"""Rules that propose how urgent and how serious a complaint is, and say why. No database, no web.

>>> propose("热水壶漏电，孩子被烫伤了").urgency
'emergency'
"""

from complaints.triage_rules.proposing import Facts, Finding, Proposal, propose
from complaints.triage_rules.reasons import REASONS

__all__ = ["REASONS", "Facts", "Finding", "Proposal", "propose"]

"""The whole table for English."""

from complaints.triage_rules.english_accidents import MISHAPS
from complaints.triage_rules.english_body import BODILY_HARM
from complaints.triage_rules.english_circumstances import CIRCUMSTANCES
from complaints.triage_rules.english_things import DANGEROUS_THINGS

ENGLISH = (*BODILY_HARM, *DANGEROUS_THINGS, *MISHAPS, *CIRCUMSTANCES)

"""The whole table for Chinese."""

from complaints.triage_rules.chinese_body import BODILY_HARM
from complaints.triage_rules.chinese_circumstances import CIRCUMSTANCES
from complaints.triage_rules.chinese_things import DANGEROUS_THINGS

CHINESE = (*BODILY_HARM, *DANGEROUS_THINGS, *CIRCUMSTANCES)

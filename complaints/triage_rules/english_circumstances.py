"""What makes an English complaint weigh more: people who need care, outsiders, loss.

Patterns meet the plain form of a text (see reading.py), in lower case. Supposition ("could catch
fire"), negation ("no injuries") and hearsay are taken care of by doubts.py for every rule.
"""

from __future__ import annotations

from complaints.triage_rules.english_words import CHILD
from complaints.triage_rules.rules import Rule

PERSONS = (
    Rule("en.child", "child", CHILD, unless=r"child(?:proof|[- ]?safety)? locks?", as_written=True),
    Rule(
        "en.elderly",
        "elderly",
        r"\b(?:elderly|senior citizens?|grand(?:mother|father|ma|pa)|(?:7|8"
        r"|9)\d[- ]year[- ]old|nursing home|in (?:my|his|her) (?:70|80|90)'?s)\b",
        as_written=True,
    ),
    Rule(
        "en.pregnant", "pregnant", r"\b(?:pregnant|pregnancy|expecting a baby)\b", as_written=True
    ),
    Rule(
        "en.disabled",
        "disabled",
        r"\b(?:disabled (?:veteran|person|son|daughter|man|woman|vet)|wheel ?chair"
        r"|handicapped|diabetic|oxygen tank|pacemaker|cancer patient|blind (?:person|man"
        r"|woman))\b",
        as_written=True,
    ),
)

OUTSIDE = (
    Rule(
        "en.regulator",
        "regulator",
        r"\b(?:cpsc|fda|ftc|consumer product safety commission"
        r"|food and drug administration|attorney general|trading standards"
        r"|health department|fire marshal|ombudsman|ministry of \w+"
        r"|better business bureau|product safety office)\b",
        unless=r"fda[- ]approved|approved by the fda",
    ),
    Rule(
        "en.media",
        "media",
        r"\b(?:contact(?:ed|ing)?|call(?:ed|ing)?|told|tell(?:ing)?|go(?:ing)? to"
        r"|reach(?:ed|ing)? out to|went to|notified|email(?:ed)?|spoke (?:to"
        r"|with)) (?:the |a |my |our )?(?:local )?(?:news(?:paper| station| channel"
        r"| outlets?)?|media|tv station|reporters?|journalists?|press|channel \d+"
        r"|television)\b",
        unless=r"social media team",
    ),
)

FAULT = (
    Rule(
        "en.fault",
        "fault",
        r"\b(?:broke(?:n)?|does(?:n't| not) work|did(?:n't| not) work|stopped working"
        r"|not working|fail(?:s|ed|ure)?|defective|malfunction\w*|inoperable"
        r"|won't (?:turn on|start|open|close)|leak(?:s|ed|ing)?|dead)\b",
        as_written=True,
    ),
    Rule(
        "en.loss",
        "loss",
        r"\b(?:refus(?:ed|es|ing) (?:to )?(?:a )?refund|no refund|overcharg\w*"
        r"|unauthorized charge|stole|scam\w*|lost (?:my )?money|charged (?:me )?twice"
        r"|fraud\w*)\b",
        as_written=True,
    ),
)

CIRCUMSTANCES: tuple[Rule, ...] = (*PERSONS, *OUTSIDE, *FAULT)

"""The legal rules: facts go in, an entitlement sheet comes out. No database, no web.

`evaluate(kind, facts, ...)` is the one door. Facts are checked before anything is computed: an
unknown, ill-typed or absurd fact raises `FactError`, which names it. Rules are dated versions of
cited data (`library`), chosen by the dates in the facts; what a person has to find (fraud,
knowledge, a factor) is a fact, never inferred. docs/legal-rules.md tells the conventions.
"""

from compensation.rules.book import RuleBook, RuleVersion
from compensation.rules.engine import KINDS, evaluate
from compensation.rules.facts import FactError
from compensation.rules.library import SHIPPED
from compensation.rules.sheets import Line, Sheet

__all__ = [
    "KINDS",
    "SHIPPED",
    "FactError",
    "Line",
    "RuleBook",
    "RuleVersion",
    "Sheet",
    "evaluate",
]

"""Forms of the compensation app."""

from compensation.forms.answers import ChoiceForm, CounterForm, DecisionForm, SendForm
from compensation.forms.plan import PlanForm
from compensation.forms.sheet import SheetForm

__all__ = ["ChoiceForm", "CounterForm", "DecisionForm", "PlanForm", "SendForm", "SheetForm"]

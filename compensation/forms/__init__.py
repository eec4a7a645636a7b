"""Forms of the compensation app."""

from compensation.forms.answers import ChoiceForm, CounterForm, DecisionForm, SendForm
from compensation.forms.plan import PlanForm

__all__ = ["ChoiceForm", "CounterForm", "DecisionForm", "PlanForm", "SendForm"]

"""Forms of the liability app."""

from liability.forms.finding import FindingForm
from liability.forms.investigation import NoteForm, RoundForm, SettleForm, StatementForm

__all__ = ["FindingForm", "NoteForm", "RoundForm", "SettleForm", "StatementForm"]

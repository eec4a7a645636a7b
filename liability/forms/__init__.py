"""Forms of the liability app."""

from liability.forms.approval import ApprovalForm
from liability.forms.finding import FindingForm
from liability.forms.investigation import NoteForm, RoundForm, SettleForm, StatementForm

__all__ = [
    "ApprovalForm",
    "FindingForm",
    "NoteForm",
    "RoundForm",
    "SettleForm",
    "StatementForm",
]

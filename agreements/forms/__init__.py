"""Forms of the agreements app: they check shape; rules are the services' to say."""

from agreements.forms.consumer import ArrivalForm, RefusalForm, SignForm
from agreements.forms.desk import (
    BreachForm,
    CompanySignForm,
    DraftForm,
    FollowUpForm,
    OfferForm,
    PaperForm,
    PerformForm,
    RemedyForm,
    TryForm,
)
from agreements.forms.finance import PaymentForm, ReturnForm

__all__ = [
    "ArrivalForm",
    "BreachForm",
    "CompanySignForm",
    "DraftForm",
    "FollowUpForm",
    "OfferForm",
    "PaperForm",
    "PaymentForm",
    "PerformForm",
    "RefusalForm",
    "RemedyForm",
    "ReturnForm",
    "SignForm",
    "TryForm",
]

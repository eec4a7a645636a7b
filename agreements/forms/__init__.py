"""Forms of the agreements app: they check shape; rules are the services' to say."""

from agreements.forms.consumer import ArrivalForm, RefusalForm, SignForm
from agreements.forms.desk import (
    BreachForm,
    DraftForm,
    FollowUpForm,
    OfferForm,
    PerformForm,
    RemedyForm,
    TryForm,
)
from agreements.forms.finance import PaymentForm, ReturnForm
from agreements.forms.signing import (
    CheckForm,
    CompanySignForm,
    PaperCopyForm,
    PaperForm,
    RepresentativeForm,
)

__all__ = [
    "ArrivalForm",
    "BreachForm",
    "CheckForm",
    "CompanySignForm",
    "DraftForm",
    "FollowUpForm",
    "OfferForm",
    "PaperCopyForm",
    "PaperForm",
    "PaymentForm",
    "PerformForm",
    "RefusalForm",
    "RemedyForm",
    "RepresentativeForm",
    "ReturnForm",
    "SignForm",
    "TryForm",
]

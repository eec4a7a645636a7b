"""What a complaint that comes a second time says otherwise than its case, line by line."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from complaints.models import Case, Consumer
from complaints.normalising import normalised_email, normalised_phone
from complaints.services.intake import ComplaintData
from complaints.states import Remedy

_FACTS = (
    "title",
    "wished_remedy",
    "wished_detail",
    "wished_amount",
    "occurred_on",
    "product_text",
    "serial_number",
    "order_number",
    "purchased_on",
    "amount_paid",
    "region",
)
_AMOUNTS = {"wished_amount", "amount_paid"}


def said_anew(case: Case, data: ComplaintData) -> list[str]:
    """Return the contacts, facts and words of `data` that are not in the case, in lines."""
    lines = [*_contacts(case, data), *_facts(case, data)]
    if data.needs_care and not case.consumer.needs_care:
        lines.append(_label(Consumer, "needs_care"))
    if data.danger:
        lines.append(_label(Case, "danger_reported"))
    if data.description.strip() != case.description.strip():
        lines.append(data.description)
    return lines


def _contacts(case: Case, data: ComplaintData) -> list[str]:
    known, given = case.consumer.contact, data.contact
    said = {
        "name": (_("姓名"), given.name.strip()),
        "phone": (_("手机"), normalised_phone(given.phone) or given.phone.strip()),
        "email": (_("邮箱"), normalised_email(given.email)),
        "address": (_("地址"), given.address.strip()),
    }
    return [
        _line(label, value)
        for name, (label, value) in said.items()
        if value and value != known.get(name)
    ]


def _facts(case: Case, data: ComplaintData) -> list[str]:
    lines = []
    for name in _FACTS:
        value: Any = getattr(data, name)
        if value in (None, "") or (value, _currency(name, data)) == (
            getattr(case, name),
            _currency(name, case),
        ):
            continue
        shown = Remedy(value).label if name == "wished_remedy" else value
        lines.append(_line(_label(Case, name), f"{shown} {_currency(name, data)}".strip()))
    return lines


def _currency(name: str, said: Case | ComplaintData) -> str:
    return said.currency if name in _AMOUNTS else ""


def _line(label: str, value: str) -> str:
    return _("%(label)s：%(words)s") % {"label": label, "words": value}


def _label(model: type[Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    return str(field.verbose_name)

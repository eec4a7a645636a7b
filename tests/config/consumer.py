"""A browser that was let in to a case."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client, RequestFactory

from complaints.access import let_in
from complaints.models import Case


def browser_of(case: Case) -> Client:
    """Return a client whose browser may see `case`."""
    client, response = Client(), HttpResponse()
    let_in(RequestFactory().get("/"), response, case)
    client.cookies["redress_cases"] = response.cookies["redress_cases"].value
    return client

"""Ways in for tests of pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.test import Client

from accounts.states import Role
from complaints.access import let_in
from complaints.models import Case
from tests.factories import make_user


def staff_client(*roles: Role) -> Client:
    """A browser in which a new member of staff is logged in."""
    client = Client()
    client.force_login(make_user(*roles))
    return client


def consumer_client(case: Case) -> Client:
    """A browser that was let in to a case."""
    response, client = HttpResponse(), Client()
    let_in(HttpRequest(), response, case)
    for name, morsel in response.cookies.items():
        client.cookies[name] = morsel.value
    return client

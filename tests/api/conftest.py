"""Clients of the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import issue_token
from accounts.states import Role
from tests.factories import make_user

Login = Callable[..., APIClient]


@pytest.fixture
def anybody() -> APIClient:
    """A client that is nobody."""
    return APIClient(raise_request_exception=True)


@pytest.fixture
def login() -> Login:
    """Makes a client with the token of a member of staff, kept as `client.user`."""

    def make(*roles: str, user: User | None = None) -> APIClient:
        client = APIClient()
        client.user = user or make_user(*(Role(role) for role in roles))
        token = issue_token(client.user, label="test")
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client

    return make

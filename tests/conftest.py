"""Set-up that every test shares."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.database import reference_rows, replace_flush
from tests.network import block_network

block_network()
replace_flush()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Remember what migrations filled, before the first test can change it."""
    with django_db_blocker.unblock():
        reference_rows.remember()
    yield

"""Set-up that every test shares."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from complaints.moments import reset_shift
from complaints.selectors.policies import forget_policies
from tests.database import end_other_sessions, reference_rows, replace_flush
from tests.migrated import migrated_database
from tests.network import block_network

pytest_plugins = ["tests.browser"]
block_network()
replace_flush()
# No timing decides a test: a busy machine draws and runs examples slowly.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Make test databases as copies of one that is migrated already."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated_database()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Remember what migrations filled, before the first test can change it."""
    with django_db_blocker.unblock():
        reference_rows.remember()
    yield
    with django_db_blocker.unblock():
        end_other_sessions()


@pytest.fixture(autouse=True)
def true_time_and_fresh_policies() -> Iterator[None]:
    """Undo what a test leaves in the process: a shifted clock, a language, policies, the cache."""
    yield
    translation.deactivate()
    reset_shift()
    forget_policies()
    cache.clear()

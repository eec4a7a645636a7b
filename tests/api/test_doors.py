"""What the API's doors do when something behind them is away."""

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as Unreachable

from complaints.models import Case

pytestmark = pytest.mark.django_db


def test_complaints_come_in_while_the_counters_are_away(anybody, monkeypatch):
    def away(*_args, **_kwargs):
        raise Unreachable

    monkeypatch.setattr(type(cache._connections["default"]), "get", away)
    body = {"description": "冒烟", "contact": {"name": "周小华", "phone": "13812345678"}}

    answer = anybody.post("/api/v1/complaints/", body, format="json")

    assert answer.status_code == 201
    assert Case.objects.filter(reference=answer.json()["reference"]).exists()

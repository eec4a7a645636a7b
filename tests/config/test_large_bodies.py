"""Bodies larger than anything that is taken are refused by their length, before they are read."""

import io

import pytest
from django.test import RequestFactory

from config.middleware import MOST_BODY, RefusesLargeBodies


class Unread(io.BytesIO):
    """A body that must not be touched."""

    def read(self, *_asked: int) -> bytes:
        raise AssertionError("the body was read")


def answer_to(length: str) -> int:
    request = RequestFactory().post("/complain/files/")
    request.META |= {"CONTENT_LENGTH": length, "wsgi.input": Unread()}

    def taken(_request: object) -> None:
        raise LookupError

    try:
        return RefusesLargeBodies(taken)(request).status_code
    except LookupError:
        return 200


@pytest.mark.parametrize("length", [str(MOST_BODY + 1), "9" * 5_000, "-1", "many"])
def test_refused_by_length(length: str) -> None:
    assert answer_to(length) == 413


@pytest.mark.parametrize("length", ["", "0", str(MOST_BODY)])
def test_taken(length: str) -> None:
    assert answer_to(length) == 200

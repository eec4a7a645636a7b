"""Who comes in, how often, and how much they may bring."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _
from redis.exceptions import RedisError
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import APIException, AuthenticationFailed, ParseError
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import ScopedRateThrottle

from accounts.access import user_of_token
from accounts.models import User
from accounts.services import token_digest
from complaints.numbers import whole_number

if TYPE_CHECKING:
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer rdt_…`: a program that acts as a member of staff."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        keyword, _separator, token = get_authorization_header(request).partition(b" ")
        if keyword.lower() != b"bearer":
            return None
        user = user_of_token(token_digest(token.decode("latin-1").strip()))
        if user is None:
            raise AuthenticationFailed(_("令牌无法识别，或者已经停用。"))
        return user, "token"

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


class IsStaff(BasePermission):
    """Lets in active members of staff."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.user, User) and request.user.is_active


class Throttle(ScopedRateThrottle):
    """So many requests an hour for each person, or each address where nobody is logged in.

    While the store of the counters is away everybody passes: no complaint is refused for it.
    """

    def allow_request(self, request: Request, view: APIView) -> bool:
        try:
            return super().allow_request(request, view)
        except RedisError as error:
            logger.warning("requests_not_counted", extra={"error": type(error).__name__})
            return True


class TooLarge(APIException):
    """The request's body is larger than any complaint."""

    status_code = 413
    default_code = "too_large"


class BoundedJSONParser(JSONParser):
    """JSON of a bounded length and depth; anything else is a clear 400 or 413."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        request = (parser_context or {})["request"]
        length = whole_number(request.META.get("CONTENT_LENGTH") or "0")
        if length is None or length > settings.API_MAX_BYTES:
            raise TooLarge(_("内容太大了。"))
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("JSON 嵌套太深。")) from error
